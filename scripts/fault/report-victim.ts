import { loadConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import type { Database, Tx } from '../../store/database.ts';
import { startAlone } from './report-alone.ts';
import { reportTransaction } from './report-steps.ts';
import { withTransaction } from './trap.ts';

// The daemon as it is; it kills itself when a transaction of reports passes a step for the n-th time.
// Arguments: config file, `whole` or `alone`, and optionally `step` and `n`.
const [file = '', kind, step, count = '1'] = process.argv.slice(2);
let left = Number(count);

function pass(statements: readonly string[], at: 'before' | 'durable'): void {
  const kind = reportTransaction(statements);
  if (kind === undefined || `${kind}:${at}` !== step) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

function trap(db: Database): Database {
  return withTransaction(db, (work, options) =>
    db.transaction(async (tx) => {
      const statements: string[] = [];
      const noted = (sql: string): string => {
        statements.push(sql);
        return sql;
      };
      const watched: Tx = {
        run: (sql, params) => tx.run(noted(sql), params),
        get: (sql, params) => tx.get(noted(sql), params),
        all: (sql, params) => tx.all(noted(sql), params),
        onDurable: (after) => tx.onDurable(after),
        onRollback: (after) => tx.onRollback(after),
      };
      tx.onDurable(() => pass(statements, 'durable'));
      const result = await work(watched);
      pass(statements, 'before');
      return result;
    }, options),
  );
}

const config = loadConfig({ config: file }, {});
const url = kind === 'whole' ? await startWhole() : await startAlone(config, trap);
process.stdout.write(`ready ${url}\n`);

async function startWhole(): Promise<string> {
  const { createDaemon } = await import('../daemon.ts');
  const daemon = await createDaemon(config, {
    logger: createLogger('error'),
    onFatal: () => process.exit(1),
    wrapDatabase: trap,
  });
  await daemon.start();
  process.on('SIGTERM', () => void daemon.stop().then(() => process.exit(0)));
  return daemon.url;
}
