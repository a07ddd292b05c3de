import { expect, it } from 'vitest';
import { runImbotKills } from '../scripts/fault/imbot-kill.ts';

it('keeps every message it has accepted over 50 kills, once, and gives none out twice', async () => {
  const report = await runImbotKills({
    times: 50,
    seed: 20_261_122,
    whole: false,
    print: () => {},
  });
  expect(report.broken).toEqual([]);
  expect(report.kills).toBe(50);
  // It was under load of every kind.
  expect(report.accepted).toBeGreaterThan(200);
  expect(report.taken).toBeGreaterThan(100);
  expect(report.notices).toBeGreaterThan(3);
  expect(report.forms).toBeGreaterThan(0);
}, 900_000);
