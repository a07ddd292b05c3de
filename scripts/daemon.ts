import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from '../api/app.ts';
import { createCommandHandler } from '../api/commands/handle.ts';
import { traced } from '../api/commands/traced.ts';
import { HttpServer } from '../api/server.ts';
import type { Config } from '../config/config.ts';
import { version } from '../config/version.ts';
import { acquireLock, type Lock } from '../store/lock.ts';
import { logConfigWarnings } from './config-warnings.ts';
import { type Core, type CoreOverrides, createCore } from './core.ts';
import { answerHelp } from './help.ts';
import { feedLive } from './live.ts';
import { Parts } from './parts.ts';
import { applyConfig, endStrays, inForce } from './reload.ts';
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
  readonly #parts: Parts;
  #url = '';
  #firstKey: string | undefined;
  #reloadFault: string | undefined;
  #inForce: Config;
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
    this.#inForce = config;
    this.#overrides = overrides;
    this.core = core;
    this.#lock = lock;
    this.#setUrl = setUrl;
    const { logger } = overrides;
    this.#parts = new Parts(core.logger);
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
          configInForce: () => this.#inForce,
        }),
        logger: logger.child({ area: 'api' }),
        language: config.language,
        full: () => this.core.storage.refusal !== undefined,
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
    this.#parts.began('lock', () => this.#lock.release());
    this.#parts.began('database', () => core.storage.save().then(() => core.db.close()));
    // First of all: a port that is taken must not cost a WeChat login.
    const port = await this.#http.start();
    this.#parts.began('listener', () => this.#http.stop());
    const { host } = this.#config.http;
    this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    this.#setUrl(this.#url);
    const quiet = this.#overrides.quiet === true;
    await core.storage.start();
    this.#parts.began('storage', () => core.storage.stop());
    await core.files.start();
    await core.channels.start();
    if (!quiet) await this.#firstChannel();
    await core.operators.start();
    this.#parts.began('operators', () => core.operators.stop());
    await core.metrics.start();
    core.retention.start();
    this.#parts.began('retention', () => core.retention.stop());
    if (!quiet) await this.#firstBots();
    this.#parts.began('deliveries', () => core.deliveries.stop());
    this.#parts.began('live', feedLive(core, core.live));
    if (!quiet) await core.bots.start();
    this.#parts.began('bots', () => core.bots.stop());
    this.#parts.began('help', answerHelp(core));
    await endStrays(core);
    await core.commands.start();
    await core.im.start(this.#config.apps);
    this.#parts.began('im', () => core.im.stop());
    if (!quiet) await core.wechat.start();
    this.#parts.began('wechat', () => core.wechat.stop());
    if (!quiet) await core.imbot.start();
    this.#parts.began('imbot', () => core.imbot.stop());
    core.official.start();
    this.#parts.began('official', () => core.official.stop());
    this.#parts.began('pictures', () => core.pictures.stop());
    if (!quiet) await core.sends.start();
    this.#parts.began('sends', () => core.sends.stop());
    if (!quiet) await logConfigWarnings(this.#config, core.logger);
    if (!quiet) await core.reports.start();
    this.#parts.began('reports', () => core.reports.stop());
    if (!quiet) await core.chatbot.start();
    this.#parts.began('chatbot', () => core.chatbot.stop());
    // Before the doors, so that on the way out those close first.
    if (!quiet) await this.#startWatch();
    this.#http.open();
    // Stopped before everything that answers need.
    this.#parts.began('http', () => this.#http.stop());
    const { im, official, chatbot, live } = this.#sockets;
    this.#imPort = await im.start();
    this.#parts.began('im sockets', () => im.stop());
    official.start();
    this.#parts.began('official sockets', () => official.stop());
    chatbot.start();
    this.#parts.began('chatbot sockets', () => chatbot.stop());
    live.start();
    // Whoever asked for one over HTTP would hold up the doors.
    this.#parts.began('trials of backups', () => core.backups.endTrial());
    this.#parts.began('live sockets', () => live.stop());
    this.#parts.began('streams', () => this.#stopping.abort());
    this.#parts.began('wechat calls', () => core.wechat.drain());
    // Not before: the addresses of QR codes in events hold ours.
    if (!quiet) await core.deliveries.start();
    const note = join(this.#config.dataDir, 'daemon.json');
    writeFileSync(note, JSON.stringify({ url: this.#url, pid: process.pid }), { mode: 0o600 });
    this.#parts.began('note', () => rmSync(note, { force: true }));
    core.logger.info({ version, url: this.#url, dataDir: this.#config.dataDir }, 'started');
  }

  async #startWatch(): Promise<void> {
    const { alarms, backups, clockWatch, reclaimer } = this.core;
    await clockWatch.start();
    this.#parts.began('clock', () => clockWatch.stop());
    reclaimer.start();
    this.#parts.began('reclaimer', () => reclaimer.stop());
    backups.start();
    this.#parts.began('backups', () => backups.stop());
    await alarms.start();
    this.#parts.began('alarms', () => alarms.stop());
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    // A start under way ends first: what it began is what is stopped.
    await this.#starting?.catch(() => {});
    this.core.logger.info('stopping');
    try {
      await this.#parts.stop();
    } finally {
      this.core.logger.info('stopped');
    }
  }

  async reload(): Promise<string[]> {
    try {
      const config = this.#overrides.reload?.();
      const waiting =
        config === undefined ? [] : await applyConfig(this.core, config, this.#config);
      if (config !== undefined) this.#inForce = inForce(config, this.#config);
      this.#reloadFault = undefined;
      return waiting;
    } catch (error) {
      this.#reloadFault = error instanceof Error ? error.message : String(error);
      throw error;
    }
  }

  showQrCodes(out: NodeJS.WritableStream): void {
    const { bots, clock, config } = this.core;
    const terminal = new Terminal({ bots, clock, language: config.language, out });
    terminal.start();
    this.#parts.began('terminal', () => terminal.stop());
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
