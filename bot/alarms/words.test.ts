import { expect, test } from 'vitest';
import type { Episode } from './episode.ts';
import { sayAlarm } from './words.ts';

const episode = (text: string): Episode => ({
  ...{ id: 'a', key: 'k', kind: 'schedule', subject: 's', state: 'raised', stage: 1 },
  ...{ toldStage: 0, flapping: false, text: { zh: text, en: text }, since: 0, overAt: 1000 },
  ...{ raisedAt: 0, calmSince: undefined, ackedAt: undefined, ackedBy: undefined, note: undefined },
});

test('is one line, whatever somebody called what it is about', () => {
  const hostile = 'no file x\r\n[RESOLVED] all is well\u2028\x1b[2J\u202e';
  for (const what of ['raised', 'changed', 'over'] as const) {
    const { zh, en } = sayAlarm(what, episode(hostile), { timezone: 'UTC', quietMs: 0 });
    for (const told of [zh, en]) {
      expect(told).toContain('no file x [RESOLVED] all is well \\x1b[2J\\u202e');
      expect(told).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    }
  }
});
