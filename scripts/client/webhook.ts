import { WebhookError } from './errors.ts';
import type { WxrcEvent } from './events.ts';
import { md5 } from './md5.ts';
import { hmac, sameText } from './signature.ts';

export interface WebhookRequest {
  /** Of Node (`request.headers`), of fetch, or a plain object; names in any case. */
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
  /** The exact bytes as they came, or their text. */
  body: string | Uint8Array;
}

export interface WebhookCheck {
  /** The channel's key; while it changes over, both. */
  key: string | readonly string[];
  /**
   * standard (default): `webhook-signature`, which also covers id and time, so that nobody can send
   * it again later. md5: `X-Ecaspsplus-Signature` alone, for receivers behind something that drops
   * other headers.
   */
  scheme?: 'standard' | 'md5';
  /** How far `webhook-timestamp` may be from now. */
  toleranceSeconds?: number;
  now?: () => number;
}

/** What a webhook told. `id` is the same at every try: the key to recognise repetitions by. */
export interface Webhook {
  id: string | undefined;
  event: WxrcEvent;
}

/**
 * Reads a webhook, if it is genuine. Answer it with `{"result":"success"}` once the event is safe.
 * @throws WebhookError
 */
export async function readWebhook(request: WebhookRequest, check: WebhookCheck): Promise<Webhook> {
  const { body } = request;
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : Uint8Array.from(body);
  const keys = typeof check.key === 'string' ? [check.key] : check.key;
  if (keys.length === 0 || keys.includes('')) throw new TypeError('a webhook is checked by a key');
  const id = headerOf(request.headers, 'webhook-id');
  const right =
    check.scheme === 'md5'
      ? hasMd5(request, bytes, keys)
      : await hasStandard(request, bytes, keys, check);
  if (!right) throw new WebhookError('the signature is not right');
  return { id, event: readEvent(new TextDecoder().decode(bytes)) };
}

function hasMd5(request: WebhookRequest, bytes: Uint8Array, keys: readonly string[]): boolean {
  const given = headerOf(request.headers, 'x-ecaspsplus-signature')?.toLowerCase() ?? '';
  const rights = keys.map((key) => md5(joined(bytes, new TextEncoder().encode(key))));
  // All are looked at: how long it takes tells nothing of which key it was.
  return rights.filter((right) => sameText(right, given)).length > 0;
}

async function hasStandard(
  request: WebhookRequest,
  bytes: Uint8Array,
  keys: readonly string[],
  { toleranceSeconds = 300, now = Date.now }: WebhookCheck,
): Promise<boolean> {
  const id = headerOf(request.headers, 'webhook-id');
  const time = headerOf(request.headers, 'webhook-timestamp') ?? '';
  const given = (headerOf(request.headers, 'webhook-signature') ?? '').split(' ');
  if (id === undefined || !/^\d{1,12}$/.test(time)) return false;
  if (Math.abs(now() / 1000 - Number(time)) > toleranceSeconds) {
    throw new WebhookError('webhook-timestamp is too far from now');
  }
  const encoder = new TextEncoder();
  const text = joined(encoder.encode(`${id}.${time}.`), bytes);
  let found = 0;
  for (const key of keys) {
    const right = `v1,${btoa(String.fromCharCode(...(await hmac(encoder.encode(key), text))))}`;
    found += given.filter((one) => sameText(right, one)).length;
  }
  return found > 0;
}

/** A form, or JSON; reqBody an object, or its text. */
function readEvent(text: string): WxrcEvent {
  try {
    const outer: unknown = text.trimStart().startsWith('{')
      ? Reflect.get(JSON.parse(text) as object, 'reqBody')
      : new URLSearchParams(text).get('reqBody');
    const event: unknown = typeof outer === 'string' ? JSON.parse(outer) : outer;
    // Signed by the daemon, whose document says what is in it.
    if (typeof event === 'object' && event !== null) return event as WxrcEvent;
  } catch {
    // Told below.
  }
  throw new WebhookError('genuine, but no event');
}

function headerOf(headers: WebhookRequest['headers'], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : undefined;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
