import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { knownSayings } from '../../bot/known-sayings.ts';
import type { Schedule } from '../../bot/reports/schedule.ts';
import { unmaskedSource } from '../../bot/unmasked.ts';
import {
  type ReportSettings,
  reportFields,
  reportName,
  sourceSchema,
  timingFields,
} from '../../config/report-schema.ts';
import { validate } from '../middleware/validate.ts';
import type { AdminCore } from './core.ts';
import { operation } from './operation.ts';
import { page, pageOf, paging } from './paging.ts';
import { patchOf } from './patch.ts';
import {
  scheduleView,
  slotList,
  toScheduleView,
  toSlotList,
  toTrialView,
  trialView,
} from './report-views.ts';

const tag = 'reports';
export const scheduleParams = z.strictObject({ name: reportName });
const slot = z.int().min(0).optional().describe('For which slot; default: now. Epoch ms.');
const count = z.coerce.number().int().min(1).max(100).default(10);

const list = operation({
  id: 'listSchedules',
  method: 'get',
  path: '/schedules',
  tag,
  summary: 'Reports on schedule, by name',
  query: z.strictObject(paging),
  answer: page(scheduleView),
  handle: async (core, { query }) => {
    const { items, next } = pageOf(core.reports.schedules.list(), (one) => one.name, query);
    return { items: await Promise.all(items.map((one) => viewOf(core, one))), next };
  },
});

const get = operation({
  id: 'getSchedule',
  method: 'get',
  path: '/schedules/{name}',
  tag,
  summary: 'One report',
  params: scheduleParams,
  answer: scheduleView,
  handle: (core, { params: { name } }) => viewOf(core, core.reports.schedules.require(name)),
});

const add = operation({
  id: 'addSchedule',
  method: 'post',
  path: '/schedules',
  tag,
  summary: 'Add a report; its first slot is the next one',
  body: reportFields,
  answer: scheduleView,
  status: 201,
  handle: async (core, { body }) => {
    const source = unmaskedSource(body.source, undefined);
    return await viewOf(core, await core.reports.schedules.add({ ...body, source }));
  },
});

const changes = patchOf(reportFields.omit({ name: true }));

const change = operation({
  id: 'changeSchedule',
  method: 'patch',
  path: '/schedules/{name}',
  tag,
  summary: 'Change a report; one of the config file is changed there',
  description:
    'A field that is not named stays; null: back to its default. New times count from now on.',
  params: scheduleParams,
  body: changes,
  answer: scheduleView,
  handle: async (core, { params: { name }, body }) => {
    const { schedules } = core.reports;
    const before = schedules.require(name).settings;
    const merged: Record<string, unknown> = { ...before };
    for (const [field, value] of Object.entries(body)) {
      if (value === null) delete merged[field];
      else if (value !== undefined) merged[field] = value;
    }
    const settings = validate(reportFields, merged);
    // What was not sent is kept as it is: it may hold what looks like a mask.
    if (body['source'] != null) settings.source = unmaskedSource(settings.source, before.source);
    return await viewOf(core, await schedules.update(name, settings));
  },
});

const remove = operation({
  id: 'removeSchedule',
  method: 'delete',
  path: '/schedules/{name}',
  tag,
  summary: 'Remove a report; its runs stay in the history',
  params: scheduleParams,
  handle: async (core, { params: { name } }) => {
    await core.reports.schedules.remove(name);
  },
});

const pause = operation({
  id: 'pauseSchedule',
  method: 'post',
  path: '/schedules/{name}/pause',
  tag,
  summary: 'Pause a report: its slots pass by',
  params: scheduleParams,
  body: z.strictObject({ reason: z.string().max(500).exactOptional() }),
  answer: scheduleView,
  handle: async (core, { params: { name }, body }) =>
    viewOf(core, await core.reports.schedules.pause(name, body.reason)),
});

