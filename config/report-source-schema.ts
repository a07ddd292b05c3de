import { resolve } from 'node:path';
import { z } from 'zod';

const text = (most: number) => z.string().min(1).max(most);
const pick = text(500)
  .optional()
  .describe('Way to the rows: `data.items`, `list[0].rows`, `days[*].counts`.');
const timeoutSeconds = z.int().min(1).max(300).default(20);
const maxRows = z.int().min(1).max(5000).default(1000);
const params = z
  .array(z.union([z.string().max(1000), z.number(), z.null()]))
  .max(50)
  .default([])
  .describe('Bound to the statement; texts are Liquid: `{{ from }}`.');

/** Where the rows of a report come from. */
export const sourceSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({
    type: z.literal('http'),
    url: text(4000).describe('Liquid; values in it are encoded: `?day={{ day }}`.'),
    method: z.enum(['GET', 'POST', 'PUT']).default('GET'),
    headers: z
      .record(z.string().regex(/^[\w-]{1,100}$/, 'no name of a header'), z.string().max(4000))
      .default({})
      .describe('`{secret:name}` stands for a secret of `reporting.secrets`.'),
    body: z
      .union([z.string().max(100_000), z.record(z.string(), z.unknown())])
      .optional()
      .describe('Texts in it are Liquid; an object is sent as JSON.'),
    pick,
    timeoutSeconds,
    maxBytes: z
      .int()
      .min(1)
      .max(20 * 1_048_576)
      .default(5 * 1_048_576),
  }),
  z.strictObject({
    type: z.literal('sqlite'),
    file: text(1000).describe('In an allowed folder; opened for reading only.'),
    sql: text(20_000),
    params,
    timeoutSeconds,
    maxRows,
  }),
  z.strictObject({
    type: z.literal('postgres'),
    database: text(64).describe('One of `reporting.databases`.'),
    sql: text(20_000),
    params,
    timeoutSeconds,
    maxRows,
  }),
  z.strictObject({
    type: z.literal('file'),
    file: text(1000).describe('CSV or JSON, in an allowed folder.'),
    format: z.enum(['csv', 'json']).optional().describe('Default: by its extension.'),
    pick,
  }),
  z.strictObject({
    type: z.literal('builtin'),
    name: z
      .enum(['bots', 'traffic', 'unanswered', 'queues', 'webhooks'])
      .describe(
        'Messages of bots the day before; the same per day; questions without answer; queues; deliveries.',
      ),
    days: z
      .int()
      .min(1)
      .max(90)
      .default(1)
      .describe('So many days up to the slot; bots: those of the chart.'),
    limit: z.int().min(1).max(200).default(20).describe('Rows; bots beyond it share one.'),
  }),
]);
export type ReportSource = z.infer<typeof sourceSchema>;
export type SourceOf<T extends ReportSource['type']> = Extract<ReportSource, { type: T }>;

const secret = z
  .strictObject({
    value: text(4096).optional(),
    file: text(1000).optional().describe('File that holds it.'),
    hosts: z
      .array(z.string().min(1).max(253))
      .min(1)
      .describe('Hosts that may be told; no other ever is.'),
  })
  .refine(({ value, file }) => (value === undefined) !== (file === undefined), {
    path: ['value'],
    message: 'exactly one of value, file is needed',
  });

/** What reports may reach. */
export const reportingSchema = z.strictObject({
  folders: z
    .array(text(1000))
    .default([])
    .describe('Folders of files that sources and calendars may read. Default: <dataDir>/reports.'),
  secrets: z.record(z.string().regex(/^[\w-]{1,64}$/), secret).default({}),
  databases: z
    .record(
      z.string().regex(/^[\w-]{1,64}$/),
      z
        .strictObject({
          url: z
            .url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' })
            .optional(),
          urlFile: text(1000).optional().describe('File that holds the address.'),
        })
        .refine(({ url, urlFile }) => (url === undefined) !== (urlFile === undefined), {
          path: ['url'],
          message: 'exactly one of url, urlFile is needed',
        }),
    )
    .default({})
    .describe('PostgreSQL databases, by the name that reports use.'),
  concurrency: z.int().min(1).max(32).default(4).describe('Reports made at once.'),
});
export type ReportingSettings = z.infer<typeof reportingSchema>;

/** Paths of a config file are relative to it. */
export function reportingAt(settings: ReportingSettings, base: string): ReportingSettings {
  const { folders, secrets, databases } = settings;
  const at = <T extends { file?: string | undefined }>(one: T): T =>
    one.file === undefined ? one : { ...one, file: resolve(base, one.file) };
  return {
    ...settings,
    folders: folders.map((folder) => resolve(base, folder)),
    secrets: Object.fromEntries(Object.entries(secrets).map(([name, one]) => [name, at(one)])),
    databases: Object.fromEntries(
      Object.entries(databases).map(([name, one]) => [
        name,
        one.urlFile === undefined ? one : { ...one, urlFile: resolve(base, one.urlFile) },
      ]),
    ),
  };
}
