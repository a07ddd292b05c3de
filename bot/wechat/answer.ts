import { parseJson } from './big-json.ts';
import type { Exchange } from './exchange.ts';

export type JsonObject = Record<string, unknown>;

/** How a call to WeChat ended. */
export type ApiAnswer =
  | { kind: 'ok'; body: JsonObject }
  | { kind: 'file'; bytes: Buffer; type: string }
  /** WeChat says no; whatever was asked was not done. `local`: we say so, and WeChat was not asked. */
  | { kind: 'refused'; errcode: number; errmsg: string; body: JsonObject; local?: true }
  /** It certainly did not get there. */
  | { kind: 'unsent'; error: string }
  /** It left, and nothing came back that one could read: whether it was done is unknown. */
  | { kind: 'unknown'; error: string };

/**
 * Reads an answer by its content: WeChat serves JSON under `text/plain` and other names. Ids of more
 * than 15 digits stay texts.
 * @param file whether a file may come instead of JSON
 */
export function readAnswer(exchange: Exchange, file = false): ApiAnswer {
  if (!exchange.ok) {
    return { kind: exchange.left ? 'unknown' : 'unsent', error: exchange.error };
  }
  const { status, headers, body } = exchange;
  // Nothing behind a redirect is WeChat, and what answers so has done nothing.
  if (status >= 300 && status < 400) return { kind: 'unsent', error: `HTTP ${status}` };
  const attached = /attachment/i.test(headers['content-disposition'] ?? '');
  const json = attached && file ? undefined : objectOf(body);
  if (json !== undefined && (status < 400 || 'errcode' in json)) return readObject(json);
  if (status >= 400 && status < 500) return { kind: 'unsent', error: `HTTP ${status}` };
  if (status !== 200) return { kind: 'unknown', error: `HTTP ${status}` };
  if (file && body.length > 0) {
    return { kind: 'file', bytes: body, type: headers['content-type'] ?? '' };
  }
  return { kind: 'unknown', error: 'the answer is no JSON' };
}

/** Code and words of an answer that is not `ok`, for logs and people. */
export function wordsOf(answer: Exclude<ApiAnswer, { kind: 'ok' | 'file' }>): string {
  return answer.kind === 'refused' ? `${answer.errcode} ${answer.errmsg}` : answer.error;
}

function readObject(body: JsonObject): ApiAnswer {
  const errcode = Number(body['errcode'] ?? 0);
  if (errcode === 0) return { kind: 'ok', body };
  if (!Number.isInteger(errcode)) return { kind: 'unknown', error: 'an errcode that is no number' };
  const errmsg = typeof body['errmsg'] === 'string' ? body['errmsg'] : '';
  return { kind: 'refused', errcode, errmsg, body };
}

function objectOf(body: Buffer): JsonObject | undefined {
  const text = body.toString('utf8').trim();
  if (!text.startsWith('{')) return undefined;
  try {
    const value = parseJson(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    // Checked in the line above.
    return isObject ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
