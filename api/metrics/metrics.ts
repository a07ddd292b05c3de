import { stat } from 'node:fs/promises';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { BotHandle, BotRegistry } from '../../bot/automation/bots/bot-port.ts';
import { botStates } from '../../bot/automation/bots/bot-state.ts';
import type { Deliveries } from '../../bot/automation/deliveries/deliveries.ts';
import type { Sends } from '../../bot/automation/sends/sends.ts';
import type { Channels } from '../../bot/channels.ts';
import type { Chatbot } from '../../bot/chatbot/chatbot.ts';
import type { Clock } from '../../bot/clock.ts';
import type { Conversations } from '../../bot/im/conversations.ts';
import type { Hub } from '../../bot/im/hub.ts';
import { ownApps } from '../../bot/im/message.ts';
import type { MessageLog } from '../../bot/im/message-log.ts';
import type { Imbot } from '../../bot/imbot/imbot.ts';
import type { Reports } from '../../bot/reports/reports.ts';
import type { Wechat } from '../../bot/wechat/wechat.ts';
import { version } from '../../config/version.ts';
import type { Database } from '../../store/database.ts';
import { MetricStore } from '../../store/metrics.ts';
import { type SyncMeter, syncBuckets } from '../../store/sync-meter.ts';
import type { OfficialMeter } from '../official/meter.ts';
import { ChatbotMetrics } from './chatbot.ts';
import { type CommandMeter, commandBuckets } from './command-meter.ts';
import { createGauges, type Gauges } from './gauges.ts';
import { histogramText } from './histogram-text.ts';
import { ImbotMetrics } from './imbot.ts';
import { ReportMetrics } from './reports.ts';
import { type WatchMeasured, WatchMetrics } from './watch.ts';
import { WechatMetrics } from './wechat.ts';

export interface MetricsOptions {
  db: Database;
  /** Path of the database. */
  file: string;
  bots: Pick<BotRegistry, 'list'>;
  channels: Pick<Channels, 'list'>;
  sends: Pick<Sends, 'ended'>;
  deliveries: Pick<Deliveries, 'backlog'>;
  clock: Clock;
  commands: CommandMeter;
  im: {
    hub: Pick<Hub, 'all'>;
    log: Pick<MessageLog, 'stored'>;
    conversations: Pick<Conversations, 'answers' | 'countWaiting'>;
  };
  official: Pick<OfficialMeter, 'pushes' | 'closed' | 'frames'>;
  wechat: Pick<Wechat, 'intake' | 'meter' | 'outbox'>;
  imbot: Pick<Imbot, 'messages' | 'notices'>;
  chatbot: Pick<Chatbot, 'chats' | 'meter' | 'office' | 'model'>;
  reports: Pick<Reports, 'schedules' | 'later' | 'meter' | 'making'>;
  syncs: SyncMeter;
  watch: Omit<WatchMeasured, 'clock'>;
}

/** Everything /metrics tells, read when it is asked for; who asks meanwhile gets the same text. */
export class Metrics {
  readonly contentType: string;
  readonly #options: MetricsOptions;
  readonly #registry = new Registry();
  readonly #gauges: Gauges;
  readonly #wechat: WechatMetrics;
  readonly #imbot: ImbotMetrics;
  readonly #chatbot: ChatbotMetrics;
  readonly #watch: WatchMetrics;
  readonly #reports: ReportMetrics;
  readonly #store: MetricStore;
  #text: Promise<string> | undefined;
  /** Counted up to this number of a POST. */
  #attemptsUpTo: number | undefined;
  /** Number of the newest send at the start. */
  #sendsBefore: number | undefined;

  constructor(options: MetricsOptions) {
    this.#options = options;
    this.#store = new MetricStore(options.db);
    this.#gauges = createGauges(this.#registry);
    this.#wechat = new WechatMetrics(this.#registry, options.wechat);
    this.#imbot = new ImbotMetrics(this.#registry, options.imbot);
    this.#chatbot = new ChatbotMetrics(this.#registry, options.chatbot);
    this.#reports = new ReportMetrics(this.#registry, options.reports);
    const { watch, clock } = options;
    this.#watch = new WatchMetrics(this.#registry, { ...watch, clock });
    this.#gauges.info.set({ version }, 1);
    this.contentType = this.#registry.contentType;
  }

