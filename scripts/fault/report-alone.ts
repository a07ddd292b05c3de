import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Router from '@koa/router';
import { createApp } from '../../api/app.ts';
import { readJson } from '../../api/middleware/body.ts';
import { createSimulatorRouter } from '../../api/simulator/routes.ts';
import { Bots } from '../../bot/automation/bots/bots.ts';
import { Simulators } from '../../bot/automation/drivers/simulator/simulator.ts';
import { Sends } from '../../bot/automation/sends/sends.ts';
import { Channels } from '../../bot/channels.ts';
import { RealClock } from '../../bot/clock.ts';
import { EventLog } from '../../bot/event-log.ts';
import { Fetcher } from '../../bot/fetcher.ts';
import { Files } from '../../bot/files.ts';
import { Reports } from '../../bot/reports/reports.ts';
import { type Config, pacingDefaults } from '../../config/config.ts';
import { createLogger } from '../../config/logger.ts';
import { openVault } from '../../config/secrets.ts';
import { BotStore } from '../../store/bots.ts';
import { ChannelStore } from '../../store/channels.ts';
import type { Database } from '../../store/database.ts';
import { EventStore } from '../../store/events.ts';
import { FileStore } from '../../store/files.ts';
import { migrate } from '../../store/migrator.ts';
import { PacingStore } from '../../store/pacing.ts';
import { QrStore } from '../../store/qr-codes.ts';
import { RoomStore } from '../../store/rooms.ts';
import { SendStore } from '../../store/sends.ts';
import { Signals } from '../../store/signals.ts';
import { SqliteDatabase } from '../../store/sqlite.ts';

/**
 * Bots, sends and reports as the daemon has them, without all the rest: it starts in a fraction of the
 * time. @returns where it listens, for the few calls that the harness makes
 */
export async function startAlone(
  config: Config,
  wrap: (db: Database) => Database,
): Promise<string> {
  const { dataDir, language } = config;
  const clock = new RealClock();
  const logger = createLogger('error');
  const file = join(dataDir, 'wxrc.db');
  const db = wrap(new SqliteDatabase({ file, onFatal: () => process.exit(1) }));
  await migrate(db, { now: clock.now() });
  const vault = openVault(dataDir);
  const channels = new Channels({ store: new ChannelStore(db, vault), vault, clock, logger });
  const eventStore = new EventStore(db);
  const events = new EventLog({ store: eventStore, channels, clock, signals: new Signals() });
  const files = new Files({ store: new FileStore(db), dataDir, clock });
  const fetcher = new Fetcher({
    allow: config.fetch.allow,
    maxBytes: 1_000_000,
    timeoutMs: 20_000,
  });
  const simulators = new Simulators({ clock, logger });
  const bots = new Bots({
    ...{ db, store: new BotStore(db), rooms: new RoomStore(db), qrCodes: new QrStore(db) },
    ...{ events, clock, logger, vault, dataDir },
    drivers: {
      simulator: simulators.factory,
      wechaty: () => Promise.reject(new Error('not here')) as never,
    },
  });
  const sends = new Sends({
    ...{ db, store: new SendStore(db), pacing: new PacingStore(db), bots, channels, events, files },
    ...{ fetcher, clock, logger, defaults: pacingDefaults(config), language },
  });
  const reports = new Reports({
    ...{ db, vault, desk: sends, bots, files, fetcher, dataDir, clock, logger, language },
    keepDays: 90,
    ...{ reports: config.reports, reporting: config.reporting, zone: config.timezone },
    pictures: { render: () => Promise.reject(new Error('not here')) },
  });
  await files.start();
  await channels.start();
  await bots.applyConfig(config.bots ?? []);
  await bots.start();
  await sends.start();
  await reports.start();

  const router = new Router();
  router.post('/api/v1/session', (ctx) => {
    ctx.body = { token: 'nobody asks' };
  });
  router.post('/api/v1/scheduled-sends', async (ctx) => {
    const asked = (await readJson(ctx)) as {
      botcode: string;
      roomTopic: string;
      text: string;
      at: number;
    };
    const { id } = await reports.later.add({
      ...{ botcode: asked.botcode, target: { kind: 'room', topic: asked.roomTopic } },
      content: { kind: 'text', text: asked.text, mentions: [] },
      ...{ at: asked.at, deliverWithinMs: 3_600_000, madeBy: undefined },
    });
    ctx.status = 201;
    ctx.body = { id };
  });
  const simulator = new Router();
  simulator.use(createSimulatorRouter({ simulators }).routes());
  const http = createServer(createApp({ routers: [router, simulator], logger, language }));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  process.on('SIGTERM', () => {
    void reports
      .stop()
      .then(() => sends.stop())
      .then(() => bots.stop())
      .then(() => db.close())
      .then(() => process.exit(0));
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}
