import { expect, test } from 'vitest';
import type { IncomingMessage } from '../driver.ts';
import { isHelp, SeenIds } from './incoming.ts';

function said(text: string, changes: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id: 'm',
    kind: 'text',
    text,
    fromId: 'f',
    fromName: 'F',
    roomId: undefined,
    toId: 't',
    mentionsSelf: false,
    self: false,
    at: 0,
    ...changes,
  };
}
const inRoom = { roomId: 'r', toId: undefined, mentionsSelf: true };

test.each([
  ['help', {}],
  [' Help\n', {}],
  ['@My Bot\u2005help', inRoom],
  ['@My Bot help', inRoom],
  ['help @My Bot', inRoom],
  ['@Another Name\u2005 help', inRoom],
])('%j is the keyword', (text, changes) => {
  expect(isHelp(said(text, changes), 'My Bot')).toBe(true);
});

test.each([
  ['help me', {}],
  ['please help', {}],
  ['', {}],
  ['@My Bot\u2005help', {}],
  ['help', { self: true }],
  ['help', { kind: 'link' as const }],
  ['help', { ...inRoom, mentionsSelf: false }],
  ['@My Bot\u2005help us', inRoom],
])('%j is not (%j)', (text, changes) => {
  expect(isHelp(said(text, changes), 'My Bot')).toBe(false);
});

test('ids are remembered up to the limit, the oldest is forgotten first', () => {
  const seen = new SeenIds(3);
  expect(['a', 'b', 'c', 'a'].map((id) => seen.add(id))).toEqual([true, true, true, false]);
  seen.add('d');
  expect(seen.add('b')).toBe(false);
  expect(seen.add('a')).toBe(true);
});