const resume = operation({
  id: 'resumeSchedule',
  method: 'post',
  path: '/schedules/{name}/resume',
  tag,
  summary: 'Let a report go on, from the next slot; failures are forgotten',
  params: scheduleParams,
  answer: scheduleView,
  handle: async (core, { params: { name } }) =>
    viewOf(core, await core.reports.schedules.resume(name)),
});

const next = operation({
  id: 'nextSlots',
  method: 'get',
  path: '/schedules/{name}/next',
  tag,
  summary: 'The next slots of a report, in its zone',
  params: scheduleParams,
  query: z.strictObject({ count }),
  answer: slotList,
  handle: async ({ reports }, { params: { name }, query }) => {
    const { timing } = reports.schedules.require(name);
    return toSlotList(reports.trials.next(timing, query.count), timing.zone);
  },
});

const preview = operation({
  id: 'previewSlots',
  method: 'post',
  path: '/report-tools/next',
  tag,
  summary: 'The next slots of a timing that is not kept',
  body: z.strictObject({ ...timingFields, count: z.int().min(1).max(100).default(10) }),
  answer: slotList,
  handle: async ({ reports }, { body: { count: most, ...settings } }) => {
    const days = await reports.schedules.daysOf(settings.calendar);
    if ('fault' in days) {
      const told = (one: 'zh' | 'en') => knownSayings.in(one, days.fault);
      throw new AppError(
        'field_value',
        { zh: told('zh'), en: told('en') },
        { field: 'calendar.file' },
      );
    }
    const timing = reports.trials.timingOf(settings, days);
    return toSlotList(reports.trials.next(timing, most), timing.zone);
  },
});

const dryRun = operation({
  id: 'dryRunSchedule',
  method: 'post',
  path: '/schedules/{name}/dry-run',
  tag,
  summary: 'Make a report and send nothing: text and pictures',
  params: scheduleParams,
  body: z.strictObject({ slot }),
  answer: trialView,
  handle: async ({ reports }, { params: { name }, body }) =>
    toTrialView(await reports.trials.dryRun(reports.schedules.require(name), body.slot)),
});

const dryRunDraft = operation({
  id: 'dryRunDraft',
  method: 'post',
  path: '/report-tools/dry-run',
  tag,
  summary: 'The same for settings that are not kept',
  description: 'What is masked in the source stands for that of the report of this `name`.',
  body: z.strictObject({
    settings: reportFields.partial({ targets: true, name: true }),
    slot,
  }),
  answer: trialView,
  handle: async ({ reports }, { body }) => {
    const { name = 'draft', targets = [], ...rest } = body.settings;
    const source = unmaskedSource(rest.source, reports.schedules.get(name)?.settings.source);
    const settings: ReportSettings = { ...rest, source, name, targets };
    return toTrialView(await reports.trials.dryRunOf(settings, body.slot));
  },
});

const testSource = operation({
  id: 'testReportSource',
  method: 'post',
  path: '/report-tools/source',
  tag,
  summary: 'Read a source once: its columns and first rows',
  body: z.strictObject({
    source: sourceSchema,
    zone: z.string().max(64).exactOptional(),
    of: reportName.exactOptional().describe('The report that what is masked belongs to.'),
  }),
  answer: z.object({
    columns: z.array(z.string()),
    rows: z.array(z.record(z.string(), z.unknown())).describe('The first 20.'),
    count: z.int(),
    truncated: z.boolean(),
    ms: z.int(),
  }),
  handle: async ({ reports }, { body: { source, zone, of } }) => {
    const kept = of === undefined ? undefined : reports.schedules.get(of)?.settings.source;
    return await reports.trials.source(unmaskedSource(source, kept), zone);
  },
});

export const scheduleOperations = [
  ...[list, add, get, change, remove, pause, resume],
  ...[next, preview, dryRun, dryRunDraft, testSource],
];

async function viewOf(core: AdminCore, schedule: Schedule): Promise<z.output<typeof scheduleView>> {
  const { bots, reports } = core;
  const warnings = await reports.warningsOf(schedule.settings);
  return toScheduleView(bots, schedule, await reports.runs.last(schedule.name), warnings);
}
