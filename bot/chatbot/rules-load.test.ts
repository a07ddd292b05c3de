import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type RuleSettings, ruleSchema } from '../../config/chatbot-schema.ts';
import { openVault } from '../../config/secrets.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { VirtualClock } from '../clock.ts';
import { Rules } from './rules.ts';

let folder: string;
let db: SqliteDatabase;
let rules: Rules;
let clock: VirtualClock;
let lines: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-rules-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  await migrate(db, { now: 1 });
  lines = [];
  clock = new VirtualClock(1_800_000_000_000);
  const logger = pino({ level: 'warn' }, { write: (line: string) => lines.push(line) });
  rules = new Rules({ db, vault: openVault(folder), clock, logger });
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

function many(count: number, settings: (at: number) => Partial<RuleSettings>): RuleSettings[] {
  return Array.from({ length: count }, (_, at) =>
    ruleSchema.parse({ name: `r${at}`, reply: { type: 'text', text: 'r' }, ...settings(at) }),
  );
}

/** Milliseconds of the processor that one text takes, at best: others may use the machine as well. */
function msOf(text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    const began = process.cpuUsage();
    expect(rules.match({ text, channel: 'mpweixin' })).toBeUndefined();
    best = Math.min(best, process.cpuUsage(began).user / 1000);
  }
  return best;
}

const long = 'ab退货c'.repeat(570);

it('two thousand expressions that begin at the start cost a long text little', async () => {
  await rules.start(many(2000, (at) => ({ kind: 'regex', pattern: `^订单\\d{6,}${at}$` })));
  expect(msOf(long)).toBeLessThan(100);
  expect(msOf(`订单${'1'.repeat(1900)}x`)).toBeLessThan(200);
});

it('expressions that are somewhere cost no more than the budget, and are told of in one line', async () => {
  const settings = many(2000, (at) => ({
    kind: 'regex',
    pattern: `[^退][a-z]{${1 + (at % 9)}}\\d`,
  }));
  const last = { name: 'last', pattern: 'hours', reply: { type: 'text', text: 'r' }, priority: -1 };
  await rules.start([...settings.slice(1), ruleSchema.parse(last)]);
  expect(msOf(long)).toBeLessThan(200);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain('"rules":');
  // Words need no steps: they answer all the same.
  expect(rules.match({ text: `${long} hours`, channel: 'mpweixin' })?.rule.name).toBe('last');
  await clock.advance(61_000);
  msOf(long);
  expect(lines).toHaveLength(2);
});

it('words that are there, or nearly, cost little as well', async () => {
  await rules.start(many(2000, (at) => ({ pattern: `退货订单${at}号` })));
  expect(msOf('退货订单'.repeat(1000))).toBeLessThan(200);
  // A sign that becomes eighteen.
  expect(msOf('\uFDFA'.repeat(4000))).toBeLessThan(200);
});

it('more than two thousand are refused, those of the config too', async () => {
  await rules.start(many(2000, (at) => ({ pattern: `x${at}` })));
  await expect(rules.applyConfig(many(2001, (at) => ({ pattern: `x${at}` })))).rejects.toThrow();
  const one = ruleSchema.parse({ name: 'n', pattern: 'y', reply: { type: 'text', text: 'r' } });
  await expect(rules.add(one)).rejects.toThrow();
  await rules.applyConfig(many(1999, (at) => ({ pattern: `x${at}` })));
  await rules.add(one);
  await expect(rules.applyConfig(many(2000, (at) => ({ pattern: `x${at}` })))).rejects.toThrow();
});
