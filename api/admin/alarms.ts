import { z } from 'zod';
import type { Episode } from '../../bot/alarms/episode.ts';
import type { LetterLine } from '../../bot/alarms/lanes/lane.ts';
import { alarmKinds } from '../../config/alarm-schema.ts';
import { sentence } from '../sentence.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { page } from './paging.ts';

const time = z.int().describe('Epoch milliseconds.');
const alarmId = z.object({ id: z.string().regex(/^[0-9a-z]{10,40}$/) });
const words = z.object({ zh: z.string(), en: z.string() });

const alarmView = z.object({
  id: z.string(),
  key: z.string().describe('What it is about, the same each time: `bot:bot01`.'),
  kind: z.enum(alarmKinds),
  subject: z.string(),
  state: z.enum(['raised', 'over']),
  stage: z.int().describe('From 1; it rises when it gets worse.'),
  flapping: z.boolean().describe('It comes and goes: it is over only after a longer calm.'),
  text: words,
  since: time.describe('When it began.'),
  raisedAt: time.describe('When it had lasted long enough to be told.'),
  overAt: time.nullable(),
  told: z.boolean().describe('Somebody was told of it, or will be.'),
  silenced: z.boolean().describe('Nobody is told of it just now.'),
  ackedAt: time.nullable(),
  ackedBy: z.string().nullable(),
  note: z.string().nullable(),
});

const listAlarms = operation({
  id: 'listAlarms',
  method: 'get',
  path: '/alarms',
  tag: 'alarms',
  summary: 'What is wrong, or was: newest first',
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items of one page.'),
    cursor: z
      .string()
      .regex(/^[0-9a-z]{10,40}$/)
      .optional()
      .describe('`next` of the page before; absent: the first page.'),
    state: z.enum(['open', 'over', 'all']).default('all'),
    kind: z.enum(alarmKinds).optional(),
    subject: z.string().min(1).max(200).optional(),
  }),
  answer: page(alarmView),
  handle: async ({ alarms, clock }, { query }) => {
    const { limit, cursor: before, state, ...rest } = query;
    const found = await alarms.list({
      ...rest,
      state: state === 'all' ? undefined : state,
      before,
      limit: limit + 1,
    });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const now = clock.now();
    return {
      items: shown.map((one) => viewOf(one, alarms.silences.covers(one, now))),
      next: found.length > limit && last !== undefined ? last.id : null,
    };
  },
});

const messageView = z.object({
  id: z.string(),
  what: z.enum(['raised', 'changed', 'over', 'test']),
  text: words,
  state: z
    .enum(['due', 'sending', 'sent', 'superseded', 'dead'])
    .describe('superseded: the alarm was over before anybody could be told.'),
  lane: z.string().nullable(),
  attempts: z.int(),
  createdAt: time,
  doneAt: time.nullable(),
  lastError: sentence.nullable(),
  tries: z.array(
    z.object({ lane: z.string(), at: time, tookMs: z.int(), error: sentence.nullable() }),
  ),
});

const getAlarm = operation({
  id: 'getAlarm',
  method: 'get',
  path: '/alarms/{id}',
  tag: 'alarms',
  summary: 'One alarm, and who was told of it how',
  params: alarmId,
  answer: alarmView.extend({ messages: z.array(messageView) }),
  handle: async ({ alarms, clock }, { params }) => {
    const one = await alarms.get(params.id);
    const told = await alarms.told(one.id);
    return {
      ...viewOf(one, alarms.silences.covers(one, clock.now())),
      messages: told.map(({ message, tries }) => ({
        id: message.id,
        what: message.what,
        text: (JSON.parse(message.text) as LetterLine).text,
        state: message.state,
        lane: message.lane,
        attempts: message.attempts,
        createdAt: Number(message.created_at),
        doneAt: message.done_at === null ? null : Number(message.done_at),
        lastError: message.last_error,
        tries: tries.map(({ lane, at, took_ms, error }) => ({ lane, at, tookMs: took_ms, error })),
      })),
    };
  },
});

const ackAlarm = operation({
  id: 'ackAlarm',
  method: 'post',
  path: '/alarms/{id}/ack',
  tag: 'alarms',
  summary: 'Take care of it: that it gets worse is not told any more, its end is',
  params: alarmId,
  body: z.strictObject({ note: z.string().max(500).optional() }),
  answer: alarmView,
  handle: async ({ alarms, clock }, { params, body, operator }) => {
    const one = await alarms.acknowledge(params.id, operator?.name ?? '', body.note);
    return viewOf(one, alarms.silences.covers(one, clock.now()));
  },
});

