import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApp } from '../../api/app.ts';
import { createWechatRouter } from '../../api/wechat/routes.ts';
import { RealClock } from '../../bot/clock.ts';
import { Fetcher } from '../../bot/fetcher.ts';
import { Files } from '../../bot/files.ts';
import { createIm } from '../../bot/im/im.ts';
import { createWechat, type Wechat } from '../../bot/wechat/wechat.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { Signals } from '../../store/signals.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

// Arguments: config file, `whole` or `alone`, and optionally a step and a number: it kills itself
// when it passes the step for the n-th time. Begins at the first line of its input, so that it can be
// loaded while another one still lives. Prints the line that the daemon prints.
const [file = '', kind, step, count] = process.argv.slice(2);
const config = loadConfig({ config: file }, {});
const logger = createLogger('error');
let left = Number(count ?? Number.POSITIVE_INFINITY);

/** `before`: a transaction has done its work; `durable`: it is on disk, and nobody was told. */
function pass(name: 'before' | 'durable'): void {
  if (name !== step) return;
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

function trap(db: Database): Database {
  const transaction: Database['transaction'] = (work, options) =>
    db.transaction(async (tx) => {
      tx.onDurable(() => pass('durable'));
      const result = await work(tx);
      pass('before');
      return result;
    }, options);
  return Object.assign(Object.create(db) as Database, {
    transaction,
    insert: db.insert.bind(db),
    read: db.read.bind(db),
    readLong: db.readLong.bind(db),
    backup: db.backup.bind(db),
    close: db.close.bind(db),
  });
}

const onFatal = (): void => process.exit(1);
await once(process.stdin, 'data');
process.stdin.destroy();
const url = kind === 'whole' ? await startWhole(config) : await startAlone(config);
process.stdout.write(`ready ${url}\n`);

/** The daemon as it is. Not loaded unless it is asked for: half of a start is loading it. */
async function startWhole(settings: Config): Promise<string> {
  const { createDaemon } = await import('../daemon.ts');
  const daemon = await createDaemon(settings, { logger, onFatal, wrapDatabase: trap });
  await daemon.start();
  return daemon.url;
}

/** What takes pushes as the daemon has it, without all else. */
async function startAlone(settings: Config): Promise<string> {
  const { dataDir, timezone, language } = settings;
  const clock = new RealClock();
  const vault = openVault(dataDir);
  const db = trap(new SqliteDatabase({ file: join(dataDir, 'wxrc.db'), onFatal }));
  await migrate(db, { now: clock.now() });
  const im = createIm({ db, vault, clock, logger, door: () => wechat.outbox });
  const wechat: Wechat = createWechat({
    ...{ accounts: settings.wechat, db, vault, signals: new Signals(), clock, logger },
    ...{ conversations: im.conversations, timezone, language, publicUrl: () => '' },
    files: new Files({ store: new FileStore(db), dataDir, clock }),
    fetcher: new Fetcher({ allow: [], maxBytes: 1_000_000, timeoutMs: 1000 }),
  });
  await im.start([]);
  await wechat.start();
  const routers = [createWechatRouter({ intake: wechat.intake, account: () => undefined })];
  const http = createServer(createApp({ routers, logger, language }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
