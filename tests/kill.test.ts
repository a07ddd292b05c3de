import { expect, it } from 'vitest';
import { runKills } from '../scripts/fault/kill.ts';
import { steps } from '../scripts/fault/steps.ts';

it('keeps its promises over 50 kills, at random moments and at every named step', async () => {
  const report = await runKills({ times: 50, seed: 20_261_122, print: () => {} });
  expect(report.broken).toEqual([]);
  expect(report.kills).toBe(50);
  expect(Object.keys(report.atSteps).sort()).toEqual([...steps].sort());
  // It was under load, and the load was done.
  expect(report.promised).toBeGreaterThan(500);
  expect(report.states['sent']).toBeGreaterThan(report.promised / 2);
}, 900_000);
