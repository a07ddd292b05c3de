import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, test } from 'vitest';
import { botStates } from '../../bot/automation/bots/bot-state.ts';
import { sendStates } from '../../bot/automation/sends/send-types.ts';
import { runStates } from '../../store/runs.ts';
import { scheduledStates } from '../../store/scheduled-sends.ts';
import { outboxStates } from '../../store/wechat-outbox.ts';
import { pushStates } from '../../store/wechat-pushes.ts';
import { type CellKind, cellWord } from './cell-words.ts';

const console = (file: string): string =>
  readFileSync(join(import.meta.dirname, '../../console/screens', file), 'utf8');
/** What the console calls a step. */
const steps = (
  /export const terms = words\(\s*\{([^}]*)\}/.exec(console('send-detail/words.ts'))?.[1] ?? ''
)
  .matchAll(/^\s+'?([\w-]+)'?:/gm)
  .map(([, step = '']) => step)
  .toArray();

const known: [CellKind, readonly string[], string?][] = [
  ['bot', botStates],
  ['send', [...sendStates, ...scheduledStates], 'sends/words.ts'],
  ['run', runStates, 'schedules/words.ts'],
  ['step', steps, 'send-detail/words.ts'],
  ['push', pushStates],
  ['outbox', outboxStates],
];

test.each(known)(
  '%s: every code has its Chinese word, as the console says it',
  (kind, codes, file) => {
    expect(codes.length).toBeGreaterThan(2);
    for (const code of codes) {
      const word = cellWord('zh', kind, code);
      expect(word, code).toMatch(/\p{Script=Han}/u);
      if (file !== undefined && code !== 'waiting')
        expect(console(file), code).toContain(`'${word}'`);
      expect(cellWord('en', kind, code)).toBe(code);
    }
  },
);

it('leaves what it does not know as it is', () => {
  expect(cellWord('zh', 'send', 'of tomorrow')).toBe('of tomorrow');
});
