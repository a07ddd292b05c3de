import { createHmac } from 'node:crypto';
import type {
  Callback,
  EncodeEvent,
  EncodeTrial,
} from '../../bot/automation/deliveries/callback.ts';
import type { Channel } from '../../bot/channels.ts';
import type { StoredEvent } from '../../bot/event-log.ts';
import { sign } from '../../bot/signature.ts';

/** reqBody of an event, and the same object for pull and SSE. */
export type EncodeBody = (event: StoredEvent) => Record<string, unknown>;

export interface EncoderOptions {
  /** Where receivers reach this daemon, without a slash at the end; asked each time. */
  publicUrl: () => string;
}

/**
 * Spells events as callback.md does: `botcode` and `type` first, then the fields of the type, then
 * our extensions (`eventId`, `eventTime` and what helps).
 */
export function createEventBody({ publicUrl }: EncoderOptions): EncodeBody {
  return (stored) => ({
    botcode: stored.botcode,
    type: stored.event.type,
    ...fieldsOf(stored, publicUrl),
    eventId: stored.eventId,
    eventTime: stored.at,
  });
}

/**
 * Webhook requests. callback.md sends a form with the fields `reqHead` and `reqBody`, each a JSON
 * text; a channel can ask for one JSON object instead. Signatures cover the exact body.
 */
export function createEncoder(options: EncoderOptions): EncodeEvent {
  const encodeBody = createEventBody(options);
  return (event, channel, now) => spell(event, encodeBody(event), channel, now);
}

/** A request that carries no event: whether a receiver is there, and takes our signature. */
export const encodeTrial: EncodeTrial = (channel, now) =>
  spell(
    { chid: channel.chid, eventId: 0 },
    { botcode: '', type: 'test', eventId: 0, eventTime: now },
    channel,
    now,
  );

function spell(
  event: Pick<StoredEvent, 'chid' | 'eventId'>,
  fields: Record<string, unknown>,
  { settings, keys }: Channel,
  now: number,
): Callback {
  const reqBody = JSON.stringify(fields);
  const json = settings.callbackFormat === 'json';
  const body = json
    ? `{"reqHead":{},"reqBody":${reqBody}}`
    : `reqHead=%7B%7D&reqBody=${encodeURIComponent(reqBody)}`;
  return {
    body,
    contentType: json ? 'application/json; charset=utf-8' : 'application/x-www-form-urlencoded',
    headers: { 'user-agent': 'wxrc', ...signatures(event, body, keys, now) },
    accepts: saysSuccess,
  };
}

/**
 * Whether an answer is the one callback.md asks for: JSON whose `result` is `success`, at the top
 * or inside `resBody`, which may be an object or, as in the answers of commands by form, JSON text.
 */
export function saysSuccess(answer: string): boolean {
  const top = parseObject(answer);
  if (top === undefined) return false;
  if (top['result'] === 'success') return true;
  const inner = top['resBody'];
  const object = typeof inner === 'string' ? parseObject(inner) : asObject(inner);
  return object?.['result'] === 'success';
}

/**
 * The seed's signature (MD5 over body and newest key) and the three headers of Standard Webhooks:
 * `webhook-signature` holds one `v1,base64(HMAC-SHA256(id.timestamp.body))` for each live key,
 * with the bytes of the key in UTF-8 as its secret. A channel without a key gets neither.
 */
function signatures(
  event: Pick<StoredEvent, 'chid' | 'eventId'>,
  body: string,
  keys: readonly string[],
  now: number,
): Record<string, string> {
  // "." divides what is signed, so it may not stand in the id; "~" does not occur in a chid.
  const id = `evt_${event.chid.replaceAll('.', '~')}_${event.eventId}`;
  const timestamp = String(Math.floor(now / 1000));
  const headers: Record<string, string> = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  const [newest] = keys;
  if (newest === undefined) return headers;
  headers['X-Ecaspsplus-Signature'] = sign(body, newest);
  headers['X-Ecaspsplus-SignatureType'] = 'MD5';
  const signed = `${id}.${timestamp}.${body}`;
  headers['webhook-signature'] = keys
    .map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`)
    .join(' ');
  return headers;
}

function fieldsOf({ event }: StoredEvent, publicUrl: () => string): Record<string, unknown> {
  switch (event.type) {
    case 'qrCode':
      return {
        qrcodeImageUrl: `${publicUrl()}/qr/${event.qrName}.png`,
        expiresAt: event.expiresAt,
      };
    case 'botStatus':
      return {
        botStatus: event.status,
        ...given('reason', event.reason),
        ...given('accountId', event.accountId),
      };
    case 'userMsg':
      return {
        // @NOTE callback.md (userMsg): the only kind there is; roomId is empty in private chats.
        msgType: 'text',
        msgData: { text: event.text, fromId: event.fromId, roomId: event.roomId ?? '' },
        fromName: event.fromName,
        messageId: event.messageId,
        mentioned: event.mentionsSelf,
        messageTime: event.at,
      };
    case 'sendStatus':
      return {
        msgid: event.msgid,
        sendStatus: event.sendStatus,
        txcode: event.txcode,
        ...given('reason', event.reason),
      };
  }
}

function given(name: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [name]: value };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    // Some frameworks put a byte order mark before their JSON.
    return asObject(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return undefined;
  }
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
