import { expect, it } from 'vitest';
import { runPushKills } from '../scripts/fault/push-kill.ts';

it('works off every push that it has answered once and in order, over 50 kills', async () => {
  const report = await runPushKills({
    ...{ times: 50, seed: 20_261_122, whole: false },
    print: () => {},
  });
  expect(report.broken).toEqual([]);
  expect(report.kills).toBe(50);
  // It was under load, and killed in the middle of it.
  expect(report.promised).toBeGreaterThan(800);
  expect(report.unsure).toBeGreaterThan(5);
  expect(report.downloads).toBeGreaterThan(50);
}, 900_000);
