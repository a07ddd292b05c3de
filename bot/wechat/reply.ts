import type { Clock } from '../clock.ts';
import type { Account } from './account.ts';
import type { Push } from './push.ts';
import { signatureOf } from './signature.ts';
import { buildXml, type XmlFields } from './xml.ts';

export interface Article {
  title: string;
  description?: string;
  picUrl?: string;
  url: string;
}

/** What may be said in the answer to a push. */
export type Reply =
  | { type: 'text'; text: string }
  | { type: 'image' | 'voice'; mediaId: string }
  | { type: 'video'; mediaId: string; title?: string; description?: string }
  | {
      type: 'music';
      thumbMediaId: string;
      title?: string;
      description?: string;
      url?: string;
      hqUrl?: string;
    }
  | { type: 'news'; articles: readonly Article[] }
  /** WeChat's own agents take the user over; `agent`: this one. */
  | { type: 'transfer'; agent?: string };

/** WeChat takes it for done, and shows the user nothing. */
export const acknowledgement = 'success';

/** What of a push its answer needs. */
export type Answered = Pick<Push, 'format' | 'mode' | 'kind' | 'openId' | 'toUser' | 'nonce'>;

/** The answer to a push: `success`, or a reply in the form of the push, encrypted where it was. */
export function passiveReply(
  push: Answered,
  reply: Reply | undefined,
  account: Account,
  clock: Pick<Clock, 'now'>,
): string {
  return sealReply(push, plainReply(push, reply, account, clock), account, clock);
}

/**
 * The answer before it is encrypted. What the account or the kind of the push does not allow is left
 * out: WeChat shows its users a notice of failure for an answer that it cannot read.
 */
export function plainReply(
  push: Answered,
  reply: Reply | undefined,
  account: Account,
  clock: Pick<Clock, 'now'>,
): string {
  const fields = reply === undefined ? undefined : fieldsOf(push, reply, account);
  if (fields === undefined) return acknowledgement;
  const plain = {
    ToUserName: push.openId,
    FromUserName: push.toUser,
    // @NOTE seconds, and a number in both forms.
    CreateTime: Math.floor(clock.now() / 1000),
    ...fields,
  };
  return spell(push.format, plain);
}

/** An answer as it leaves; `success` is never encrypted. */
export function sealReply(
  push: Answered,
  text: string,
  { settings, cipher }: Account,
  clock: Pick<Clock, 'now'>,
): string {
  const isOpen = push.mode === 'plain' || cipher === undefined;
  if (isOpen || text === acknowledgement) return text;
  const encrypted = cipher.encrypt(text);
  const at = Math.floor(clock.now() / 1000);
  const parts = [settings.token ?? '', String(at), push.nonce, encrypted];
  return spell(push.format, {
    Encrypt: encrypted,
    MsgSignature: signatureOf(parts),
    TimeStamp: at,
    Nonce: push.nonce,
  });
}

/** WeChat shows nothing of a longer one. */
const maxTextBytes = 2048;
const maxArticles = 8;

/** Answers to these may have one article. */
const messages = new Set(['text', 'image', 'voice', 'video', 'shortvideo', 'location', 'link']);

function fieldsOf(push: Answered, reply: Reply, { settings }: Account): XmlFields | undefined {
  const isEvent = push.kind.startsWith('event:');
  if (reply.type === 'transfer') {
    if (isEvent) return undefined;
    const { agent } = reply;
    return {
      MsgType: 'transfer_customer_service',
      TransInfo: agent === undefined ? undefined : { KfAccount: agent },
    };
  }
  // Mini programs say things by customer-service messages only.
  if (settings.kind === 'miniprogram') return undefined;
  switch (reply.type) {
    case 'text':
      return reply.text === '' ? undefined : { MsgType: 'text', Content: cut(reply.text) };
    case 'image':
      return { MsgType: 'image', Image: { MediaId: reply.mediaId } };
    case 'voice':
      return { MsgType: 'voice', Voice: { MediaId: reply.mediaId } };
    case 'video': {
      const { mediaId, title, description } = reply;
      const video = { MediaId: mediaId, Title: title, Description: description };
      return { MsgType: 'video', Video: video };
    }
    case 'music': {
      const { title, description, url, hqUrl, thumbMediaId } = reply;
      const addresses = { MusicUrl: url, HQMusicUrl: hqUrl, ThumbMediaId: thumbMediaId };
      return { MsgType: 'music', Music: { Title: title, Description: description, ...addresses } };
    }
    case 'news': {
      const most = messages.has(push.kind) ? 1 : maxArticles;
      const items = reply.articles.slice(0, most).map(articleOf);
      if (items.length === 0) return undefined;
      // @NOTE the list of the JSON form is an array, without `item`.
      const articles = push.format === 'json' ? items : { item: items };
      return { MsgType: 'news', ArticleCount: items.length, Articles: articles };
    }
  }
}

function articleOf({ title, description, picUrl, url }: Article): XmlFields {
  return { Title: title, Description: description ?? '', PicUrl: picUrl ?? '', Url: url };
}

/** To what WeChat shows, never within a character. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= maxTextBytes) return text;
  let size = 3;
  let short = '';
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > maxTextBytes) break;
    short += character;
  }
  return `${short}…`;
}

function spell(format: Push['format'], fields: XmlFields): string {
  return format === 'xml' ? buildXml(fields) : JSON.stringify(fields);
}