const silenceView = z.object({
  id: z.string(),
  kind: z.enum(alarmKinds).nullable().describe('Null: any.'),
  subject: z.string().nullable().describe('Null: any.'),
  until: time,
  note: z.string(),
  createdAt: time,
  createdBy: z.string(),
});

const listSilences = operation({
  id: 'listSilences',
  method: 'get',
  path: '/alarms/silences',
  tag: 'alarms',
  summary: 'Of what nobody is told for a while',
  answer: z.object({ items: z.array(silenceView) }),
  handle: async ({ alarms }) => ({ items: alarms.silences.list().map(silenceOf) }),
});

const addSilence = operation({
  id: 'addSilence',
  method: 'post',
  path: '/alarms/silences',
  tag: 'alarms',
  summary: 'Tell nobody for a while: of a kind, of a subject, of both, or of anything',
  description: 'Alarms are raised and shown all the same; what lasts longer is told afterwards.',
  body: z.strictObject({
    kind: z.enum(alarmKinds).optional(),
    subject: z.string().min(1).max(200).optional().describe('A bot, a channel, a schedule …'),
    minutes: z
      .number()
      .positive()
      .max(30 * 24 * 60),
    note: z.string().max(500).default(''),
  }),
  answer: silenceView,
  status: 201,
  handle: async ({ alarms, clock }, { body, operator }) => {
    const { kind, subject, minutes, note } = body;
    const until = clock.now() + Math.round(minutes * 60_000);
    const createdBy = operator?.name ?? '';
    return silenceOf(await alarms.silences.add({ kind, subject, until, note, createdBy }));
  },
});

const removeSilence = operation({
  id: 'removeSilence',
  method: 'delete',
  path: '/alarms/silences/{id}',
  tag: 'alarms',
  summary: 'Tell people again',
  params: alarmId,
  handle: async ({ alarms }, { params: { id } }) => {
    if (!(await alarms.silences.remove(id))) throw notFound(`静默 ${id}`, `silence ${id}`);
  },
});

const laneName = z.object({ name: z.string().min(1).max(64) });

const listLanes = operation({
  id: 'listLanes',
  method: 'get',
  path: '/alarms/lanes',
  tag: 'alarms',
  summary: 'The ways to tell a person, in the order in which they are tried',
  answer: z.object({
    failingSince: time.nullable().describe('Since then no lane has taken anything.'),
    waiting: z.int().describe('Messages that wait to be told.'),
    maxPerHour: z.int(),
    items: z.array(
      z.object({
        name: z.string(),
        kind: z.enum(['room', 'webhook', 'email']),
        target: z.string().describe('Where it leads, without secrets.'),
        toldLastHour: z.int(),
        lastOkAt: time.nullable(),
        lastErrorAt: time.nullable(),
        lastError: sentence.nullable(),
      }),
    ),
  }),
  handle: async ({ alarms }) => ({
    failingSince: alarms.courier.failingSince ?? null,
    waiting: alarms.courier.waiting,
    maxPerHour: alarms.settings.maxPerHour,
    items: await alarms.laneViews(),
  }),
});

const testLane = operation({
  id: 'testLane',
  method: 'post',
  path: '/alarms/lanes/{name}/test',
  tag: 'alarms',
  summary: 'Send a trial over one lane, now',
  params: laneName,
  answer: z.object({ ok: z.boolean(), tookMs: z.int(), error: sentence.nullable() }),
  handle: async ({ alarms }, { params, operator }) => {
    const { error, tookMs } = await alarms.tryLane(params.name, operator?.name ?? '');
    return { ok: error === undefined, tookMs, error: error ?? null };
  },
});

/** Fixed names come before `{id}`. */
export const alarmOperations = [
  listLanes,
  testLane,
  listSilences,
  addSilence,
  removeSilence,
  listAlarms,
  getAlarm,
  ackAlarm,
];

function viewOf(one: Episode, silenced: boolean): z.output<typeof alarmView> {
  return {
    id: one.id,
    key: one.key,
    kind: one.kind,
    subject: one.subject,
    state: one.state === 'over' ? 'over' : 'raised',
    stage: one.stage,
    flapping: one.flapping,
    text: one.text,
    since: one.since,
    raisedAt: one.raisedAt ?? one.since,
    overAt: one.overAt ?? null,
    told: one.toldStage > 0,
    silenced: one.state !== 'over' && silenced,
    ackedAt: one.ackedAt ?? null,
    ackedBy: one.ackedBy ?? null,
    note: one.note ?? null,
  };
}

function silenceOf(one: {
  id: string;
  kind: (typeof alarmKinds)[number] | undefined;
  subject: string | undefined;
  until: number;
  note: string;
  createdAt: number;
  createdBy: string;
}): z.output<typeof silenceView> {
  return { ...one, kind: one.kind ?? null, subject: one.subject ?? null };
}
