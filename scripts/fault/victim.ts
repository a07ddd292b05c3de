import type { Driver, DriverFactory } from '../../bot/automation/driver.ts';
import { loadConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import type { Database, Tx } from '../../store/database.ts';
import { createDaemon } from '../daemon.ts';
import { transactionKind } from './steps.ts';

// The daemon as it is, with one trap: it kills itself when it passes a step for the n-th time.
// Arguments: config file, and optionally `step` and `n`.
const [file = '', step, count = '1'] = process.argv.slice(2);
let left = Number(count);

function pass(name: string): void {
  if (name !== step) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

function trapDatabase(db: Database): Database {
  const trapped: Pick<Database, 'transaction' | 'insert'> = {
    insert: (row, unless, onDurable) => {
      const made = () => {
        const statement = row();
        pass(`${transactionKind([statement.sql])}:before`);
        return statement;
      };
      return db.insert(made, unless, () => {
        pass('accept:durable');
        onDurable();
      });
    },
    transaction: async (work, options) => {
      const statements: string[] = [];
      const watched = (tx: Tx): Tx => ({
        run: (sql, params) => {
          statements.push(sql);
          return tx.run(sql, params);
        },
        get: (sql, params) => {
          statements.push(sql);
          return tx.get(sql, params);
        },
        all: (sql, params) => {
          statements.push(sql);
          return tx.all(sql, params);
        },
        onDurable: (after) => tx.onDurable(after),
        onRollback: (after) => tx.onRollback(after),
      });
      const value = await db.transaction(async (tx) => {
        tx.onDurable(() => pass(`${transactionKind(statements)}:durable`));
        const result = await work(watched(tx));
        pass(`${transactionKind(statements)}:before`);
        return result;
      }, options);
      return value;
    },
  };
  return Object.assign(Object.create(db) as Database, {
    read: db.read.bind(db),
    readLong: db.readLong.bind(db),
    backup: db.backup.bind(db),
    close: db.close.bind(db),
    ...trapped,
  });
}

function trapDriver(factory: DriverFactory): DriverFactory {
  return (bot, tools) => {
    const driver: Driver = factory(bot, tools);
    const sendText = driver.sendText.bind(driver);
    driver.sendText = async (to, text, options) => {
      pass('driver:before');
      const receipt = await sendText(to, text, options);
      pass('driver:after');
      return receipt;
    };
    return driver;
  };
}

const daemon = await createDaemon(loadConfig({ config: file }, {}), {
  logger: createLogger('error'),
  onFatal: () => process.exit(1),
  wrapDatabase: trapDatabase,
  wrapDriver: trapDriver,
});
await daemon.start();
process.stdout.write(`ready ${daemon.url}\n`);
process.on('SIGTERM', () => void daemon.stop().then(() => process.exit(0)));