  /** Begins to measure the process. */
  async start(): Promise<void> {
    if (this.#attemptsUpTo !== undefined) return;
    this.#attemptsUpTo = await this.#store.newestAttempt();
    this.#sendsBefore = await this.#store.newestSend();
    // The default of 10 ms wakes an idle daemon a hundred times a second.
    collectDefaultMetrics({ register: this.#registry, eventLoopMonitoringPrecision: 100 });
  }

  /** The text form of Prometheus. */
  text(): Promise<string> {
    this.#text ??= this.#read().finally(() => {
      this.#text = undefined;
    });
    return this.#text;
  }

  async #read(): Promise<string> {
    const { commands, syncs } = this.#options;
    await this.#readSends();
    await this.#readDeliveries();
    await this.#readSizes();
    this.#readBots();
    await this.#readIm();
    this.#readOfficial();
    await this.#wechat.read();
    this.#imbot.read();
    await this.#chatbot.read();
    await this.#watch.read();
    await this.#reports.read();
    this.#gauges.commands.reset();
    for (const { count, ...labels } of commands.counts()) this.#gauges.commands.inc(labels, count);
    return [
      // It spells it in a way of its own where nothing was measured yet.
      (await this.#registry.metrics()).replaceAll(/ Nan$/gm, ' NaN'),
      histogramText('wxrc_command_seconds', 'How long signed commands took, answer included.', {
        bounds: commandBuckets,
        ...commands.read(),
      }),
      histogramText('wxrc_database_sync_seconds', 'How long the disk took for a sync.', {
        bounds: syncBuckets,
        ...syncs.read(),
      }),
      this.#chatbot.times(),
      this.#reports.times(),
    ].join('\n');
  }

  async #readSends(): Promise<void> {
    const { accepted, settled, open, queued, queueAge } = this.#gauges;
    const now = this.#options.clock.now();
    // Numbers leave no gap but at a restoration, which no daemon lives through.
    accepted.reset();
    accepted.inc(Math.max(0, (await this.#store.newestSend()) - (this.#sendsBefore ?? 0)));
    settled.reset();
    for (const [state, count] of this.#options.sends.ended) settled.inc({ state }, count);
    const counts = await this.#store.open();
    for (const state of ['sending', 'unknown']) {
      open.set({ state }, counts.find((one) => one.state === state)?.count ?? 0);
    }
    queued.reset();
    queueAge.reset();
    for (const { botcode } of this.#options.bots.list()) queued.set({ botcode }, 0);
    for (const one of await this.#store.queues()) {
      queued.set({ botcode: one.botcode }, one.queued);
      queueAge.set({ botcode: one.botcode }, ageOf(one.oldest, now));
    }
  }

  async #readDeliveries(): Promise<void> {
    const { due, dueAge, dead, posts, paused } = this.#gauges;
    for (const gauge of [due, dueAge, dead, paused]) gauge.reset();
    for (const { chid, pausedReason } of this.#options.channels.list()) {
      due.set({ chid }, 0);
      dead.set({ chid }, 0);
      paused.set({ chid }, pausedReason === undefined ? 0 : 1);
    }
    const now = this.#options.clock.now();
    for (const one of await this.#options.deliveries.backlog()) {
      due.set({ chid: one.chid }, Number(one.due));
      dead.set({ chid: one.chid }, Number(one.dead));
      dueAge.set({ chid: one.chid }, ageOf(one.oldestDueAt, now));
    }
    const after = this.#attemptsUpTo ?? 0;
    const upTo = Math.max(after, await this.#store.newestAttempt());
    for (const { chid, taken, refused } of await this.#store.attempts(after, upTo)) {
      posts.inc({ chid, result: 'taken' }, Number(taken));
      posts.inc({ chid, result: 'refused' }, Number(refused));
    }
    this.#attemptsUpTo = upTo;
  }

  async #readIm(): Promise<void> {
    const { imSessions, imMessages, waiting, answers } = this.#gauges;
    const { hub, log, conversations } = this.#options.im;
    waiting.set(await conversations.countWaiting());
    answers.reset();
    for (const [via, count] of Object.entries(conversations.answers)) answers.inc({ via }, count);
    imMessages.reset();
    imMessages.inc(log.stored);
    imSessions.set({ transport: 'tcp' }, 0);
    imSessions.set({ transport: 'websocket' }, 0);
    let sockets = 0;
    for (const { transport, appid } of hub.all()) {
      if (appid === ownApps.names) sockets += 1;
      else imSessions.inc({ transport });
    }
    this.#gauges.officialSockets.set(sockets);
  }

  #readOfficial(): void {
    const { officialPushes, officialFrames, officialClosed } = this.#gauges;
    const { pushes, closed, frames } = this.#options.official;
    for (const counter of [officialPushes, officialFrames, officialClosed]) counter.reset();
    officialFrames.inc(frames);
    for (const [result, count] of Object.entries(pushes)) officialPushes.inc({ result }, count);
    for (const [cause, count] of Object.entries(closed)) officialClosed.inc({ cause }, count);
  }

  #readBots(): void {
    const { botState, botStateAge, botAge, botWanted } = this.#gauges;
    for (const gauge of [botState, botStateAge, botAge, botWanted]) gauge.reset();
    for (const bot of this.#options.bots.list()) this.#readBot(bot);
  }

  #readBot(bot: BotHandle): void {
    const { botState, botStateAge, botAge, botWanted } = this.#gauges;
    const { botcode, state, since, ages, userAction } = bot.view();
    for (const one of botStates) botState.set({ botcode, state: one }, one === state ? 1 : 0);
    botWanted.set({ botcode }, state === 'ready' || userAction !== 'none' ? 1 : 0);
    botStateAge.set({ botcode }, ageOf(since, this.#options.clock.now()));
    for (const [proof, age] of Object.entries(ages)) {
      if (age !== undefined) botAge.set({ botcode, proof }, age / 1000);
    }
  }

  async #readSizes(): Promise<void> {
    for (const [name, path] of [
      ['main', this.#options.file],
      ['wal', `${this.#options.file}-wal`],
    ] as const) {
      const size = await stat(path).then(
        (found) => found.size,
        () => 0,
      );
      this.#gauges.databaseBytes.set({ file: name }, size);
    }
  }
}

function ageOf(at: number | null | undefined, now: number): number {
  return at == null ? 0 : Math.max(0, (now - Number(at)) / 1000);
}
