import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { z } from 'zod';
import { Fetcher } from '../../bot/fetcher.ts';
import { Files } from '../../bot/files.ts';
import type { PicturePort } from '../../bot/reports/picture-port.ts';
import { type ReportFailure, type ReportNews, Reports } from '../../bot/reports/reports.ts';
import { createLogger } from '../../config/logger.ts';
import {
  type ReportSettings,
  reportFields,
  reportingSchema as reporting,
  type reportingSchema,
} from '../../config/report-schema.ts';
import { openVault } from '../../config/secrets.ts';
import type { Database } from '../../store/database.ts';
import { FileStore } from '../../store/files.ts';
import type { RunRow } from '../../store/runs.ts';
import { SendRig, type SendRigOptions } from './send-rig.ts';

export interface ReportRigOptions {
  zone?: string;
  reporting?: z.input<typeof reportingSchema>;
  pictures?: PicturePort;
  sends?: SendRigOptions;
  /** Epoch ms at which it begins. */
  now?: number;
  reports?: z.input<typeof reportFields>[];
  language?: 'zh' | 'en';
  /** Puts something between the reports and their database. */
  wrap?: (db: Database) => Database;
}

/** Refuses to draw: the text goes. */
const noPictures: PicturePort = { render: () => Promise.reject(new Error('no pictures here')) };

/** Reports over real sends and scripted bots, on a virtual clock; database and ledger are real. */
export class ReportRig {
  readonly rig: SendRig;
  readonly options: ReportRigOptions;
  reports: Reports;
  readonly news: ReportNews[] = [];
  readonly failures: ReportFailure[] = [];
  readonly folder: string;
  log = '';

  private constructor(rig: SendRig, options: ReportRigOptions) {
    this.rig = rig;
    this.options = options;
    this.folder = join(rig.dataDir, 'reports');
    mkdirSync(this.folder, { recursive: true });
    this.reports = this.#build();
  }

  static async open(options: ReportRigOptions = {}): Promise<ReportRig> {
    const rig = await SendRig.open(options.sends ?? { botcodes: ['bot01', 'bot02'] });
    if (options.now !== undefined) await rig.clock.advance(options.now - rig.clock.now());
    const one = new ReportRig(rig, options);
    await one.reports.start();
    return one;
  }

  get now(): number {
    return this.rig.clock.now();
  }

  /** Settings of a report that says `hello` into the room `hall` every hour. */
  settings(changes: Partial<z.input<typeof reportFields>> = {}): ReportSettings {
    return reportFields.parse({
      name: 'hourly',
      expr: '0 * * * *',
      text: 'hello',
      targets: [{ botcode: 'bot01', roomTopic: 'hall' }],
      ...changes,
    });
  }

  async add(changes: Partial<z.input<typeof reportFields>> = {}): Promise<string> {
    const { name } = await this.reports.schedules.add(this.settings(changes));
    return name;
  }

  /** Moves time on in steps, so that what each of them starts can end. */
  async pass(ms: number, step = ms): Promise<void> {
    for (let left = ms; left > 0; left -= step) {
      await this.rig.pass(Math.min(step, left));
      await this.idle();
    }
  }

  /** Nothing is being made any more. Threads and networks take real time. */
  async idle(): Promise<void> {
    await this.rig.settle();
    await this.rig.until('nothing is made', () => this.reports.making === 0);
    await this.rig.settle();
  }

  /** The clock is set. */
  async leap(ms: number): Promise<void> {
    const clock = this.rig.clock as unknown as { now: () => number };
    const before = clock.now.bind(this.rig.clock);
    Object.defineProperty(this.rig.clock, 'now', {
      value: () => before() + ms,
      configurable: true,
    });
  }

  runs(where = '1 = 1'): Promise<RunRow[]> {
    return this.rig.db.read(`SELECT * FROM runs WHERE ${where} ORDER BY schedule, slot`);
  }

  /** `09:00 sent` of each run, in a zone. */
  async story(zone = 'UTC'): Promise<string[]> {
    const style = { timeZone: zone, dateStyle: 'short', timeStyle: 'short' } as const;
    const format = new Intl.DateTimeFormat('sv-SE', style);
    return (await this.runs()).map(({ slot, state }) => `${format.format(slot).slice(5)} ${state}`);
  }

  /** Texts of what was queued by reports, in order. */
  async texts(): Promise<string[]> {
    const rows = await this.rig.db.read<{ payload: string }>(
      `SELECT payload FROM sends WHERE chid LIKE '~%' ORDER BY msgid`,
    );
    return rows.map(({ payload }) => {
      const { content } = JSON.parse(payload) as { content: { text?: string; kind: string } };
      return content.text ?? `(${content.kind})`;
    });
  }

  /** The process ends in good order, time goes by, another one starts. */
  async down(ms: number): Promise<void> {
    await this.stop();
    await this.rig.stop();
    await this.rig.clock.advance(ms);
    await this.rig.restart();
    this.reports = this.#build();
    await this.reports.start();
    await this.idle();
  }

  /** The process dies at once; another one starts on the same files after a while. */
  async crash(ms = 0): Promise<void> {
    void this.stop();
    // A process that dies lets go of the database. Here it lives on, and whoever opens it next would
    // stand still until SQLite has waited long enough.
    await this.rig.db.transaction(() => undefined);
    await this.rig.crash();
    await this.rig.clock.advance(ms);
    this.reports = this.#build();
    await this.reports.start();
    await this.idle();
  }

  async stop(): Promise<void> {
    let stopped = false;
    const done = this.reports.stop().finally(() => {
      stopped = true;
    });
    for (let tries = 0; tries < 20 && !stopped; tries += 1)
      await this.rig.pass(tries === 0 ? 0 : 1000);
    await done;
  }

  async close(): Promise<void> {
    await this.stop();
    await this.rig.close();
  }

  #build(): Reports {
    const { rig, options } = this;
    const { clock, dataDir } = rig;
    const db = options.wrap?.(rig.db) ?? rig.db;
    const reports = new Reports({
      ...{ db, vault: openVault(dataDir), desk: rig.sends, clock, dataDir, keepDays: 90 },
      bots: { list: () => [...rig.bots.values()] },
      files: new Files({ dataDir, store: new FileStore(db), clock }),
      fetcher: new Fetcher({ allow: ['127.0.0.1'], maxBytes: 20 * 1_048_576, timeoutMs: 20_000 }),
      pictures: options.pictures ?? noPictures,
      reports: (options.reports ?? []).map((one) => reportFields.parse(one)),
      reporting: reporting.parse(options.reporting ?? {}),
      zone: options.zone ?? 'UTC',
      language: options.language ?? 'en',
      logger: createLogger('debug', {
        write: (line: string) => {
          this.log += line;
        },
      }),
    });
    reports.on((news) => this.news.push(news));
    reports.onFailure((failure) => this.failures.push(failure));
    return reports;
  }
}

/** Something that answers HTTP as it is told. */
export async function listen(
  handle: Parameters<typeof createServer>[1] & object,
): Promise<{ url: string; close: () => void; server: Server }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close, server };
}
