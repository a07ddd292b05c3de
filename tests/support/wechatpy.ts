import type { Content } from '../../bot/im/content.ts';
import { fieldsIn, listIn, textIn } from '../../bot/wechat/fields.ts';
import type { Push } from '../../bot/wechat/push.ts';
import { choicesOf, outcomesOf } from '../../bot/wechat/push-content.ts';

/** What wechatpy's own tests say of a push, and what we find in it. */
export function assertedOf(
  push: Push,
  content: Content,
  asserts: readonly [string, unknown][],
): { name: string; expected: unknown; found: unknown }[] {
  // One of its tests changes the push half-way; what it says then is of another one.
  const half = asserts.findIndex(([name], at) => asserts.findIndex(([one]) => one === name) < at);
  const own = half === -1 ? asserts : asserts.slice(0, half);
  const product = own.some(([name]) => name === 'standard');
  return own.map(([name, expected]) => {
    const read = product ? ofProduct : attributes[name];
    if (read === undefined) throw new Error(`no attribute is ${name}`);
    return { name, expected, found: read({ push, content, name }) };
  });
}

interface Of {
  push: Push;
  content: Content;
  name: string;
}
type Read = (of: Of) => unknown;

const field =
  (name: string): Read =>
  ({ push }) =>
    textIn(push.fields, name);
const number =
  (name: string): Read =>
  ({ push }) =>
    Number(textIn(push.fields, name));
const inside =
  (holder: string, name: string): Read =>
  ({ push }) =>
    textIn(fieldsIn(push.fields, holder), name);

/** `scanbarcode|keystandard|keystr` */
const ofProduct: Read = ({ push, name }) =>
  textIn(push.fields, 'EventKey').split('|')[['scene', 'standard', 'key'].indexOf(name)];

const attributes: Record<string, Read> = {
  type: ({ content, push }) =>
    content.type === 'event' ? 'event' : content.type === 'unknown' ? push.kind : content.type,
  // wechatpy calls it by another name when a scene led to it.
  event: ({ push, content }) => {
    const event = content.type === 'event' ? content.event.toLowerCase() : '';
    return /^qrscene_/.test(textIn(push.fields, 'EventKey')) ? `${event}_scan` : event;
  },
  key: field('EventKey'),
  url: field('EventKey'),
  scene_id: ({ push }) => textIn(push.fields, 'EventKey').replace(/^qrscene_/, ''),
  ticket: field('Ticket'),
  latitude: number('Latitude'),
  longitude: number('Longitude'),
  precision: number('Precision'),
  success_order_id: field('SuccOrderId'),
  app_id: field('AppId'),
  status: field('Status'),
  card_id: field('CardId'),
  code: field('Code'),
  ...Object.fromEntries(
    ['title', 'tax_no', 'addr', 'phone', 'bank_type', 'bank_no', 'attach', 'title_type'].map(
      (name) => [name, field(name)],
    ),
  ),
  content: ({ push }) => Buffer.from(textIn(push.fields, 'Content'), 'base64').toString(),
  device_type: field('DeviceType'),
  device_id: field('DeviceID'),
  source: ({ push }) => push.openId,
  target: ({ push }) => push.toUser,
  id: number('MsgID'),
  scan_type: inside('ScanCodeInfo', 'ScanType'),
  scan_result: inside('ScanCodeInfo', 'ScanResult'),
  count: ({ push }) => Number(textIn(fieldsIn(push.fields, 'SendPicsInfo'), 'Count')),
  'pictures[0]["PicMd5Sum"]': ({ push }) => {
    const list = fieldsIn(fieldsIn(push.fields, 'SendPicsInfo'), 'PicList');
    return listIn(list, 'item').map((one) => textIn(one, 'PicMd5Sum'))[0];
  },
  scale: inside('SendLocationInfo', 'Scale'),
  label: inside('SendLocationInfo', 'Label'),
  account: field('KfAccount'),
  from_account: field('FromKfAccount'),
  to_account: field('ToKfAccount'),
  'subscribes[0]["TemplateId"]': ({ push }) => choicesOf(push)[0]?.templateId,
  'subscribes[0]["SubscribeStatusString"]': ({ push }) =>
    choicesOf(push)[0]?.accepted === true ? 'accept' : 'reject',
  'subscribes[0]["MsgID"]': ({ push }) => outcomesOf(push)[0]?.msgId,
};
