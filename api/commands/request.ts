import { isUtf8 } from 'node:buffer';
import type { CommandRequest } from '../server.ts';
import { Refusal } from './rt-code.ts';

/** Stands for a reqBody that is there but cannot be read: said only once the signature was right. */
export const unreadable = Symbol('unreadable');

/** A request taken apart; nothing in it is checked yet. */
export interface Parts {
  head: Record<string, unknown>;
  /** Undefined where none was sent. */
  body: unknown;
  /** What the signature covers: the exact bytes, or the text that has exactly these bytes. */
  signed: string | Buffer;
}

/**
 * Takes a request apart. The three transports are told by what arrives, not by the content type,
 * which clients set carelessly: GET, or a body that begins with a brace (JSON), or a form.
 * Charset labels are not looked at; the bytes have to be UTF-8.
 */
export function takeApart(request: CommandRequest): Parts | Refusal {
  const { body } = request;
  if (request.method === 'GET') return fromForm(Buffer.from(request.rawQuery, 'latin1'));
  if (body === 'too-large') {
    return new Refusal('10', { zh: '请求体过大，未读取', en: 'the body is too large, not read' });
  }
  const first = body[firstMark(body)];
  return first === brace || first === bracket ? fromJson(body) : fromForm(body);
}

const brace = 0x7b;
const bracket = 0x5b;
const bom = '\uFEFF';

/** Index of the first byte that is neither white space nor part of a byte order mark. */
function firstMark(body: Buffer): number {
  let at = body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? 3 : 0;
  while (isSpace(body[at])) at += 1;
  return at;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

function fromJson(bytes: Buffer): Parts | Refusal {
  const text = bytes.toString('utf8');
  const clean = isUtf8(bytes);
  const root = parse(text.startsWith(bom) ? text.slice(1) : text);
  if (root === unreadable) {
    return new Refusal('10', { zh: '请求体不是合法的 JSON', en: 'the body is not valid JSON' });
  }
  if (!isObject(root)) {
    return new Refusal('10', { zh: '没有 reqHead', en: 'there is no reqHead' });
  }
  return parts(root['reqHead'], clean ? root['reqBody'] : unreadable, clean ? text : bytes);
}

function fromForm(bytes: Buffer): Parts | Refusal {
  const clean = isUtf8(bytes);
  const text = bytes.toString('utf8');
  const head = field(text, 'reqHead=');
  const body = field(text, 'reqBody=');
  if (head === 'repeated' || body === 'repeated') {
    return new Refusal('11', {
      zh: 'reqHead 或 reqBody 重复出现',
      en: 'reqHead or reqBody is there twice',
    });
  }
  const value = body === undefined || body.text === '' ? undefined : parse(body.text);
  return parts(
    head === undefined ? undefined : parse(head.text),
    clean ? value : unreadable,
    clean ? text : bytes,
  );
}

function parts(head: unknown, body: unknown, signed: string | Buffer): Parts | Refusal {
  if (head === undefined || head === null) {
    return new Refusal('10', { zh: '没有 reqHead', en: 'there is no reqHead' });
  }
  if (!isObject(head)) {
    return new Refusal('11', {
      zh: 'reqHead 不是 JSON 对象',
      en: 'reqHead is not a JSON object',
    });
  }
  return { head, body: body === null ? undefined : body, signed };
}

/** A field of an urlencoded form, decoded; `text` undefined when its escapes are broken. */
function field(form: string, name: string): { text: string | undefined } | 'repeated' | undefined {
  let found: { text: string | undefined } | undefined;
  for (let start = 0; start < form.length; ) {
    const end = form.indexOf('&', start);
    const stop = end === -1 ? form.length : end;
    if (form.startsWith(name, start)) {
      if (found !== undefined) return 'repeated';
      found = { text: decode(form.slice(start + name.length, stop)) };
    }
    start = stop + 1;
  }
  return found;
}

function decode(value: string): string | undefined {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return unreadable;
  try {
    return JSON.parse(text);
  } catch {
    return unreadable;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
