import { createHash } from 'node:crypto';
import type { Account, PushMode } from './account.ts';
import { parseJsonFields } from './big-json.ts';
import { CipherFault } from './cipher.ts';
import { checkSignature, type Diagnosis, type Part, type Refusal, refuse } from './diagnosis.ts';
import { textIn, type WechatFields } from './fields.ts';
import { buildXml, parseXml } from './xml.ts';

/** Parameters of the address, decoded. */
export type PushQuery = Readonly<Record<string, string | undefined>>;

export type PushFormat = 'xml' | 'json';

/** What WeChat tells: a message of a user, or an event. */
export interface Push {
  /** Appid. */
  account: string;
  format: PushFormat;
  /** How it came. */
  mode: PushMode;
  fields: WechatFields;
  /** Decrypted, as it came; without `Encrypt`. */
  text: string;
  /** MsgType, or `event:<name>` in lower case. */
  kind: string;
  openId: string;
  /** The account's original id. */
  toUser: string;
  msgId: string | undefined;
  /** Epoch ms; undefined: none that can be read. */
  createTime: number | undefined;
  /** Of the request: a reply names it again. */
  nonce: string;
  /** The same for every try of the same push. */
  key: string;
}

/**
 * The verification of an address (GET): what is to be echoed, when it was signed with our token.
 * @NOTE only WeCom encrypts `echostr`, and signs four parts then; taken as well.
 */
export function readEcho(options: {
  account: Account;
  query: PushQuery;
}): { ok: true; echo: string } | Refusal {
  const { account, query } = options;
  const { echostr = '', msg_signature: sealed } = query;
  const parts = signedParts(account, query);
  const plain = checkSignature('signature', query['signature'], parts);
  if (account.settings.token === undefined) return refuse('no token', plain.diagnosis);
  if (plain.valid) return { ok: true, echo: echostr };
  if (sealed === undefined) return unsigned(plain.diagnosis);
  const four: Part[] = [...parts, ['echostr', echostr]];
  const { valid, diagnosis } = checkSignature('msg_signature', sealed, four);
  if (!valid) return refuse('wrong signature', diagnosis);
  const opened = open(account, echostr);
  return opened.ok
    ? { ok: true, echo: opened.text }
    : refuse(opened.reason, diagnosis, opened.note);
}

/**
 * Reads a push (POST) and checks whose it is. Where the account is encrypted, only `msg_signature`
 * counts, and only what it covers: `signature` covers no body.
 */
export function readPush(options: {
  account: Account;
  query: PushQuery;
  body: Uint8Array | string;
}): { ok: true; push: Push } | Refusal {
  const { account, query } = options;
  const body = textOf(options.body);
  const parts = signedParts(account, query);
  const plain = checkSignature('signature', query['signature'], parts);
  if (account.settings.token === undefined) return refuse('no token', plain.diagnosis);
  const sealed = account.mode !== 'plain' || isSealed(account, query);
  if (!sealed && !plain.valid) return unsigned(plain.diagnosis);
  const outer = readFields(body);
  if (!sealed) {
    if (outer === undefined) return refuse('malformed', plain.diagnosis, 'neither XML nor JSON');
    return readPlain(account, query, outer, body, plain.diagnosis);
  }
  const encrypted = outer === undefined ? '' : textIn(outer.fields, 'Encrypt');
  const given = query['msg_signature'];
  const four: Part[] = [...parts, ['encrypt', encrypted]];
  const { valid, diagnosis } = checkSignature('msg_signature', given, four);
  if (given === undefined || encrypted === '') {
    const missing = given === undefined ? 'msg_signature' : 'Encrypt';
    return refuse('downgrade', diagnosis, `${missing} is missing; the account is ${account.mode}`);
  }
  if (!valid) return refuse('wrong signature', diagnosis);
  const opened = open(account, encrypted);
  if (!opened.ok) return refuse(opened.reason, diagnosis, opened.note);
  const inner = readFields(opened.text);
  if (inner === undefined) return refuse('malformed', diagnosis, 'neither XML nor JSON inside');
  const mode = textIn(outer?.fields ?? {}, 'FromUserName') === '' ? 'secure' : 'compatible';
  return finish({ account, query, mode, ...inner, text: opened.text }, diagnosis);
}

/** The probe of WeChat's cloud hosting: it is unsigned, and wants nothing but an answer. */
export function isProbe(body: Uint8Array): boolean {
  if (body.length > 256) return false;
  const read = readFields(textOf(body));
  return read !== undefined && textIn(read.fields, 'action') === 'CheckContainerPath';
}

