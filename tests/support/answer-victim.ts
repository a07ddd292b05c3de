import { loadConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { createDaemon } from '../../scripts/daemon.ts';
import { type TrapStep, withTransaction } from '../../scripts/fault/trap.ts';
import type { Database } from '../../store/database.ts';

// The daemon in a process of its own. Arguments: config file, a step and a number. It tells nobody of
// answers that have a txcode, and ends like in a power cut when so many of them have come to the step:
// `before` the commit, or `durable`, when they are on disk. Prints where it listens.
const [file = '', step, count] = process.argv.slice(2);
let left = Number(count);

function pass(passed: TrapStep): void {
  if (passed !== step) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
}

function trap(db: Database): Database {
  return withTransaction(db, async (work, options) => {
    let numbered = false;
    const result = await db.transaction(async (tx) => {
      const run: typeof tx.run = (sql, params) => {
        numbered ||= /UPDATE im_messages SET txcode/.test(sql);
        return tx.run(sql, params);
      };
      // First of all: before anything that this transaction wakes.
      tx.onDurable(() => numbered && pass('durable'));
      const { get, all, onDurable, onRollback } = tx;
      const done = await work({ run, get, all, onDurable, onRollback });
      if (numbered) pass('before');
      return done;
    }, options);
    return numbered && left > 0 ? await new Promise<never>(() => {}) : result;
  });
}

const daemon = await createDaemon(loadConfig({ config: file }, {}), {
  logger: createLogger('error'),
  onFatal: () => process.exit(1),
  wrapDatabase: trap,
  passwordCost: { N: 1024, r: 8, p: 1 },
});
await daemon.start();
process.stdout.write(`ready ${daemon.url} ${daemon.imPort}\n`);
