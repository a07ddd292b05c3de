import type { Content } from '../im/content.ts';
import type { JsonObject } from './answer.ts';
import { textBytes } from './text-parts.ts';
import type { AccountKind } from './windows.ts';

/** A file that WeChat has to hold before the message can be sent. */
export interface MediaNeed {
  kind: 'image' | 'voice' | 'video';
  /** Address of ours or of anybody's; empty: only the id is known. */
  url: string;
  mediaId?: string;
}

/** A message as custom/send wants it; `media` is uploaded first. */
export interface MessagePlan {
  msgtype: string;
  media?: MediaNeed;
  part(mediaId: string): JsonObject;
}

/** What WeChat would say to it, said before it is asked. */
export interface PlanRefusal {
  errcode: number;
  errmsg: string;
}

/** Kinds that go out as they were given. */
const ownKinds: Record<AccountKind, readonly string[]> = {
  miniprogram: [],
  official: ['music', 'news', 'mpnewsarticle', 'msgmenu', 'wxcard'],
};

/**
 * How this kind of account says it; texts have been parted before.
 * @param absolute makes addresses of ours what WeChat and its users can open
 */
export function planMessage(
  kind: AccountKind,
  content: Content,
  absolute: (address: string) => string,
): MessagePlan | PlanRefusal {
  switch (content.type) {
    case 'text':
      return planText(content.text);
    case 'image':
      return planMedia('image', content);
    case 'voice':
    case 'video':
      return kind === 'official' ? planMedia(content.type, content) : notAllowed(content.type);
    case 'link':
      return planLink(kind, content, absolute);
    case 'miniProgram':
      return planCard(content);
    case 'unknown':
      return ownKinds[kind].includes(content.kind)
        ? { msgtype: content.kind, part: () => content.data }
        : notAllowed(content.kind);
    default:
      return notAllowed(content.type);
  }
}

export function isRefusal(plan: MessagePlan | PlanRefusal): plan is PlanRefusal {
  return 'errcode' in plan;
}

/** The body of custom/send. @param ai marked as made by a machine, as WeChat wants it */
export function customBody(
  openId: string,
  plan: MessagePlan,
  mediaId: string,
  ai: boolean,
): JsonObject {
  return {
    touser: openId,
    msgtype: plan.msgtype,
    [plan.msgtype]: plan.part(mediaId),
    ...(ai && { aimsgcontext: { is_ai_msg: 1 } }),
  };
}

function planText(text: string): MessagePlan | PlanRefusal {
  if (text.trim() === '') return { errcode: 44004, errmsg: 'empty content' };
  if (Buffer.byteLength(text) > textBytes) {
    return { errcode: 45002, errmsg: `longer than ${textBytes} bytes` };
  }
  return { msgtype: 'text', part: () => ({ content: text }) };
}

function planMedia(
  kind: MediaNeed['kind'],
  { url, mediaId }: { url: string; mediaId?: string },
): MessagePlan {
  return {
    msgtype: kind,
    media: { kind, url, ...(mediaId !== undefined && { mediaId }) },
    part: (id) => ({ media_id: id }),
  };
}

/** Official accounts have no links: an article of one page is what they look like there. */
function planLink(
  kind: AccountKind,
  content: Extract<Content, { type: 'link' }>,
  absolute: (address: string) => string,
): MessagePlan | PlanRefusal {
  const { title, description, thumbUrl = '' } = content;
  if (title === '' || content.url === '') {
    return { errcode: 47001, errmsg: 'a link needs title and url' };
  }
  const url = absolute(content.url);
  const picture = thumbUrl === '' ? '' : absolute(thumbUrl);
  if (kind === 'official') {
    const article = { title, description, url, ...(picture !== '' && { picurl: picture }) };
    return { msgtype: 'news', part: () => ({ articles: [article] }) };
  }
  return { msgtype: 'link', part: () => ({ title, description, url, thumb_url: picture }) };
}

function planCard(content: Extract<Content, { type: 'miniProgram' }>): MessagePlan | PlanRefusal {
  const { title, appid, path, thumbUrl = '', thumbMediaId } = content;
  if (thumbUrl === '' && thumbMediaId === undefined) {
    return { errcode: 40007, errmsg: 'a mini-program card needs a picture' };
  }
  return {
    msgtype: 'miniprogrampage',
    media: {
      kind: 'image',
      url: thumbUrl,
      ...(thumbMediaId !== undefined && { mediaId: thumbMediaId }),
    },
    part: (id) => ({
      title,
      ...(appid !== '' && { appid }),
      pagepath: path,
      thumb_media_id: id,
    }),
  };
}

function notAllowed(type: string): PlanRefusal {
  return { errcode: 45162, errmsg: `msgtype ${type} is not allowed for this account` };
}
