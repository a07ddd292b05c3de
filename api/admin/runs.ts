import { z } from 'zod';
import { exampleSettings, examples } from '../../bot/reports/examples.ts';
import { reportFields, reportName, targetSchema } from '../../config/report-schema.ts';
import { badCursor, notFound } from './errors.ts';
import { time } from './im-views.ts';
import { operation } from './operation.ts';
import { numberPaging, page, paging } from './paging.ts';
import { runKinds, runView, scheduleView, toRunView, toScheduleView } from './report-views.ts';
import { scheduleParams } from './schedules.ts';

const tag = 'reports';

const recent = operation({
  id: 'listRuns',
  method: 'get',
  path: '/runs',
  tag,
  summary: 'Runs of all reports, newest first',
  query: z.strictObject({ ...paging, state: runKinds.optional() }),
  answer: page(runView),
  handle: async ({ bots, reports }, { query: { limit, cursor, state } }) => {
    const place = /^(\d{1,16})-(\d{1,16})-([a-z0-9][a-z0-9_-]{0,63})$/.exec(cursor ?? '');
    if (cursor !== undefined && place === null) throw badCursor();
    const [, created = '', slot = '', schedule = ''] = place ?? [];
    const after =
      place === null ? undefined : { created_at: Number(created), slot: Number(slot), schedule };
    const runs = await reports.runs.recent({ state, after }, limit + 1);
    const items = runs.slice(0, limit);
    const last = items.at(-1);
    const more = runs.length > limit && last !== undefined;
    return {
      items: items.map((one) => toRunView(bots, one)),
      next: more ? `${last.createdAt}-${last.slot}-${last.schedule}` : null,
    };
  },
});

const history = operation({
  id: 'listScheduleRuns',
  method: 'get',
  path: '/schedules/{name}/runs',
  tag,
  summary: 'Runs of one report, the newest slot first; also of one that was removed',
  params: scheduleParams,
  query: z.strictObject({ ...numberPaging, state: runKinds.optional() }),
  answer: page(runView),
  handle: async ({ bots, reports }, { params: { name }, query: { limit, cursor, state } }) => {
    const runs = await reports.runs.history(name, { state, before: cursor }, limit + 1);
    const items = runs.slice(0, limit);
    const last = items.at(-1);
    const more = runs.length > limit && last !== undefined;
    return {
      items: items.map((one) => toRunView(bots, one)),
      next: more ? String(last.slot) : null,
    };
  },
});

const get = operation({
  id: 'getRun',
  method: 'get',
  path: '/schedules/{name}/runs/{slot}',
  tag,
  summary: 'One run, with what became of each of its messages',
  params: z.strictObject({
    name: reportName,
    slot: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
  }),
  answer: runView,
  handle: async ({ bots, reports }, { params: { name, slot } }) =>
    toRunView(bots, await reports.runs.get(name, slot)),
});

const runNow = operation({
  id: 'runSchedule',
  method: 'post',
  path: '/schedules/{name}/run',
  tag,
  summary: 'Run a report now, whether or not it is paused',
  params: scheduleParams,
  answer: runView,
  status: 202,
  handle: async ({ bots, reports }, { params: { name } }) =>
    toRunView(bots, await reports.runs.now(name)),
});

const backfill = operation({
  id: 'backfillSchedule',
  method: 'post',
  path: '/schedules/{name}/backfill',
  tag,
  summary: 'Make up for slots of the past: those without a run, and those that came to nothing',
  description: 'At most 50 slots at once. A slot whose messages were queued is never run again.',
  params: scheduleParams,
  body: z.strictObject({ from: time.min(0), to: time.min(0) }),
  answer: z.object({
    slots: z.array(time),
    known: z.int().describe('Slots that have their run.'),
  }),
  status: 202,
  handle: async ({ reports }, { params: { name }, body: { from, to } }) =>
    reports.runs.backfill(name, from, to),
});

const exampleView = z.object({
  name: z.string(),
  title: z.string(),
  enabled: z.boolean().describe('There is a report of this name.'),
  settings: reportFields.partial({ targets: true }),
});

const listExamples = operation({
  id: 'listReportExamples',
  method: 'get',
  path: '/report-examples',
  tag,
  summary: 'Reports that come with the product, off until somebody says where they go',
  answer: z.object({ items: z.array(exampleView) }),
  handle: async ({ reports, config }) => ({
    items: examples.map((one) => {
      const { targets: _nowhere, ...settings } = exampleSettings(one, config.language, [
        { botcode: 'bot', roomTopic: 'room' },
      ]);
      const enabled = reports.schedules.get(one.name) !== undefined;
      return { name: one.name, title: one.title[config.language], enabled, settings };
    }),
  }),
});

const enableExample = operation({
  id: 'enableReportExample',
  method: 'post',
  path: '/report-examples/{name}/enable',
  tag,
  summary: 'Make a report of an example',
  params: scheduleParams,
  body: z.strictObject({
    targets: z.array(targetSchema).min(1).max(50),
    expr: z
      .string()
      .min(1)
      .max(200)
      .exactOptional()
      .describe('When; default: as the example says.'),
    zone: z.string().max(64).exactOptional(),
  }),
  answer: scheduleView,
  status: 201,
  handle: async ({ bots, reports, config }, { params: { name }, body: { targets, ...timing } }) => {
    const example = examples.find((one) => one.name === name);
    if (example === undefined) throw notFound(`示例 ${name}`, `example ${name}`);
    const settings = exampleSettings(example, config.language, targets);
    const added = await reports.schedules.add({ ...settings, ...timing });
    return toScheduleView(bots, added, undefined, await reports.warningsOf(added.settings));
  },
});

export const runOperations = [
  ...[recent, history, get, runNow, backfill],
  ...[listExamples, enableExample],
];
