import { randomUUID } from 'node:crypto';
import type { SendContent, SendTarget } from '../../bot/automation/sends/send-types.ts';
import { TxtimeReader } from '../commands/txtime.ts';
import type { AdminCore } from './core.ts';

/** Stands where a chid would; no channel can bear it, as chids hold no `~`. */
export const operatorChid = '~operator';

/**
 * Queues what an operator sends: once for each request number and day.
 * @returns its number
 * @throws AppError
 */
export async function sendAsOperator(
  core: AdminCore,
  send: { botcode: string; target: SendTarget; content: SendContent },
  given: { txcode?: string | undefined; expiresInSeconds?: number } = {},
): Promise<number> {
  const { txcode = randomUUID(), expiresInSeconds = 86_400 } = given;
  const now = core.clock.now();
  const today = new TxtimeReader(core.config.timezone).read(String(now), now)?.day;
  if (today === undefined) throw new Error('a time without a day');
  const { day, before: dayBefore, after: dayAfter } = today;
  const answer = await core.commands.send(
    { chid: operatorChid, txcode, day, dayBefore, dayAfter },
    { ...send, chid: operatorChid, txcode, expiresAt: now + expiresInSeconds * 1000 },
    ({ msgid }) => String(msgid),
  );
  return Number(answer);
}
