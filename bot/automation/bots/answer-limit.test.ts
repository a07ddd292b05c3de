import { expect, it } from 'vitest';
import { VirtualClock } from '../../clock.ts';
import { AnswerLimit } from './answer-limit.ts';

it('answers a chat once a minute, and three chats of a bot', async () => {
  const clock = new VirtualClock();
  const limit = new AnswerLimit(clock);
  expect(['a', 'a', 'b', 'c', 'd'].map((chat) => limit.admits('bot', chat))).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
  expect(limit.admits('other', 'a')).toBe(true);
  await clock.advance(60_000);
  expect(limit.admits('bot', 'a')).toBe(true);
});
