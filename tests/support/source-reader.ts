import { expect } from 'vitest';
import type { z } from 'zod';
import { RealClock } from '../../bot/clock.ts';
import { Fetcher } from '../../bot/fetcher.ts';
import { knownSayings } from '../../bot/known-sayings.ts';
import { Composer } from '../../bot/reports/composer.ts';
import { Folders } from '../../bot/reports/folders.ts';
import { ReportFault } from '../../bot/reports/report-fault.ts';
import { ReportSecrets } from '../../bot/reports/secrets.ts';
import { Sources } from '../../bot/reports/sources.ts';
import type { Written } from '../../bot/reports/workshop-jobs.ts';
import { createLogger } from '../../config/logger.ts';
import {
  type ReportSettings,
  type ReportSource,
  reportingSchema,
  sourceSchema,
} from '../../config/report-schema.ts';
import type { ReportStats } from '../../store/report-stats.ts';

export interface ReaderOptions {
  folder: string;
  reporting?: z.input<typeof reportingSchema>;
  zone?: string;
  /** What is made of the rows. */
  words?: Partial<Pick<ReportSettings, 'sendIf' | 'title' | 'text' | 'footer'>>;
}

/** Reads a source as a report does, of this machine and one folder. */
export async function readSource(source: object, options: ReaderOptions): Promise<Written> {
  const { folder, reporting = {}, zone = 'Asia/Shanghai', words } = options;
  const composer = new Composer({
    sources: new Sources({
      stats: {} as ReportStats,
      ...{ bots: { list: () => [] }, language: 'en', folders: new Folders([folder]) },
      fetcher: new Fetcher({
        ...{ allow: ['127.0.0.1', 'localhost', 'nowhere.invalid'] },
        ...{ maxBytes: 1_000_000, timeoutMs: 5000 },
      }),
      secrets: new ReportSecrets(reportingSchema.parse(reporting)),
    }),
    pictures: { render: () => Promise.reject(new Error('none')) },
    ...{ clock: new RealClock(), logger: createLogger('silent'), language: 'en' },
  });
  const slot = Date.parse('2026-11-22T01:00:00Z');
  const occasion = { name: 't', slot, previous: slot - 86_400_000, now: slot, zone };
  const report = {
    ...{ sendIf: undefined, title: undefined, text: undefined, footer: undefined, ...words },
    ...{ columns: undefined, output: 'text' as const, chart: undefined, theme: undefined },
    source: sourceSchema.parse(source) as ReportSource,
  };
  return await composer.write(report, occasion, new AbortController().signal);
}

/** Why it failed, in Chinese: the same is known again and told in English, without a rest of either. */
export async function faultOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ReportFault)) throw error ?? new Error('it did not fail');
  const [zh, en] = [error.say('zh'), error.say('en')];
  expect(knownSayings.in('en', zh)).toBe(en);
  expect(knownSayings.in('zh', en)).toBe(zh);
  return zh;
}
