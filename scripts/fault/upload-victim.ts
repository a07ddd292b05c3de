import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Router from '@koa/router';
import { createApp } from '../../api/app.ts';
import { Uploads } from '../../api/files/uploads.ts';
import { imbotErrors } from '../../api/imbot/envelope.ts';
import { mountUploads } from '../../api/imbot/uploads.ts';
import { RealClock } from '../../bot/clock.ts';
import { Files } from '../../bot/files.ts';
import { Thumbnails } from '../../bot/thumbnails.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { Trap } from './trap.ts';

// Arguments: config file, `whole` or `alone`, and optionally a step and a number: it kills itself
// when a transaction passes the step for the n-th time. Prints the line that the daemon prints.
const [file = '', kind, step, count] = process.argv.slice(2);
const config = loadConfig({ config: file }, {});
const logger = createLogger('error');
const trap = new Trap(step);
const onFatal = (): void => process.exit(1);
const url = kind === 'whole' ? await startWhole(config) : await startAlone(config, '127.0.0.1');
if (count !== undefined) trap.arm(Number(count));
process.stdout.write(`ready ${url}\n`);

async function startWhole(settings: Config): Promise<string> {
  const { createDaemon } = await import('../daemon.ts');
  const daemon = await createDaemon(settings, { logger, onFatal, wrapDatabase: trap.around });
  await daemon.start();
  return daemon.url;
}

/** Uploads as the daemon has them, without all the rest. */
async function startAlone({ dataDir, imbot }: Config, host: string): Promise<string> {
  const clock = new RealClock();
  const db = trap.around(new SqliteDatabase({ file: join(dataDir, 'wxrc.db'), onFatal }));
  await migrate(db, { now: clock.now() });
  const files = new Files({ store: new FileStore(db), dataDir, clock });
  await files.start();
  const router = new Router();
  router.use(imbotErrors(logger, 'en'));
  mountUploads(router, '/api/imbot', {
    files,
    uploads: new Uploads({ files, logger }),
    thumbnails: new Thumbnails({ files, logger }),
    limits: imbot,
  });
  const http = createServer(createApp({ routers: [router], logger, language: 'en' }));
  await new Promise<void>((resolve) => http.listen(0, host, resolve));
  return `http://${host}:${(http.address() as AddressInfo).port}`;
}
