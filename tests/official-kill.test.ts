import { expect, it } from 'vitest';
import { runOfficialKills } from '../scripts/fault/official-kill.ts';

it('every push that was answered comes once and in order to everybody, over 50 kills', async () => {
  const report = await runOfficialKills({
    times: 50,
    seed: 20_261_122,
    whole: false,
    print: () => {},
  });
  expect(report.broken).toEqual([]);
  expect(report.kills).toBe(50);
  // It was under load of every kind, and names were needed.
  for (const kind of ['plain', 'named', 'many']) {
    expect(report.promised[kind], kind).toBeGreaterThan(40);
  }
  expect(report.saidAgain).toBeGreaterThan(1);
  expect(report.received).toBeGreaterThan(300);
}, 900_000);
