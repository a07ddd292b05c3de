import { expect } from 'vitest';
import type { IncomingMessage } from '../../bot/automation/driver.ts';
import type { BotsRig } from './bots-rig.ts';

export const anna = { id: 'wxid_anna', name: 'Anna' };
export const other = { id: 'wxid_other', name: 'Other' };
export const room = { id: 'r1@chatroom', topic: 'Team', members: [] };

export function message(changes: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id: 'm1',
    kind: 'text',
    text: 'hello',
    fromId: 'wxid_bob',
    fromName: 'Bob',
    roomId: undefined,
    toId: anna.id,
    mentionsSelf: false,
    self: false,
    at: 0,
    ...changes,
  };
}

/** Ends a test: no change of state was outside the table, and no bot failed to settle. */
export async function closeBots(rig: BotsRig): Promise<void> {
  expect(rig.illegal).toEqual([]);
  expect(rig.log).not.toContain('no such change of state');
  expect(rig.log).not.toContain('does not settle');
  await rig.close();
}
