import { expect, it } from 'vitest';
import { runReportKills } from '../scripts/fault/report-kill.ts';
import { reportSteps } from '../scripts/fault/report-steps.ts';

it('killed at every step of a report and of a send for later: one run a slot, one message a run', async () => {
  const options = { times: 12, seed: 20_261_122, print: () => {} };
  const report = await runReportKills({ ...options, whole: false });
  expect(report.broken).toEqual([]);
  expect(report.kills).toBe(12);
  expect(Object.keys(report.atSteps).sort()).toEqual([...reportSteps].sort());
  expect(report.wished).toBeGreaterThan(5);
  expect(report.runs['sent']).toBeGreaterThan(10);
}, 600_000);
