import type { Say } from '../../bot/imbot/messages.ts';
import { type ReadBody, refusal } from './read-body.ts';
import { check, msgBytes, sayBody } from './schema.ts';

/** What almost all ids are made of. */
const common = /^[\w-]{1,128}$/;
/** Numbers that may come out of JavaScript otherwise than they went in. */
const delicate = /[:,[]\s*(?:-?\d{16}|-?\d+[.eE]|-0)/;

/** A message as it came. @throws HttpProblem 400, 413 */
export function readSay({ value, text }: ReadBody): Say {
  const said = commonSay(value) ?? check(sayBody, value);
  // Checked in the line above; what is checked is not what is kept.
  const { msg } = value as { msg: unknown };
  const body = Buffer.from(text === undefined ? JSON.stringify(msg) : msgText(text, msg));
  if (body.length > msgBytes)
    throw refusal(413, {
      zh: `msg：超过 ${msgBytes} 字节`,
      en: `msg: larger than ${msgBytes} bytes`,
    });
  return {
    from: said.fromUserId,
    to: said.toUserId,
    body,
    at: Number(said.msg.timestamp),
    templateUrl: said.templateUrl || undefined,
  };
}

interface Said {
  fromUserId: string;
  toUserId: string;
  templateUrl?: string | null | undefined;
  msg: { timestamp: number | string };
}

/** The commonest message without its schema, which costs as much as storing it. */
export function commonSay(value: unknown): Said | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { fromUserId, toUserId, templateUrl, msg } = value as Record<string, unknown>;
  if (typeof fromUserId !== 'string' || !common.test(fromUserId)) return undefined;
  if (typeof toUserId !== 'string' || !common.test(toUserId)) return undefined;
  if (typeof msg !== 'object' || msg === null) return undefined;
  const { type, reply, timestamp } = msg as Record<string, unknown>;
  if ((type !== 'text' && type !== 'image') || typeof reply !== 'string') return undefined;
  if (typeof timestamp !== 'number' || !(timestamp >= 0 && timestamp <= 1e16)) return undefined;
  const said = { fromUserId, toUserId, msg: { timestamp } };
  if (templateUrl === undefined) return said;
  if (typeof templateUrl !== 'string' || templateUrl.length > 2048) return undefined;
  return { ...said, templateUrl };
}

/** `msg` as JSON that means exactly what was given: numbers keep every digit. */
function msgText(text: string, msg: unknown): string {
  if (!delicate.test(text)) return JSON.stringify(msg);
  const exact = JSON.parse(text, (_key, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(source);
  }) as { msg: unknown };
  return JSON.stringify(exact.msg);
}
