import { createEncoder, encodeTrial } from '../api/commands/callbacks.ts';
import { commandsByName } from '../api/commands/table.ts';
import { Uploads } from '../api/files/uploads.ts';
import { createPostMsg } from '../api/imbot/post-msg.ts';
import { CommandMeter } from '../api/metrics/command-meter.ts';
import { Metrics } from '../api/metrics/metrics.ts';
import { createAccess } from '../api/middleware/access.ts';
import { OfficialMeter } from '../api/official/meter.ts';
import { createPostPush } from '../api/official/post-push.ts';
import { BotHistory } from '../bot/automation/bots/bot-history.ts';
import { Bots } from '../bot/automation/bots/bots.ts';
import { type Maker, QrShares } from '../bot/automation/bots/qr-shares.ts';
import { Commands } from '../bot/automation/commands.ts';
import { Deliveries } from '../bot/automation/deliveries/deliveries.ts';
import type { DriverFactory } from '../bot/automation/driver.ts';
import { Simulators } from '../bot/automation/drivers/simulator/simulator.ts';
import { createWechatyFactory } from '../bot/automation/drivers/wechaty/wechaty.ts';
import { Retention } from '../bot/automation/retention.ts';
import { SendMinutes } from '../bot/automation/sends/send-minutes.ts';
import { Sends } from '../bot/automation/sends/sends.ts';
import { Channels } from '../bot/channels.ts';
import { type Chatbot, createChatbot } from '../bot/chatbot/chatbot.ts';
import { type Clock, RealClock } from '../bot/clock.ts';
import { EventLog } from '../bot/event-log.ts';
import { Fetcher } from '../bot/fetcher.ts';
import { Files } from '../bot/files.ts';
import { createIm } from '../bot/im/im.ts';
import { LiveFeed } from '../bot/live.ts';
import { LiveSettings } from '../bot/live-settings.ts';
import { createOfficial } from '../bot/official/official.ts';
import { Audit } from '../bot/operators/audit.ts';
import { Operators, type OperatorsOptions } from '../bot/operators.ts';
import { Pictures } from '../bot/reports/pictures/pictures.ts';
import { Reports } from '../bot/reports/reports.ts';
import { reportFetcher } from '../bot/reports/sources.ts';
import { Storage } from '../bot/storage.ts';
import { Thumbnails } from '../bot/thumbnails.ts';
import { createTracing } from '../bot/tracing.ts';
import { type Config, pacingDefaults } from '../config/config.ts';
import type { Logger } from '../config/logger.ts';
import { AdminTokenStore } from '../store/admin-tokens.ts';
import { AuditStore } from '../store/audit.ts';
import { BotStore } from '../store/bots.ts';
import { ChannelStore } from '../store/channels.ts';
import { CommandStore } from '../store/commands.ts';
import type { Database, DatabaseFatal } from '../store/database.ts';
import { EventStore } from '../store/events.ts';
import { FileStore } from '../store/files.ts';
import { MetricStore } from '../store/metrics.ts';
import { PacingStore } from '../store/pacing.ts';
import { QrStore } from '../store/qr-codes.ts';
import { QrShareStore } from '../store/qr-shares.ts';
import { RoomStore } from '../store/rooms.ts';
import { SendStore } from '../store/sends.ts';
import { SettingStore } from '../store/settings.ts';
import { Signals } from '../store/signals.ts';
import { ConsoleFiles } from './console-files.ts';
import { createImbotPart } from './imbot.ts';
import { watchReports } from './report-alarms.ts';
import { openStore } from './store.ts';
import { createWatch } from './watch.ts';
import { createWechatPart, imbotPort } from './wechat.ts';

/** What tests, the fault harness and the process entry may hand in. */
export interface CoreOverrides {
  logger: Logger;
  /** The database cannot be relied on any more. */
  onFatal: (error: DatabaseFatal) => void;
  /** The database was taken away for good: what it held is saved when the daemon stops. */
  onLost?: () => void;
  clock?: Clock;
  wrapDatabase?: (db: Database) => Database;
  wrapDriver?: (factory: DriverFactory) => DriverFactory;
  passwordCost?: OperatorsOptions['passwordCost'];
}

export type Core = Awaited<ReturnType<typeof createCore>>;

/**
 * Opens the store and builds every part of the daemon, in order and by hand; starts nothing.
 * @param publicUrl where receivers reach us; known once we listen
 */
