import { JsonFault, parseJson } from '../../bot/wechat/big-json.ts';
import { validate } from '../middleware/validate.ts';
import { type Kind, kindOf, kindOfCode, system } from './kinds.ts';
import { missing, type Push, unreadable, wrong } from './push.ts';
import { isName, longestName, mostReceivers, type PushBody, pushSchema } from './schema.ts';

/**
 * Reads the JSON that the document's section 2.1 pushes.
 * @throws AppError field_missing, field_type, field_value
 */
export function readJsonPush(text: string): Push {
  return pushOf(jsonIn(text));
}

/** @throws AppError field_value */
export function jsonIn(text: string): unknown {
  try {
    // Ids too long for a number stay what they are; few bodies hold one.
    return /[:[,\s]-?\d{16}/.test(text) ? parseJson(text) : JSON.parse(text);
  } catch (error) {
    if (error instanceof JsonFault || error instanceof SyntaxError) throw unreadable('JSON');
    throw error;
  }
}

/** @throws AppError field_missing, field_type, field_value */
export function pushOf(input: unknown): Push {
  const { data, result }: PushBody = validate(pushSchema, input);
  const { id, contact_id: one, contact_ids: many, msg } = data;
  if (one !== undefined && many !== undefined) {
    throw wrong('data.contact_ids', {
      zh: '不能与 contact_id 同时给出',
      en: 'not together with contact_id',
    });
  }
  const receivers = many === undefined ? [one ?? ''] : namesIn(many);
  if (receivers[0] === '') throw missing('data.contact_id');
  const kind = kindIn(data.msg_type, result?.code, msg);
  return {
    receivers,
    toMany: many !== undefined,
    from: data.from_id === '' ? undefined : data.from_id,
    key: id === '' ? undefined : id,
    kind,
    name: data.name ?? '',
    avatar: data.avatar ?? '',
    companyId: data.company_id ?? '',
    msg: checked(kind, msg),
  };
}

/** Each once. @throws AppError field_value */
function namesIn(list: unknown): string[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > mostReceivers) {
    throw wrong('data.contact_ids', {
      zh: `应为 1 到 ${mostReceivers} 个 id 的数组`,
      en: `must be an array of 1 to ${mostReceivers} ids`,
    });
  }
  const names = new Set<string>();
  for (const [at, one] of list.entries()) {
    const name = typeof one === 'number' ? String(one) : one;
    if (typeof name !== 'string' || !isName(name)) {
      const text = { zh: '不是合法的 id', en: `must be text of 1 to ${longestName} characters` };
      throw wrong(`data.contact_ids[${at}]`, text);
    }
    names.add(name);
  }
  return [...names];
}

/** @NOTE kinds nobody knows are texts, as that of the document's own test body (section 3). */
function kindIn(
  name: string | undefined,
  code: string | number | undefined,
  msg: Record<string, unknown>,
): Kind {
  if (name === system.kind || Number(code) === 102) {
    throw wrong('data.msg_type', { zh: '为系统保留', en: 'reserved for the system' });
  }
  const kind = kindOf(name ?? '') ?? kindOfCode(Number(code));
  if (kind !== undefined) return kind;
  if (name === undefined || name === '') throw missing('data.msg_type');
  if (typeof msg['content'] === 'string') return 'text';
  throw wrong('data.msg_type', {
    zh: '类型未知，且没有可作为文本的 msg.content',
    en: 'unknown, and there is no msg.content to deliver as text',
  });
}

/** What clients of the document look for has to be there; whatever else there is goes along. */
function checked(kind: Kind, msg: Record<string, unknown>): Record<string, unknown> {
  const field = needed[kind];
  if (field === undefined) return msg;
  const value = msg[field];
  const name = `data.msg.${field}`;
  if (value === undefined || value === null) throw missing(name);
  if (typeof value !== 'string') throw wrong(name, { zh: '应为字符串', en: 'must be a string' });
  if (value === '' && field === 'media_path') throw missing(name);
  return msg;
}

const needed: Partial<Record<Kind, string>> = {
  text: 'content',
  image: 'media_path',
  voice: 'media_path',
  video: 'media_path',
  shortvideo: 'media_path',
  link: 'url',
  event: 'event',
};