/** The fields of a body of either form; undefined: it is none. */
export function readFields(text: string): { format: PushFormat; fields: WechatFields } | undefined {
  const start = text.trimStart();
  try {
    if (start.startsWith('<')) return { format: 'xml', fields: parseXml(start) };
    if (start.startsWith('{')) return { format: 'json', fields: parseJsonFields(start) };
  } catch {
    // Whatever it is: no push.
  }
  return undefined;
}

/** A body of this form that holds these fields. */
export function writeFields(format: PushFormat, fields: WechatFields): string {
  return format === 'xml' ? buildXml(fields) : JSON.stringify(fields);
}

/** What is told of a push by its fields alone. */
export function kindOf(fields: WechatFields): string {
  const type = textIn(fields, 'MsgType');
  return type.toLowerCase() === 'event' ? `event:${textIn(fields, 'Event').toLowerCase()}` : type;
}

function readPlain(
  account: Account,
  query: PushQuery,
  outer: { format: PushFormat; fields: WechatFields },
  body: string,
  diagnosis: Diagnosis,
) {
  const { format } = outer;
  const { Encrypt: encrypted, ...fields } = outer.fields;
  if (encrypted === undefined) {
    return finish({ account, query, mode: 'plain', format, fields, text: body }, diagnosis);
  }
  if (textIn(fields, 'MsgType') === '') return refuse('no key', diagnosis);
  // Each try is encrypted anew: what remains is the same.
  const text = writeFields(format, fields);
  return finish({ account, query, mode: 'plain', format, fields, text }, diagnosis);
}

function finish(
  read: {
    account: Account;
    query: PushQuery;
    mode: PushMode;
    format: PushFormat;
    fields: WechatFields;
    text: string;
  },
  diagnosis: Diagnosis,
): { ok: true; push: Push } | Refusal {
  const { account, query, mode, format, fields, text } = read;
  const toUser = textIn(fields, 'ToUserName');
  if (toUser === '') return refuse('malformed', diagnosis, 'ToUserName is missing');
  const openId = textIn(fields, 'FromUserName');
  const created = textIn(fields, 'CreateTime');
  const msgId = textIn(fields, 'MsgId');
  const kind = kindOf(fields);
  const push: Push = {
    ...{ account: account.appid, format, mode, fields, text },
    ...{ kind, openId, toUser },
    msgId: msgId === '' ? undefined : msgId,
    createTime: timeOf(created),
    nonce: query['nonce'] ?? '',
    key: keyOf([account.appid, openId, created, kind], msgId, text),
  };
  return { ok: true, push };
}

function signedParts(account: Account, query: PushQuery): Part[] {
  return [
    ['token', account.settings.token ?? ''],
    ['timestamp', query['timestamp'] ?? ''],
    ['nonce', query['nonce'] ?? ''],
  ];
}

function unsigned(diagnosis: Diagnosis): Refusal {
  return refuse(diagnosis.given === undefined ? 'no signature' : 'wrong signature', diagnosis);
}

/** Encrypted, though the config says plain: stronger than what is asked for. */
function isSealed(account: Account, query: PushQuery): boolean {
  return account.cipher !== undefined && query['msg_signature'] !== undefined;
}

function open(account: Account, encrypted: string) {
  if (account.cipher === undefined)
    return { ok: false, reason: 'no key', note: undefined } as const;
  try {
    return { ok: true, text: account.cipher.decrypt(encrypted) } as const;
  } catch (error) {
    if (!(error instanceof CipherFault)) throw error;
    return { ok: false, reason: 'cannot be decrypted', note: error.reason } as const;
  }
}

/**
 * @NOTE WeChat's own advice, MsgId alone or user and second, is too weak: ids come twice across
 * users, and a second brings several events.
 */
function keyOf(who: readonly string[], msgId: string, text: string): string {
  const what = msgId === '' ? `#${sha256(text)}` : msgId;
  const key = [...who, what].join('/').replaceAll('\0', '');
  return key.length > 200 ? `#${sha256(key)}` : key;
}

/** Seconds; whatever else stands there is no time. */
function timeOf(created: string): number | undefined {
  if (!/^\d{1,13}$/.test(created)) return undefined;
  return created.length > 11 ? Number(created) : Number(created) * 1000;
}

function textOf(body: Uint8Array | string): string {
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
