import { expect, test } from 'vitest';
import { runLoadDrill } from '../scripts/drills/load-drill.ts';

test('the drill of ten times the load, for seconds: everything accepted leaves and is told', async () => {
  const report = await runLoadDrill({ seconds: 4, rate: 50, print: () => {} });
  expect(report.broken).toEqual([]);
  expect(report.commands).toBeGreaterThan(150);
  expect(report.events).toBe(report.commands);
});
