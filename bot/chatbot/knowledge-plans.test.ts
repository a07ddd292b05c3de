import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { thresholdsSchema } from '../../config/chatbot-schema.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { planSteps } from '../../tests/support/plan-steps.ts';
import { StatementLog } from '../../tests/support/statement-log.ts';
import { VirtualClock } from '../clock.ts';
import { Knowledge } from './knowledge.ts';
import { Rules } from './rules.ts';

let folder: string;
let db: SqliteDatabase;
let log: StatementLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-kb-plans-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  await migrate(db, { now: 1 });
  log = new StatementLog(db);
});
afterEach(async () => {
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});

it('looks through no table', async () => {
  const tools = { db: log, clock: new VirtualClock(), logger: createLogger('silent') };
  const thresholds = thresholdsSchema.parse({});
  const knowledge = new Knowledge({ ...tools, thresholds, bases: {} });
  const rules = new Rules({ ...tools, vault: openVault(folder) });
  await knowledge.start();
  await rules.start([]);
  // What is read whole once at the start, in pages.
  log.statements.clear();
  const { id } = await knowledge.add({ kb: 'shop', title: '怎么退货', answer: '七天内' });
  await knowledge.addPhrase(id, '我要退');
  await knowledge.update(id, { answer: '八天内', phrases: ['退'] });
  await knowledge.search('退货', { kb: 'shop' });
  await knowledge.addHit(id);
  await knowledge.get(id);
  await knowledge.list({ kb: 'shop' }, 0, 10);
  const file = { format: 'csv', kb: 'k', source: 's', replace: true, name: 'n' } as const;
  await knowledge.import({ ...file, text: 'q,a\n甲,一\n' });
  await knowledge.import({ ...file, text: 'q,a\n乙,二\n' });
  await knowledge.unanswered.note('几点开', 'c');
  const [asked] = await knowledge.unanswered.list(undefined, 10);
  await knowledge.unanswered.drop(asked?.id ?? 0);
  await knowledge.unanswered.note('几点关', 'c');
  const [other] = await knowledge.unanswered.list(undefined, 10);
  await knowledge.answer(other?.id ?? 0, { entry: id });
  await knowledge.remove(id);
  expect(rules.match({ text: 'x', channel: 'room' })).toBeUndefined();

  expect(log.statements.size).toBeGreaterThan(20);
  const steps = await planSteps(db, log.statements);
  const scans = steps.filter(
    ({ detail }) =>
      // The index of words is a table of its own kind: it is asked by its words, or by number. What
      // it gave is gone through, fifty rows; the newest number is at the end.
      !/VIRTUAL TABLE|SCAN f$|CONSTANT ROW/.test(detail) && /\bSCAN\b|TEMP B-TREE/.test(detail),
  );
  expect(scans).toEqual([]);
  await knowledge.stop();
});
