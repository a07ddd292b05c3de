import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createApp } from '../../api/app.ts';
import { createGobelieveRouter } from '../../api/gobelieve/router.ts';
import { createImSockets, webSocketPath } from '../../api/gobelieve/wire/im-sockets.ts';
import { createAccess } from '../../api/middleware/access.ts';
import { socketPaths } from '../../api/official/addresses.ts';
import { OfficialMeter } from '../../api/official/meter.ts';
import { createPostPush } from '../../api/official/post-push.ts';
import { createOfficialRouter } from '../../api/official/routes.ts';
import { createOfficialSockets } from '../../api/official/sockets.ts';
import { Upgrades } from '../../api/sockets/upgrades.ts';
import { RealClock } from '../../bot/clock.ts';
import { createIm, type Im } from '../../bot/im/im.ts';
import { createOfficial } from '../../bot/official/official.ts';
import { type Config, loadConfig } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import { migrate } from '../../store/migrator.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';
import { Trap } from './trap.ts';

// Arguments: config file, `whole` or `alone`, and optionally a step and a number: it kills itself
// when it passes the step for the n-th time after its start. Prints the lines that the daemon prints.
const [file = '', kind, step, count] = process.argv.slice(2);
const config = loadConfig({ config: file }, {});
const logger = createLogger('error');
const trap = new Trap(step);
const onFatal = (): void => process.exit(1);
const doors = kind === 'whole' ? await startWhole(config) : await startAlone(config, '127.0.0.1');
if (count !== undefined) trap.arm(Number(count));
process.stdout.write(`ready ${doors.url}\nim tcp://127.0.0.1:${doors.tcpPort}\n`);

interface Doors {
  url: string;
  tcpPort: number | undefined;
}

/** The daemon as it is. Not loaded unless it is asked for: half of a start is loading it. */
async function startWhole(settings: Config): Promise<Doors> {
  const { createDaemon } = await import('../daemon.ts');
  const daemon = await createDaemon(settings, { logger, onFatal, wrapDatabase: trap.around });
  await daemon.start();
  return { url: daemon.url, tcpPort: daemon.imPort };
}

/** Instant messaging as the daemon has it, without bots and all that they need. */
async function startAlone(settings: Config, host: string): Promise<Doors> {
  const { dataDir, language, retention, apps } = settings;
  const clock = new RealClock();
  const db = trap.around(new SqliteDatabase({ file: join(dataDir, 'wxrc.db'), onFatal }));
  await migrate(db, { now: clock.now() });
  const im = createIm({ db, vault: openVault(dataDir), clock, logger, ...retention });
  await im.start(apps);
  const sockets = createImSockets({ im, clock, logger, tcp: { host, port: 0 } });
  const upgrades = new Upgrades();
  upgrades.add(webSocketPath, sockets.upgrade);
  const { router, upgrade } = startOfficial(settings, db, im);
  for (const path of socketPaths) upgrades.add(path, upgrade);
  const routers = [router, createGobelieveRouter({ im, clock, logger })];
  const http = createServer(
    { shouldUpgradeCallback: upgrades.wants },
    createApp({ routers, logger, language }),
  );
  upgrades.attach(http);
  await new Promise<void>((resolve) => http.listen(0, host, resolve));
  const { port } = http.address() as AddressInfo;
  return { url: `http://${host}:${port}`, tcpPort: await sockets.start() };
}

/** The official-account component as the daemon has it. */
function startOfficial(settings: Config, db: Database, im: Im) {
  const { language, access: tokens, official: wanted } = settings;
  const clock = new RealClock();
  const official = createOfficial({ db, im, keepDays: wanted.keepDays, clock, logger });
  const access = createAccess({ access: tokens, clock, logger });
  const shared = { official, access, clock, logger, language, meter: new OfficialMeter() };
  const sockets = createOfficialSockets({
    ...{ ...shared, im, settings: wanted, publicUrl: () => '' },
  });
  sockets.start();
  return { router: createOfficialRouter(createPostPush(shared)), upgrade: sockets.upgrade };
}
