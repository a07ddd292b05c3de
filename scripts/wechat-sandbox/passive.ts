import { decrypt, signature } from './crypto.ts';
import { fromXml, type Read } from './spelling.ts';
import type { Account, Seen } from './types.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

/** What WeChat makes of the answer to a push. */
export type Verdict =
  | { kind: 'done' }
  | { kind: 'show'; seen: Omit<Seen, 'seq'> }
  | { kind: 'bad'; problem: string };

/** `message`: it answers one of the six kinds a user can say, not an event. */
export function readAnswer(
  world: World,
  account: Account,
  user: User,
  message: boolean,
  answer: string,
): Verdict {
  if (answer === '' || answer === 'success') return { kind: 'done' };
  try {
    const text = opened(account, answer);
    if (text === 'success' || text === '') return { kind: 'done' };
    return shown(world, account, user, message, parse(account, text));
  } catch (error) {
    return { kind: 'bad', problem: error instanceof Error ? error.message : String(error) };
  }
}

/** The words inside, decrypted where the account's mode asks for it. */
function opened(account: Account, answer: string): string {
  const fields = parse(account, answer);
  const encrypted = fields['Encrypt'];
  if (encrypted === undefined) {
    if (account.mode === 'secure') throw new Error('a plain answer to an account in secure mode');
    return answer;
  }
  if (account.mode === 'plain') throw new Error('an encrypted answer to an account in plain mode');
  const [timestamp, nonce] = [String(fields['TimeStamp']), String(fields['Nonce'])];
  const due = signature(account.token ?? '', timestamp, nonce, String(encrypted));
  if (fields['MsgSignature'] !== due) throw new Error('MsgSignature of the answer is wrong');
  return decrypt(account.encodingAesKey ?? '', account.appid, String(encrypted));
}

function parse(account: Account, text: string): Read {
  const looks = /^\s*</.test(text) ? 'xml' : /^\s*\{/.test(text) ? 'json' : 'neither';
  if (looks !== account.format) {
    throw new Error(`the account speaks ${account.format}, the answer is ${looks}`);
  }
  return looks === 'xml' ? fromXml(text) : texts(JSON.parse(text) as Read);
}

/** JSON leaves as texts, so that both spellings read alike. */
function texts(fields: Read): Read {
  const entries = Object.entries(fields).map(([name, value]): [string, Read[string]] => {
    if (Array.isArray(value)) {
      return [name, value.map((one) => (typeof one === 'object' ? texts(one) : String(one)))];
    }
    return [name, typeof value === 'object' && value !== null ? texts(value) : String(value)];
  });
  return Object.fromEntries(entries);
}

function shown(world: World, account: Account, user: User, message: boolean, reply: Read): Verdict {
  const msgtype = String(reply['MsgType'] ?? '');
  if (reply['ToUserName'] !== user.openid) throw new Error('ToUserName is not the user');
  if (reply['FromUserName'] !== account.originalId) {
    throw new Error('FromUserName is not the account');
  }
  if (!/^\d{1,13}$/.test(String(reply['CreateTime']))) throw new Error('CreateTime is no number');
  const seen = { at: world.now(), via: 'passive' as const, msgtype, data: reply };
  if (msgtype === 'transfer_customer_service') {
    return message ? { kind: 'show', seen } : { kind: 'done' };
  }
  if (account.kind === 'miniprogram') throw new Error('a mini program cannot reply passively');
  if (msgtype === 'text') {
    const text = String(reply['Content'] ?? '');
    if (text === '') throw new Error('Content is empty');
    if (Buffer.byteLength(text) > 2048) throw new Error('Content is longer than 2048 bytes');
    return { kind: 'show', seen: { ...seen, text } };
  }
  if (msgtype === 'news') return news(seen, message, reply);
  const part = reply[media[msgtype]?.part ?? ''];
  const rule = media[msgtype];
  if (rule === undefined) throw new Error(`MsgType ${msgtype} is not one to reply with`);
  const id = typeof part === 'object' && !Array.isArray(part) ? String(part[rule.id] ?? '') : '';
  const file = world.media.get(id, account.appid, world.now());
  if (file === undefined) throw new Error(`${rule.part}.${rule.id} is no media of the account`);
  const mediaUrl = `${world.url}/sandbox/media/${id}`;
  return { kind: 'show', seen: { ...seen, mediaId: id, mediaUrl } };
}

const media: Record<string, { part: string; id: string }> = {
  image: { part: 'Image', id: 'MediaId' },
  voice: { part: 'Voice', id: 'MediaId' },
  video: { part: 'Video', id: 'MediaId' },
  music: { part: 'Music', id: 'ThumbMediaId' },
};

/** One article in answer to what a user said, else up to eight; beyond that nothing appears. */
function news(seen: Omit<Seen, 'seq'>, message: boolean, reply: Read): Verdict {
  const articles = reply['Articles'];
  const given =
    typeof articles === 'object' && !Array.isArray(articles) ? articles['item'] : articles;
  const items = given === undefined ? [] : Array.isArray(given) ? given : [given];
  if (items.length === 0 || String(items.length) !== String(reply['ArticleCount'])) {
    throw new Error('ArticleCount is not the number of articles');
  }
  if (items.length > (message ? 1 : 8)) return { kind: 'done' };
  const titles = items.map((one) => (typeof one === 'object' ? String(one['Title'] ?? '') : ''));
  return { kind: 'show', seen: { ...seen, text: titles.join('\n') } };
}
