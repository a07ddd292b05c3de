import { z } from 'zod';
import { sourceSchema } from './report-source-schema.ts';
import { readMoment, timingFault, timingKinds } from './report-timing.ts';
import { isTimezone } from './timezone.ts';

export {
  type ReportingSettings,
  type ReportSource,
  reportingSchema,
  sourceSchema,
} from './report-source-schema.ts';

const text = (most: number) => z.string().min(1).max(most);
const template = text(20_000);
const seconds = (most: number) => z.int().min(1).max(most);

/** Name of a schedule: its number for ever. */
export const reportName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'small letters, digits and - _ only, 1 to 64');

const calendarSchema = z.union([
  z.enum(['all', 'weekdays']),
  z.strictObject({
    file: text(500).describe('Lines `2026-10-01 off`, `2026-10-10 work`; in an allowed folder.'),
    days: z
      .enum(['weekdays', 'all', 'none'])
      .default('weekdays')
      .describe('Days that the file does not name; none: only those it names.'),
  }),
]);
export type Calendar = z.infer<typeof calendarSchema>;

/** When a schedule fires. */
export const timingFields = {
  kind: z.enum(timingKinds).default('cron'),
  expr: text(200).describe('cron: 5 or 6 fields; interval: 15m, 2h; once: 2026-03-01T09:00.'),
  zone: z
    .string()
    .refine(isTimezone, 'no such time zone')
    .optional()
    .describe('IANA zone; default: `timezone` of the config.'),
  start: text(40).optional().describe('No slot before it; intervals count from it.'),
  end: text(40).optional().describe('No slot from it on.'),
  jitterSeconds: z.int().min(0).max(3600).default(0).describe('Each slot so much later, at most.'),
  calendar: calendarSchema.default('all').describe('Days on which it fires.'),
};

/** What happens with slots that could not have their time. */
const policyFields = {
  misfire: z
    .enum(['skip', 'run_once', 'run_all'])
    .default('run_once')
    .describe('Slots that were missed: none, the newest within graceSeconds, or the newest 24.'),
  graceSeconds: seconds(7 * 86_400).default(3600),
  overlap: z
    .enum(['skip', 'queue_one', 'allow'])
    .default('skip')
    .describe('A slot that comes while the one before is being made.'),
  deliverWithinSeconds: seconds(30 * 86_400)
    .default(3600)
    .describe('What could not leave by then is not sent any more.'),
  pauseAfterFailures: z.int().min(0).max(1000).default(5).describe('In a row; 0: never.'),
  timeoutSeconds: seconds(600)
    .default(120)
    .describe('For source, templates and pictures together.'),
};

const column = z.strictObject({
  key: text(200),
  label: text(200).optional(),
  kind: z.enum(['text', 'number', 'percent', 'delta', 'date', 'bar']).optional(),
  align: z.enum(['left', 'center', 'right']).optional(),
  decimals: z.int().min(0).max(6).optional(),
  percent: z.boolean().optional().describe('delta: shown as a percentage.'),
  show: z.enum(['date', 'time', 'datetime']).optional().describe('date: how much of it.'),
});
export type ReportColumn = z.infer<typeof column>;

const chartSchema = z.union([
  z
    .strictObject({
      type: z.enum(['line', 'bar', 'pie']),
      x: text(200).describe('Column of the names; rows of the same name are added up.'),
      y: z.array(text(200)).min(1).max(20).describe('Columns of the values.'),
      by: text(200).optional().describe('Column whose values are a series each.'),
      stacked: z.boolean().default(false),
      title: text(200).optional().describe('Above the chart.'),
    })
    .refine(({ type, by }) => type !== 'pie' || by === undefined, {
      path: ['by'],
      message: 'a pie has no series',
    }),
  z.strictObject({
    option: z
      .record(z.string(), z.unknown())
      .describe('An option of ECharts; without data of its own it gets the rows as dataset.'),
  }),
]);
export type ReportChart = z.infer<typeof chartSchema>;

const targetFields = {
  roomId: text(256).optional(),
  roomTopic: text(256).optional(),
  contactId: text(256).optional(),
  contactName: text(256).optional(),
};
export const targetSchema = z
  .strictObject({
    botcode: text(64),
    ...targetFields,
    mentions: z.array(text(256)).max(100).optional().describe('Names or ids to @ there.'),
  })
  .refine((one) => Object.keys(targetFields).filter((name) => name in one).length === 1, {
    path: ['roomTopic'],
    message: 'exactly one of roomId, roomTopic, contactId, contactName is needed',
  });
export type ReportTarget = z.infer<typeof targetSchema>;

export const outputs = ['text', 'table', 'chart', 'both'] as const;

/** Fields of a schedule, without what crosses them. */
export const reportFields = z.strictObject({
  name: reportName,
  title: template.optional().describe('Liquid; default: the name.'),
  enabled: z.boolean().default(true),
  ...timingFields,
  ...policyFields,
  source: sourceSchema.default({ type: 'none' }),
  sendIf: text(1000).optional().describe('A condition of Liquid, e.g. `count > 0`.'),
  output: z
    .enum(outputs)
    .default('text')
    .describe('text, or pictures: of the table, of the chart, of both.'),
  text: template
    .optional()
    .describe('Liquid. Default: title and table. With pictures: sent before them.'),
  columns: z.array(column).max(20).optional().describe('Default: those of the source.'),
  chart: chartSchema.optional(),
  theme: z.enum(['light', 'dark']).optional(),
  footer: template.optional().describe('Liquid, below a picture.'),
  mentions: z.array(text(256)).max(100).default([]).describe('Names or ids to @.'),
  targets: z.array(targetSchema).min(1).max(50),
});
export type ReportSettings = z.infer<typeof reportFields>;

/** Faults that no single field shows. */
export function crossReport(
  one: Pick<ReportSettings, 'kind' | 'expr' | 'zone' | 'start' | 'end' | 'output' | 'chart'>,
  fault: (field: string, message: string) => void,
): void {
  const zone = one.zone ?? 'Asia/Shanghai';
  const wrong = timingFault({ kind: one.kind, expr: one.expr, zone });
  if (wrong !== undefined) fault('expr', wrong);
  for (const field of ['start', 'end'] as const) {
    const moment = one[field];
    if (moment !== undefined && readMoment(moment, zone) === undefined) {
      fault(field, 'no time: 2026-03-01, 2026-03-01T09:00');
    }
  }
  const draws = one.output === 'chart' || one.output === 'both';
  if (draws && one.chart === undefined) fault('chart', 'needed for this output');
}

/** A report that is sent on schedule (docs/reports.md). */
export const reportSchema = reportFields.superRefine((one, context) =>
  crossReport(one, (field, message) =>
    context.addIssue({ code: 'custom', path: [field], message }),
  ),
);
