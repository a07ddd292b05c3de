import { expect, it } from 'vitest';
import { runImKills } from '../scripts/fault/im-kill.ts';

it('keeps every message it has acknowledged over 50 kills, without a gap or a repeat', async () => {
  const report = await runImKills({
    times: 50,
    seed: 20_261_122,
    whole: false,
    print: () => {},
  });
  expect(report.broken).toEqual([]);
  expect(report.kills).toBe(50);
  // It was under load of every kind.
  for (const kind of ['peer', 'group', 'super']) {
    expect(report.promised[kind], kind).toBeGreaterThan(500);
  }
  for (const kind of ['system', 'add_member', 'quit_group', 'update_name', 'create', 'disband']) {
    expect(report.promised[kind], kind).toBeGreaterThan(5);
  }
}, 900_000);
