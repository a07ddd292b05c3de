import { randomUUID } from 'node:crypto';
import type { Logger } from '../../config/logger.ts';
import type { ReportingSettings, ReportSettings } from '../../config/report-schema.ts';
import type { Vault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import { ReportStats } from '../../store/report-stats.ts';
import { RunStore } from '../../store/runs.ts';
import { ScheduledSendStore } from '../../store/scheduled-sends.ts';
import { ScheduleStore } from '../../store/schedules.ts';
import type { BotRegistry } from '../automation/bots/bot-port.ts';
import type { Clock, Timer } from '../clock.ts';
import type { Language } from '../errors.ts';
import type { Fetcher } from '../fetcher.ts';
import type { Files } from '../files.ts';
import { Composer } from './composer.ts';
import { reportFolders } from './folders.ts';
import { Ledger } from './ledger.ts';
import { Loop } from './loop.ts';
import type { SendDesk } from './messages.ts';
import { ReportMeter } from './meter.ts';
import type { PicturePort } from './picture-port.ts';
import {
  assertWhole,
  type ReportPlace,
  reportFlaws,
  reportWarnings,
  toldAt,
} from './report-check.ts';
import { Runs } from './run-office.ts';
import { type RunFailure, Runner } from './runner.ts';
import { ScheduledSends } from './scheduled-sends.ts';
import { Schedules } from './schedules.ts';
import { ReportSecrets } from './secrets.ts';
import { Sources } from './sources.ts';
import { Trials } from './trials.ts';
import { Watch } from './watch.ts';

export type { RunFailure } from './runner.ts';

export interface ReportsOptions {
  db: Database;
  vault: Vault;
  desk: SendDesk;
  bots: Pick<BotRegistry, 'list'>;
  files: Pick<Files, 'put'>;
  fetcher: Fetcher;
  pictures: PicturePort;
  reports: readonly ReportSettings[];
  reporting: ReportingSettings;
  dataDir: string;
  zone: string;
  language: Language;
  keepDays: number;
  clock: Clock;
  logger: Logger;
  /** Other processes work on the same database; the daemon is the only one on its directory. */
  shared?: boolean;
  leaseMs?: number;
}

/** What changed: the name of a schedule, `name slot` of a run, the number of a scheduled send. */
export interface ReportNews {
  kind: 'schedule' | 'run' | 'scheduled-send';
  id: string;
  /** Of a run: how far it is. */
  state?: string;
}

/** A scheduled send that came to nothing, or a run that failed. */
export type ReportFailure =
  | ({ kind: 'run' } & RunFailure)
  | { kind: 'scheduled-send'; id: number; reason: string };

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const batch = 200;

/** Reports on schedule, and single sends for later. */
export class Reports {
  readonly schedules: Schedules;
  readonly runs: Runs;
  readonly later: ScheduledSends;
  readonly trials: Trials;
  readonly meter = new ReportMeter();
  readonly #options: ReportsOptions;
  readonly #place: ReportPlace;
  readonly #runStore: RunStore;
  readonly #laterStore: ScheduledSendStore;
  readonly #loop: Loop;
  readonly #listeners = new Set<(news: ReportNews) => void>();
  readonly #failureListeners = new Set<(failure: ReportFailure) => void>();
  #settings: readonly ReportSettings[];
  #pruning: Timer | undefined;
  #stopped = false;

  constructor(options: ReportsOptions) {
    const { db, desk, clock, logger, language, zone, reporting, dataDir } = options;
    this.#options = options;
    this.#settings = options.reports;
    const store = new ScheduleStore(db, options.vault);
    const runs = new RunStore(db);
    this.#runStore = runs;
    this.#laterStore = new ScheduledSendStore(db);
    const folders = reportFolders(reporting.folders, dataDir);
    const { bots } = options;
    const hasBot = (botcode: string) => bots.list().some((one) => one.botcode === botcode);
    this.#place = { reporting, folders, hasBot };
    const ledger = new Ledger({
      ...{ db, schedules: store, runs, clock, owner: randomUUID() },
      alone: options.shared !== true,
      ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
    });
    this.schedules = new Schedules({
      ...{ store, folders, zone, clock, logger },
      assertWhole: (settings, changed) => assertWhole(settings, reporting, changed),
      changed: (id) => this.#tell({ kind: 'schedule', id }, true),
    });
    const { fetcher, pictures } = options;
    const sources = new Sources({
      ...{ stats: new ReportStats(db), bots, language, fetcher, folders },
      secrets: new ReportSecrets(reporting),
    });
    const composer = new Composer({ sources, pictures, clock, logger, language });
    const runner = new Runner({
      ...{
        ledger,
        store,
        schedules: this.schedules,
        composer,
        desk,
        clock,
        logger,
        language,
        zone,
      },
      keep: async (png) => (await options.files.put(png)).sha256,
      changed: ({ schedule, slot, state }) => {
        if (state !== 'sending') this.meter.ended(state);
        this.#tell({ kind: 'run', id: `${schedule} ${slot}`, state }, false);
      },
      failed: (failure) => this.#tellFailure({ kind: 'run', ...failure }),
    });
    const watch = new Watch({ db, runs, desk, runner, clock });
    this.later = new ScheduledSends({
      ...{ db, store: this.#laterStore, desk, clock, logger, language },
      changed: (id) => this.#tell({ kind: 'scheduled-send', id: String(id) }, true),
      failed: (failure) => this.#tellFailure({ kind: 'scheduled-send', ...failure }),
    });
    this.#loop = new Loop({
      ...{ ledger, runs, runner, schedules: this.schedules, later: this.later, watch },
      ...{ meter: this.meter, clock, logger, language, concurrency: reporting.concurrency },
    });
    // The last message of a run ends it, there and then; the loop's own look is for what was missed.
    desk.onChange((msgid) => {
      if (watch.awaits(msgid)) this.#loop.wake();
    });
    const { concurrency } = reporting;
    this.trials = new Trials({ composer, runner, clock, zone, concurrency });
    this.runs = new Runs({
      ...{ runs, desk, ledger, schedules: this.schedules, clock, language },
      wake: (schedule, slot) =>
        this.#tell({ kind: 'run', id: `${schedule} ${slot}`, state: 'waiting' }, true),
    });
  }

  /** After the sends: what is due goes out at once. */
  async start(): Promise<void> {
    await this.schedules.start(this.#settings);
    this.#loop.start();
    this.#prunePlan();
  }

  /** What is being made goes back to wait. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#pruning?.cancel();
    await this.#loop.stop();
  }

  async applyConfig(reports: readonly ReportSettings[]): Promise<void> {
    this.#settings = reports;
    await this.schedules.applyConfig(reports);
  }

  /** @returns a function that stops listening */
  on(listener: (news: ReportNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Told of what failed, for those who can do something about it. @returns a function that stops it */
  onFailure(listener: (failure: ReportFailure) => void): () => void {
    this.#failureListeners.add(listener);
    return () => this.#failureListeners.delete(listener);
  }

  /** What keeps a report from being made or sent, as things are now. In English. */
  async warningsOf(settings: ReportSettings): Promise<string[]> {
    const flaws = reportFlaws(settings, this.#place.reporting).map(toldAt);
    return [...flaws, ...(await reportWarnings(settings, this.#place))].map(({ en }) => en);
  }

  /** Runs that are being made. */
  get making(): number {
    return this.#loop.making;
  }

  #tell(news: ReportNews, wake: boolean): void {
    for (const listener of this.#listeners) this.#safely(() => listener(news));
    if (wake) this.#loop.wake();
  }

  #tellFailure(failure: ReportFailure): void {
    for (const listener of this.#failureListeners) this.#safely(() => listener(failure));
  }

  #safely(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#options.logger.error({ err: error }, 'a listener of reports failed');
    }
  }

  /** Hourly, as the rest of what is old. */
  #prunePlan(): void {
    this.#pruning = this.#options.clock.after(hourMs, () => {
      this.prune()
        .catch((error: unknown) => this.#options.logger.warn({ err: error }, 'old runs stay'))
        .finally(() => {
          if (!this.#stopped) this.#prunePlan();
        });
    });
  }

  async prune(): Promise<number> {
    const before = this.#options.clock.now() - this.#options.keepDays * dayMs;
    let gone = 0;
    for (const store of [this.#runStore, this.#laterStore]) {
      for (let some = batch; some === batch && !this.#stopped; gone += some) {
        some = await store.prune(before, batch);
      }
    }
    return gone;
  }
}
