import { textIn, type WechatFields } from '../../bot/wechat/fields.ts';
import { parseXml, XmlFault } from '../../bot/wechat/xml.ts';
import { type Kind, kindOf } from './kinds.ts';
import { missing, type Push, unreadable, wrong } from './push.ts';
import { digestOf } from './push-key.ts';
import { isName, longestName } from './schema.ts';

const dayMs = 86_400_000;

/**
 * Reads the XML that the document's section 2.2 pushes: a message as WeChat would. CreateTime may be
 * anything.
 * @param now epoch ms
 * @throws AppError field_missing, field_value
 */
export function readXmlPush(text: string, now: number): Push {
  const fields = fieldsIn(text);
  const to = nameIn(fields, 'ToUserName');
  if (to === undefined) throw missing('ToUserName');
  const from = nameIn(fields, 'FromUserName');
  const said = saidIn(fields);
  const { kind, msg } = said;
  return {
    receivers: [to],
    toMany: false,
    from,
    key: from === undefined ? undefined : keyIn(fields, said, now),
    ...{ kind, msg },
    ...{ name: '', avatar: '', companyId: '' },
  };
}

function fieldsIn(text: string): WechatFields {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlFault) throw unreadable('XML', error.message);
    throw error;
  }
}

function nameIn(fields: WechatFields, field: string): string | undefined {
  const name = textIn(fields, field).trim();
  if (name === '') return undefined;
  if (isName(name)) return name;
  throw wrong(field, {
    zh: `不能超过 ${longestName} 个字符`,
    en: `longer than ${longestName} characters`,
  });
}

function saidIn(fields: WechatFields): { kind: Kind; msg: Record<string, unknown> } {
  const type = textIn(fields, 'MsgType').trim();
  const kind = kindOf(type.toLowerCase());
  if (kind !== undefined) return { kind, msg: readers[kind](fields) };
  if (type === '') throw missing('MsgType');
  // @NOTE the document's test body (section 3) has the MsgType `enim`: it is delivered as text.
  if ('Content' in fields) return { kind: 'text', msg: text(fields) };
  throw wrong('MsgType', {
    zh: '类型未知，且没有可作为文本的 Content',
    en: 'unknown, and there is no Content to deliver as text',
  });
}

/**
 * What makes it the same as one said before: WeChat says again what it got no answer for, to the
 * letter.
 *
 * @NOTE the document's test body (section 3) has one MsgId each time it is posted, and is to come each
 * time. It says a CreateTime that is none, and its other example one of years ago: only what was said
 * lately is taken for WeChat's own.
 */
function keyIn(fields: WechatFields, said: object, now: number): string | undefined {
  const id = textIn(fields, 'MsgId').trim();
  const time = textIn(fields, 'CreateTime').trim();
  if (id === '' || id.length > 64 || !/^\d{1,12}$/.test(time)) return undefined;
  if (Math.abs(now - Number(time) * 1000) > dayMs) return undefined;
  return `MsgId ${id} ${time} ${digestOf(said)}`;
}

type Read = (fields: WechatFields) => Record<string, unknown>;

const text: Read = (fields) => {
  if (!('Content' in fields)) throw missing('Content');
  return { content: textIn(fields, 'Content') };
};

/** A picture has its address; others only what WeChat calls them, unless somebody has stored them. */
const media: Read = (fields) => {
  const path = first(fields, 'MediaPath', 'PicUrl', 'MediaId');
  if (path === '') throw missing('MediaId');
  return {
    media_path: path,
    ...given(fields, { media_id: 'MediaId', format: 'Format', recognition: 'Recognition' }),
    ...given(fields, { thumb_media_id: 'ThumbMediaId' }),
  };
};

const readers = {
  text,
  image: media,
  voice: media,
  video: media,
  shortvideo: media,
  location: (fields) => ({
    latitude: numberIn(fields, 'Location_X'),
    longitude: numberIn(fields, 'Location_Y'),
    scale: 'Scale' in fields ? numberIn(fields, 'Scale') : 0,
    label: textIn(fields, 'Label'),
  }),
  link: (fields) => {
    if (textIn(fields, 'Url') === '') throw missing('Url');
    const names = { title: 'Title', description: 'Description', url: 'Url' };
    return { title: '', description: '', ...given(fields, names) };
  },
  miniprogrampage: (fields) => ({
    ...{ title: '', appid: '', pagepath: '', thumb_url: '' },
    ...given(fields, { title: 'Title', appid: 'AppId', pagepath: 'PagePath' }),
    ...given(fields, { thumb_url: 'ThumbUrl', thumb_media_id: 'ThumbMediaId' }),
  }),
  event: (fields) => {
    const event = textIn(fields, 'Event');
    if (event === '') throw missing('Event');
    const others = Object.entries(fields).filter(([name]) => !head.has(name));
    return { event, ...Object.fromEntries(others) };
  },
} satisfies Record<Kind, Read>;

/** What every message has; the rest of an event is handed on as it came. */
const head = new Set(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'MsgId', 'Event']);

function first(fields: WechatFields, ...names: string[]): string {
  return names.map((name) => textIn(fields, name)).find((value) => value !== '') ?? '';
}

function given(fields: WechatFields, names: Record<string, string>): Record<string, string> {
  const there = Object.entries(names).map(([ours, name]) => [ours, textIn(fields, name)] as const);
  return Object.fromEntries(there.filter(([, value]) => value !== ''));
}

function numberIn(fields: WechatFields, name: string): number {
  const value = textIn(fields, name).trim();
  if (value === '') throw missing(name);
  const number = Number(value);
  if (Number.isFinite(number)) return number;
  throw wrong(name, { zh: '应为数字', en: 'must be a number' });
}
