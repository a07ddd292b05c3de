import { type Answer, ok, Refusal } from './answers.ts';
import { type ApiCall, accountOf, isObject, jsonBody, userOf } from './api-call.ts';
import type { Account, AccountKind, Seen } from './types.ts';
import type { World } from './world.ts';

const allowed: Record<AccountKind, string[]> = {
  miniprogram: ['text', 'image', 'link', 'miniprogrampage'],
  official: [
    'text',
    'image',
    'voice',
    'video',
    'music',
    'news',
    'mpnews',
    'mpnewsarticle',
    'msgmenu',
    'wxcard',
    'miniprogrampage',
  ],
};

/** Bytes of UTF-8 in one text. */
const longestText = 2048;
/** Typing is allowed this long after something was said, and lasts half of it. */
const typingAfter = 30_000;
const typingLasts = 15_000;

/** POST /cgi-bin/message/custom/send. */
export function customSend(call: ApiCall): Answer {
  const account = accountOf(call);
  const body = jsonBody(call);
  const user = userOf(call, account, body);
  const seen = readMessage(call.world, account, body, call.now);
  if (user.blocked) throw new Refusal(48002);
  if (account.kind === 'official' && !user.subscribed) throw new Refusal(45015);
  user.windows.spend(call.now);
  user.lastExchange = call.now;
  user.typingUntil = Number.NEGATIVE_INFINITY;
  user.see({ at: call.now, via: 'custom', ...seen });
  return ok();
}

/** Both paths of typing. */
export function typing(call: ApiCall): Answer {
  const account = accountOf(call);
  if (call.path.includes('/business/') && account.kind !== 'miniprogram') throw new Refusal(40200);
  const body = jsonBody(call);
  const user = userOf(call, account, body);
  const command = body['command'];
  if (command !== 'Typing' && command !== 'CancelTyping') throw new Refusal(45072);
  if (call.now - user.lastExchange > typingAfter) throw new Refusal(45080);
  if (command === 'Typing') {
    if (user.typingUntil > call.now) throw new Refusal(45081);
    user.typingUntil = call.now + typingLasts;
  } else {
    user.typingUntil = Number.NEGATIVE_INFINITY;
  }
  user.see({ at: call.now, via: 'typing', msgtype: command, data: body });
  return ok();
}

type Shown = Pick<Seen, 'msgtype' | 'text' | 'mediaId' | 'mediaUrl' | 'data'>;

function readMessage(
  world: World,
  account: Account,
  body: Record<string, unknown>,
  now: number,
): Shown {
  const msgtype = String(body['msgtype'] ?? '');
  if (!allowed[account.kind].includes(msgtype)) {
    const known = Object.values(allowed).some((kinds) => kinds.includes(msgtype));
    throw new Refusal(known ? 45162 : 40008);
  }
  const part = body[msgtype];
  if (!isObject(part)) throw new Refusal(47001);
  const shown: Shown = { msgtype, data: body };
  const words = readers[msgtype]?.(part);
  if (words !== undefined) shown.text = words;
  for (const name of ['media_id', 'thumb_media_id']) {
    const id = part[name];
    if (id === undefined && !needsMedia(msgtype, name)) continue;
    const media = world.media.get(String(id ?? ''), account.appid, now);
    if (media === undefined) throw new Refusal(40007);
    shown.mediaId = media.id;
    shown.mediaUrl = `${world.url}/sandbox/media/${media.id}`;
    if (name === 'media_id') break;
  }
  return shown;
}

function needsMedia(msgtype: string, name: string): boolean {
  return name === 'media_id'
    ? ['image', 'voice', 'video', 'mpnews'].includes(msgtype)
    : ['music', 'miniprogrampage'].includes(msgtype);
}

/** What there is to read, by kind, and what must be there. */
const readers: Record<string, (part: Record<string, unknown>) => string | undefined> = {
  text: (part) => {
    const content = need(part, 'content', 44004);
    if (Buffer.byteLength(content) > longestText) throw new Refusal(45002);
    return content;
  },
  link: (part) => `${need(part, 'title')} ${need(part, 'url')}`,
  miniprogrampage: (part) => `${need(part, 'title')} ${need(part, 'pagepath')}`,
  msgmenu: (part) => {
    const list = Array.isArray(part['list']) ? part['list'] : [];
    if (list.length === 0) throw new Refusal(47001);
    const items = list.map((one) => (isObject(one) ? need(one, 'content') : ''));
    return [part['head_content'], ...items, part['tail_content']].filter(Boolean).join('\n');
  },
  news: (part) => {
    const articles = Array.isArray(part['articles']) ? part['articles'].filter(isObject) : [];
    if (articles.length === 0) throw new Refusal(47001);
    if (articles.length > 1) throw new Refusal(45008);
    return articles.map((one) => `${need(one, 'title')} ${one['url'] ?? ''}`).join('\n');
  },
  music: (part) => `${part['title'] ?? ''} ${need(part, 'musicurl')}`.trim(),
  mpnewsarticle: (part) => need(part, 'article_id'),
  wxcard: (part) => need(part, 'card_id'),
};

function need(part: Record<string, unknown>, name: string, errcode = 47001): string {
  const value = part[name];
  if (typeof value !== 'string' || value === '') throw new Refusal(errcode);
  return value;
}
