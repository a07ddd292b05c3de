import { z } from 'zod';
import type { BotRegistry } from '../../bot/automation/bots/bot-port.ts';

export const roomTopic = z
  .string()
  .nullable()
  .describe('What its room is called now; null: not a room, or one the bot does not know.');

interface Aim {
  botcode: string;
  target: { kind: string; id?: string | undefined; topic?: string | undefined };
  roomId?: string | undefined;
}

/** Rooms are often named by ids: people know them by their topics. */
export function roomTopicOf(
  bots: Pick<BotRegistry, 'get'>,
  { botcode, target, roomId }: Aim,
): string | null {
  if (target.kind !== 'room') return null;
  const id = roomId ?? target.id;
  const topic = id === undefined ? target.topic : bots.get(botcode)?.rooms.byId(id)?.topic;
  return topic || null;
}
