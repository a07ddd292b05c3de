import type { Content } from '../im/content.ts';
import { listIn, textIn, type WechatFields } from './fields.ts';
import type { TemplateChoice, TemplateOutcome } from './ports.ts';
import type { Push } from './push.ts';

/** What a push says. Kinds that came later than this version are kept as they are. Never throws. */
export function contentOfPush({ kind, fields }: Pick<Push, 'kind' | 'fields'>): Content {
  const text = (name: string): string => textIn(fields, name);
  if (kind.startsWith('event:')) {
    return { type: 'event', event: text('Event'), data: besides(fields, ...common, 'Event') };
  }
  switch (kind) {
    case 'text':
      return { type: 'text', text: text('Content') };
    case 'image':
      return { type: 'image', url: text('PicUrl'), ...mediaId(fields) };
    case 'voice':
      return {
        ...{ type: 'voice', url: '', ...mediaId(fields) },
        ...(text('Format') !== '' && { format: text('Format') }),
        // Only where speech recognition is on.
        ...(text('Recognition') !== '' && { text: text('Recognition') }),
      };
    case 'video':
      return { type: 'video', url: '', ...mediaId(fields) };
    case 'shortvideo':
      return { type: 'video', url: '', format: 'shortvideo', ...mediaId(fields) };
    case 'location':
      return {
        type: 'location',
        latitude: numberOf(text('Location_X')) ?? 0,
        longitude: numberOf(text('Location_Y')) ?? 0,
        label: text('Label'),
        ...scaleOf(text('Scale')),
      };
    case 'link':
      return {
        ...{ type: 'link', title: text('Title') },
        ...{ description: text('Description'), url: text('Url') },
      };
    case 'miniprogrampage':
      return {
        ...{ type: 'miniProgram', title: text('Title'), appid: text('AppId') },
        path: text('PagePath'),
        ...(text('ThumbUrl') !== '' && { thumbUrl: text('ThumbUrl') }),
        ...(text('ThumbMediaId') !== '' && { thumbMediaId: text('ThumbMediaId') }),
      };
    default:
      return { type: 'unknown', kind, data: besides(fields, ...common) };
  }
}

/** The templates of `subscribe_msg_popup_event` and `subscribe_msg_change_event`. */
export function choicesOf({ kind, fields }: Pick<Push, 'kind' | 'fields'>): TemplateChoice[] {
  return templatesOf(kind, fields).map((one) => ({
    templateId: textIn(one, 'TemplateId'),
    accepted: textIn(one, 'SubscribeStatusString').toLowerCase() === 'accept',
  }));
}

/** The templates of `subscribe_msg_sent_event`. */
export function outcomesOf({ kind, fields }: Pick<Push, 'kind' | 'fields'>): TemplateOutcome[] {
  return templatesOf(kind, fields).map((one) => ({
    templateId: textIn(one, 'TemplateId'),
    msgId: textIn(one, 'MsgID') || textIn(one, 'MsgId'),
    errorCode: numberOf(textIn(one, 'ErrorCode')) ?? -1,
    errorStatus: textIn(one, 'ErrorStatus'),
  }));
}

/** @NOTE in XML the list lies in an element of the event's name, in JSON beside everything else. */
export function templatesOf(kind: string, fields: WechatFields): WechatFields[] {
  const holder = wrappers[kind];
  const [wrapped] = holder === undefined ? [] : listIn(fields, holder);
  return listIn(wrapped ?? fields, 'List');
}

const wrappers: Readonly<Record<string, string>> = {
  'event:subscribe_msg_popup_event': 'SubscribeMsgPopupEvent',
  'event:subscribe_msg_change_event': 'SubscribeMsgChangeEvent',
  'event:subscribe_msg_sent_event': 'SubscribeMsgSentEvent',
};

/** In every push: told by other means. */
const common = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'MsgId'];

function besides(fields: WechatFields, ...names: string[]): WechatFields {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

function mediaId(fields: WechatFields): { mediaId?: string } {
  const id = textIn(fields, 'MediaId');
  return id === '' ? {} : { mediaId: id };
}

function numberOf(text: string): number | undefined {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

function scaleOf(text: string): { scale?: number } {
  const scale = numberOf(text);
  return scale === undefined ? {} : { scale };
}
