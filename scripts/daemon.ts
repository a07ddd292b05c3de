import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { createApp } from '../api/app.ts';
import { createCommandHandler } from '../api/commands/handle.ts';
import { traced } from '../api/commands/traced.ts';
import { HttpServer } from '../api/server.ts';
import { endStrayHosts } from '../bot/automation/drivers/wechaty/wechaty.ts';
import { type Config, pacingDefaults } from '../config/config.ts';
import { setLogLevel } from '../config/logger.ts';
import { version } from '../config/version.ts';
import { acquireLock, type Lock } from '../store/lock.ts';
import { type Core, type CoreOverrides, createCore } from './core.ts';
import { answerHelp } from './help.ts';
import { feedLive } from './live.ts';
import { createRouters, quickRoutes } from './routers.ts';
import { createSockets, type Sockets } from './sockets.ts';
import { Terminal } from './terminal.ts';

export interface DaemonOverrides extends CoreOverrides {
  /** Reads the config again; absent: reload does nothing. */
  reload?: () => Config;
  /** Nothing that reaches out is started, bots least of all: for trials of a backup. */
  quiet?: boolean;
}

export interface Daemon {
  /** Where it listens; empty before start. */
  readonly url: string;
  /** TCP port of the GoBelieve client protocol, where it is served. */
  readonly imPort: number | undefined;
  readonly core: Core;
  /** Key of the channel that the first start made; for its reader's eyes, this once. */
  readonly firstKey: string | undefined;
  start(): Promise<void>;
  /** Idempotent; goes on when a part fails, and rejects with the first failure at the end. */
  stop(): Promise<void>;
  /**
   * Applies what can change while it runs: channels, bots, pacing, the chatbot, admin password, log
   * level.
   * @returns sections that have changed and need a restart
   */
  reload(): Promise<string[]>;
  /** Prints QR codes and logins from now on. */
  showQrCodes(out: NodeJS.WritableStream): void;
}

