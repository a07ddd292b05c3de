import { expect, it } from 'vitest';
import { runUploadKills } from '../scripts/fault/upload-kill.ts';

it('keeps every upload it has answered over 50 kills, whole, and nothing of the others', async () => {
  const report = await runUploadKills({
    times: 50,
    seed: 20_261_122,
    whole: false,
    print: () => {},
  });
  expect(report.broken).toEqual([]);
  expect(report.kills).toBe(50);
  // It was under load, and killed in the middle of it.
  expect(report.answered).toBeGreaterThan(60);
  expect(report.brokenOff).toBeGreaterThan(60);
  expect(report.strays).toBeGreaterThan(10);
}, 900_000);