export async function createCore(
  config: Config,
  overrides: CoreOverrides,
  publicUrl: () => string,
) {
  const { logger } = overrides;
  const clock = overrides.clock ?? new RealClock();
  const { dataDir } = config;
  const { db, vault, file, syncs, health, reclaim, presence, secretsLeft } = await openStore({
    ...{ dataDir, now: clock.now(), onFatal: overrides.onFatal, wrap: overrides.wrapDatabase },
    logger: logger.child({ area: 'store:secrets' }),
  });
  const signals = new Signals();
  const area = (name: string): Logger => logger.child({ area: name });

  const storage = new Storage({
    ...{ folder: dataDir, reserveBytes: config.disk.reserveMb * 1024 * 1024 },
    ...{ health, presence, clock, logger: area('bot:storage') },
    onLost: () => overrides.onLost?.(),
  });
  const assertRoom = (): void => storage.assertRoom();
  const channels = new Channels({
    store: new ChannelStore(db, vault),
    vault,
    clock,
    logger: area('bot:channels'),
  });
  const settings = new SettingStore(db);
  const operators = new Operators({
    ...{ tokens: new AdminTokenStore(db), settings, vault, admin: config.admin, dataDir, clock },
    ...{ logger: area('bot:operators'), passwordCost: overrides.passwordCost },
  });
  const audit = new Audit({
    store: new AuditStore(db),
    clock,
    logger: area('bot:operators'),
  });
  const tracing = createTracing();
  const eventStore = new EventStore(db);
  const events = new EventLog({ store: eventStore, channels, clock, signals });
  const deliveries = new Deliveries({
    db,
    store: eventStore,
    channels,
    clock,
    logger: area('bot:deliveries'),
    signals,
    encode: createEncoder({ publicUrl }),
    tracing,
    encodeTrial,
  });
  const files = new Files({ store: new FileStore(db), dataDir, clock });
  const { allow, maxBytes, timeoutSeconds } = config.fetch;
  const fetcher = new Fetcher({ allow, maxBytes, timeoutMs: timeoutSeconds * 1000 });

  const simulators = new Simulators({ clock, logger: area('driver:simulator') });
  const wrap = overrides.wrapDriver ?? ((factory: DriverFactory) => factory);
  const bots = new Bots({
    db,
    store: new BotStore(db),
    rooms: new RoomStore(db),
    qrCodes: new QrStore(db),
    events,
    clock,
    logger: area('bot:bots'),
    vault,
    drivers: {
      simulator: wrap(simulators.factory),
      wechaty: wrap(createWechatyFactory()),
    },
    dataDir,
  });
  const sends = new Sends({
    db,
    store: new SendStore(db),
    pacing: new PacingStore(db),
    bots,
    channels,
    events,
    files,
    fetcher,
    clock,
    logger: area('bot:sends'),
    defaults: pacingDefaults(config),
    tracing,
    language: config.language,
  });
  const im = createIm({
    ...{ db, vault, clock, logger: area('bot:im'), publicUrl, assertRoom, ...config.retention },
    // They need each other.
    pairs: () => imbot.pairs,
    door: () => wechat.outbox,
    chatDoor: () => chatbot.door,
  });
  const wechat = createWechatPart(config, {
    ...{ db, vault, signals, clock, files, fetcher, publicUrl, logger: area('bot:wechat') },
    conversations: im.conversations,
  });
  const imbot = createImbotPart({
    ...{ config, db, im, clock, publicUrl, logger: area('bot:imbot') },
    wechat: imbotPort(config, wechat, () => imbot.users),
  });
  const official = createOfficial({
    ...{ db, im, clock, assertRoom, logger: area('bot:official') },
    keepDays: config.official.keepDays,
  });
  const chatbot: Chatbot = createChatbot({
    ...{ db, vault, bots, sends, conversations: im.conversations, clock },
    ...{ settings: config.chatbot, rules: config.rules, timezone: config.timezone },
    ...{ keepDays: config.retention.messagesDays, logger: area('bot:chatbot'), assertRoom },
    language: config.language,
  });
  const officialMeter = new OfficialMeter();
  const commands = new Commands({ store: new CommandStore(db), sends, clock, assertRoom });
  const retention = new Retention({
    db,
    clock,
    logger: area('bot:retention'),
    files,
    ...config.retention,
  });
  const watch = createWatch({
    ...{ config, db, health, storage, settings, bots, sends, channels, deliveries },
    ...{ clock, area, publicUrl, reclaim },
  });
  const thumbnails = new Thumbnails({ files, logger: area('bot:thumbnails') });
  const pictures = new Pictures({ logger: area('bot:pictures') });
  const reports = new Reports({
    ...{ db, vault, bots, files, pictures, dataDir, clock, language: config.language },
    ...{ desk: sends, reports: config.reports, reporting: config.reporting },
    ...{ zone: config.timezone, keepDays: config.retention.sendsDays },
    ...{ fetcher: reportFetcher(allow), logger: area('bot:reports') },
  });
  watchReports(watch.alarms, reports, db);
  const uploads = new Uploads({ files, logger: area('api:uploads') });
  const access = createAccess({ access: config.access, clock, logger: area('api:access') });
  const postMsg = createPostMsg({
    ...{ messages: imbot.messages, access, language: config.language, assertRoom },
    logger: area('api:imbot'),
  });
  const postPush = createPostPush({
    ...{ official, access, clock, meter: officialMeter, language: config.language },
    logger: area('api:official'),
  });
  const commandMeter = new CommandMeter(commandsByName);
  const metrics = new Metrics({
    db,
    file,
    bots,
    channels,
    ...{ sends, deliveries, clock },
    commands: commandMeter,
    im,
    official: officialMeter,
    imbot,
    wechat,
    chatbot,
    reports,
    syncs,
    watch: { ...watch, storage, databaseHealth: health },
  });

  const stands = (maker: Maker) => operators.stands(maker, 'operator');
  const qrShares = new QrShares({ store: new QrShareStore(db), bots, clock, stands });
  const botHistory = new BotHistory({ bots, clock });
  const sendMinutes = new SendMinutes({ store: new MetricStore(db), clock });
  const live = new LiveFeed({ clock });
  const consoleFiles = new ConsoleFiles({ dataDir, logger: area('api:console') });

  return {
    config,
    clock,
    logger,
    consoleFiles,
    qrShares,
    botHistory,
    sendMinutes,
    live,
    vault,
    db,
    signals,
    channels,
    operators,
    audit,
    settings,
    events,
    deliveries,
    files,
    fetcher,
    simulators,
    bots,
    sends,
    commands,
    im,
    wechat,
    imbot,
    official,
    officialMeter,
    chatbot,
    retention,
    thumbnails,
    pictures,
    reports,
    uploads,
    access,
    postMsg,
    postPush,
    commandMeter,
    metrics,
    databaseHealth: health,
    secretsLeft,
    storage,
    tracing,
    mcp: new LiveSettings(config.mcp),
    ...watch,
  };
}