/** Builds the whole daemon; nothing runs before `start()`. One daemon per data directory. */
export async function createDaemon(config: Config, overrides: DaemonOverrides): Promise<Daemon> {
  const lock = acquireLock(config.dataDir);
  let url = '';
  try {
    const core = await createCore(config, overrides, () => config.publicUrl ?? url);
    return new RunningDaemon(config, overrides, core, lock, (now) => {
      url = now;
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Sections a reload does not touch. */
const needRestart = [
  'http',
  'publicUrl',
  'dataDir',
  'timezone',
  'language',
  'commands',
  'fetch',
  'retention',
  'reporting',
  'access',
  'im',
  'official',
  'imbot',
  'disk',
  'mcp',
] as const satisfies (keyof Config)[];

interface Part {
  name: string;
  stop: () => Promise<void> | void;
}

class RunningDaemon implements Daemon {
  readonly core: Core;
  readonly #config: Config;
  readonly #overrides: DaemonOverrides;
  readonly #http: HttpServer;
  readonly #sockets: Sockets;
  #imPort: number | undefined;
  readonly #stopping = new AbortController();
  readonly #setUrl: (url: string) => void;
  readonly #lock: Lock;
  /** What runs, in the order it was started. */
  readonly #parts: Part[] = [];
  #url = '';
  #firstKey: string | undefined;
  #reloadFault: string | undefined;
  #starting: Promise<void> | undefined;
  #started: Promise<void> | undefined;
  #stopped: Promise<void> | undefined;

  constructor(
    config: Config,
    overrides: DaemonOverrides,
    core: Core,
    lock: Lock,
    setUrl: (url: string) => void,
  ) {
    this.#config = config;
    this.#overrides = overrides;
    this.core = core;
    this.#lock = lock;
    this.#setUrl = setUrl;
    const { logger } = overrides;
    const publicUrl = (): string => config.publicUrl ?? this.#url;
    this.#sockets = createSockets(core, publicUrl, this.#stopping.signal);
    this.#http = new HttpServer({
      ...config.http,
      upgrades: this.#sockets.upgrades,
      maxCommandBytes: config.commands.maxBodyBytes,
      logger: logger.child({ area: 'api:server' }),
      commands: traced(
        createCommandHandler(
          { ...core, logger: logger.child({ area: 'api:commands' }) },
          core.commandMeter,
        ),
        core.tracing,
      ),
      quick: quickRoutes(core),
      app: createApp({
        routers: createRouters({
          core,
          stopping: this.#stopping.signal,
          publicUrl,
          reload: () => this.reload(),
          reloadFault: () => this.#reloadFault,
        }),
        logger: logger.child({ area: 'api' }),
        language: config.language,
        full: () => this.core.storage.full,
      }),
    });
  }

  get firstKey(): string | undefined {
    return this.#firstKey;
  }

  get imPort(): number | undefined {
    return this.#imPort;
  }

  get url(): string {
    return this.#url;
  }

  start(): Promise<void> {
    this.#starting ??= this.#start();
    this.#started ??= this.#starting.catch(async (error: unknown) => {
      await this.stop().catch(() => {});
      throw error;
    });
    return this.#started;
  }

  async #start(): Promise<void> {
    const { core } = this;
    this.#began('lock', () => this.#lock.release());
    this.#began('database', () => core.db.close());
    // First of all: a port that is taken must not cost a WeChat login.
    const port = await this.#http.start();
    this.#began('listener', () => this.#http.stop());
    const { host } = this.#config.http;
    this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#setUrl(this.#url);
    const quiet = this.#overrides.quiet === true;
    await core.storage.start();
    this.#began('storage', () => core.storage.stop());
    await core.files.start();
    await core.channels.start();
    if (!quiet) await this.#firstChannel();
    await core.operators.start();
    this.#began('operators', () => core.operators.stop());
    await core.metrics.start();
    core.retention.start();
    this.#began('retention', () => core.retention.stop());
    if (!quiet) await this.#firstBots();
    this.#began('deliveries', () => core.deliveries.stop());
    this.#began('live', feedLive(core, core.live));
    if (!quiet) await core.bots.start();
    this.#began('bots', () => core.bots.stop());
    this.#began('help', answerHelp(core));
    await this.#endStrayHosts();
    await core.commands.start();
    await core.im.start(this.#config.apps);
    this.#began('im', () => core.im.stop());
    if (!quiet) await core.wechat.start();
    this.#began('wechat', () => core.wechat.stop());
    if (!quiet) await core.imbot.start();
    this.#began('imbot', () => core.imbot.stop());
    core.official.start();
    this.#began('official', () => core.official.stop());
    this.#began('pictures', () => core.pictures.stop());
    if (!quiet) await core.sends.start();
    this.#began('sends', () => core.sends.stop());
    if (!quiet) await core.reports.start();
    this.#began('reports', () => core.reports.stop());
    if (!quiet) await core.chatbot.start();
    this.#began('chatbot', () => core.chatbot.stop());
    this.#http.open();
    // Stopped before everything that answers need.
    this.#began('http', () => this.#http.stop());
    const { im, official, chatbot, live } = this.#sockets;
    this.#imPort = await im.start();
    this.#began('im sockets', () => im.stop());
    official.start();
    this.#began('official sockets', () => official.stop());
    chatbot.start();
    this.#began('chatbot sockets', () => chatbot.stop());
    live.start();
    this.#began('live sockets', () => live.stop());
    this.#began('streams', () => this.#stopping.abort());
    this.#began('wechat calls', () => core.wechat.drain());
    // Not before: the addresses of QR codes in events hold ours.
    if (!quiet) await core.deliveries.start();
    if (!quiet) await this.#startWatch();
    const note = join(this.#config.dataDir, 'daemon.json');
    writeFileSync(note, JSON.stringify({ url: this.#url, pid: process.pid }), { mode: 0o600 });
    this.#began('note', () => rmSync(note, { force: true }));
    core.logger.info({ version, url: this.#url, dataDir: this.#config.dataDir }, 'started');
  }

  async #startWatch(): Promise<void> {
    const { alarms, backups, clockWatch, reclaimer } = this.core;
    await clockWatch.start();
    this.#began('clock', () => clockWatch.stop());
    reclaimer.start();
    this.#began('reclaimer', () => reclaimer.stop());
    backups.start();
    this.#began('backups', () => backups.stop());
    await alarms.start();
    this.#began('alarms', () => alarms.stop());
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    // A start under way ends first: what it began is what is stopped.
    await this.#starting?.catch(() => {});
    this.core.logger.info('stopping');
    const failures: unknown[] = [];
    for (let part = this.#parts.pop(); part !== undefined; part = this.#parts.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.core.logger.error({ err: error, part: part.name }, 'part did not stop cleanly');
        failures.push(error);
      }
    }
    this.core.logger.info('stopped');
    if (failures.length > 0) throw failures[0];
  }

  async reload(): Promise<string[]> {
    try {
      const config = this.#overrides.reload?.();
      const waiting = config === undefined ? [] : await this.#apply(config);
      this.#reloadFault = undefined;
      return waiting;
    } catch (error) {
      this.#reloadFault = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  async #apply(config: Config): Promise<string[]> {
    const { core } = this;
    if (config.channels !== undefined) await core.channels.applyConfig(config.channels);
    if (config.bots !== undefined) await core.bots.applyConfig(config.bots);
    await core.im.applyApps(config.apps);
    core.wechat.applyConfig(config.wechat);
    await core.chatbot.applyConfig(config.chatbot, config.rules);
    await core.reports.applyConfig(config.reports);
    await this.#endStrayHosts();
    core.sends.setDefaults(pacingDefaults(config));
    core.alarms.applyConfig(config.alarms);
    core.backups.applyConfig(config.backup);
    await core.operators.applyConfig(config.admin);
    setLogLevel(core.logger, config.log);
    core.logger.info('config read again');
    const waiting = needRestart.filter((key) => !isDeepStrictEqual(config[key], this.#config[key]));
    if (waiting.length > 0) core.logger.warn({ waiting }, 'these changes need a restart');
    return waiting;
  }

  /** Hosts outlive the daemon; those of bots that are no more must not. */
  async #endStrayHosts(): Promise<void> {
    const known = new Set(this.core.bots.list().map((bot) => bot.botcode));
    await endStrayHosts(join(this.#config.dataDir, 'wechaty'), known);
  }

  showQrCodes(out: NodeJS.WritableStream): void {
    const { bots, clock, config } = this.core;
    const terminal = new Terminal({ bots, clock, language: config.language, out });
    terminal.start();
    this.#began('terminal', () => terminal.stop());
  }

  #began(name: string, stop: Part['stop']): void {
    this.#parts.push({ name, stop });
  }

  /** Without a config there is a channel to try with, its key made at first start. */
  async #firstChannel(): Promise<void> {
    const { channels } = this.core;
    if (this.#config.channels !== undefined) await channels.applyConfig(this.#config.channels);
    else if (channels.list().length === 0) {
      this.#firstKey = (await channels.add({ chid: 'demo' })).key;
    }
  }

  /** Without a config there is a simulated bot to try with, from the first start on. */
  async #firstBots(): Promise<void> {
    const { bots } = this.core;
    if (this.#config.bots !== undefined) await bots.applyConfig(this.#config.bots);
    else if ((await bots.count()) === 0) await bots.add({ botcode: 'bot01' });
  }
}
