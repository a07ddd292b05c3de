import { z } from 'zod';
import type { BotRegistry } from '../../bot/automation/bots/bot-port.ts';
import { sendStates } from '../../bot/automation/sends/send-types.ts';
import type { Run } from '../../bot/reports/run-office.ts';
import { nextOf, type Schedule } from '../../bot/reports/schedule.ts';
import type { ScheduledSend } from '../../bot/reports/scheduled-sends.ts';
import type { Trial } from '../../bot/reports/trials.ts';
import { maskedSource } from '../../config/masked-source.ts';
import { reportFields } from '../../config/report-schema.ts';
import { runStates } from '../../store/runs.ts';
import { scheduledStates } from '../../store/scheduled-sends.ts';
import { sentence } from '../sentence.ts';
import { time } from './im-views.ts';
import { roomTopic, roomTopicOf } from './room-topic.ts';

type Bots = Pick<BotRegistry, 'get'>;

export const runKinds = z.enum(runStates);

const record = z.record(z.string(), z.string());

export const runView = z.object({
  schedule: z.string(),
  slot: time.describe('The planned moment: with the schedule, the identity of a run. Epoch ms.'),
  cause: z.enum(['slot', 'catch-up', 'backfill', 'operator']),
  state: runKinds.describe(
    'waiting, running, sending (messages are on their way); sent, partial, failed: as its messages ' +
      'ended; nothing: sendIf said no; skipped: see reason.',
  ),
  reason: sentence.nullable(),
  attempt: z.int().describe('How many processes took it up.'),
  createdAt: time,
  startedAt: time.nullable(),
  finishedAt: time.nullable(),
  expiresAt: time.describe('Then nothing of it is sent any more.'),
  rows: z.int().nullable(),
  output: z.string().nullable().describe('text, or what pictures it was.'),
  targets: z.array(
    z.object({
      botcode: z.string(),
      target: record,
      roomTopic,
      reason: sentence.nullable().describe('Why nothing could be queued.'),
      messages: z.array(
        z.object({
          msgid: z.int(),
          kind: z.string(),
          state: z.enum(sendStates),
          reason: sentence.nullable(),
        }),
      ),
    }),
  ),
});

export function toRunView(bots: Bots, run: Run): z.output<typeof runView> {
  return {
    ...run,
    reason: run.reason ?? null,
    startedAt: run.startedAt ?? null,
    finishedAt: run.finishedAt ?? null,
    rows: run.rows ?? null,
    output: run.output ?? null,
    targets: run.targets.map(({ botcode, target, messages, reason }) => ({
      ...{ botcode, target: { ...target }, roomTopic: roomTopicOf(bots, { botcode, target }) },
      reason: reason ?? null,
      messages: messages.map((one) => ({ ...one, reason: one.reason ?? null })),
    })),
  };
}

export const scheduleView = z.object({
  name: z.string(),
  source: z.enum(['config', 'admin']).describe('config: changed in the file.'),
  enabled: z.boolean(),
  paused: z.boolean(),
  pausedReason: sentence.nullable(),
  fault: sentence.nullable().describe('Why it cannot fire.'),
  warnings: z
    .array(sentence)
    .describe('What keeps it from being made or sent, as things are: no such bot, file, secret.'),
  failures: z.int().describe('In a row.'),
  zone: z.string(),
  nextAt: time.nullable().describe('Its next slot; null: none, or it is paused.'),
  last: runView.nullable().describe('Its newest run.'),
  settings: reportFields.describe(
    'What was typed into the source as a secret is `***`; sent back as it is, it stays.',
  ),
  createdAt: time,
  updatedAt: time,
});

export function toScheduleView(
  bots: Bots,
  schedule: Schedule,
  last: Run | undefined,
  warnings: string[],
): z.output<typeof scheduleView> {
  const { settings, fault, pausedReason, paused } = schedule;
  const idle = paused || !settings.enabled || fault !== undefined;
  return {
    ...{ name: schedule.name, source: schedule.source, enabled: settings.enabled, paused },
    pausedReason: pausedReason ?? null,
    ...{ fault: fault ?? null, failures: schedule.failures, zone: schedule.timing.zone },
    nextAt: idle ? null : (nextOf(schedule)?.slot ?? null),
    warnings,
    last: last === undefined ? null : toRunView(bots, last),
    settings: { ...settings, source: maskedSource(settings.source) },
    ...{ createdAt: schedule.createdAt, updatedAt: schedule.updatedAt },
  };
}

export const slotList = z.object({
  zone: z.string(),
  items: z.array(
    z.object({
      slot: time,
      dueAt: time.describe('With jitter.'),
      local: z.string().describe('In the zone, with its offset: 2026-11-22T09:00:00+08:00.'),
    }),
  ),
});

export function toSlotList(
  slots: readonly { slot: number; dueAt: number }[],
  zone: string,
): z.output<typeof slotList> {
  return { zone, items: slots.map((one) => ({ ...one, local: localOf(one.slot, zone) })) };
}

/** ISO text in a zone: with its offset, so that an hour that comes twice can be told apart. */
function localOf(at: number, zone: string): string {
  const style = { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' } as const;
  const local = new Intl.DateTimeFormat('sv-SE', style).format(at).replace(' ', 'T');
  const minutes = Math.round((Date.parse(`${local}Z`) - at) / 60_000);
  const two = (count: number): string => String(Math.trunc(count)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${local}${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}

export const trialView = z.object({
  slot: time,
  send: z.boolean().describe('false: sendIf says no, nothing would be sent.'),
  title: z.string(),
  text: z.string().describe('What is sent as text, or if pictures fail.'),
  pictures: z.array(
    z.object({
      url: z.string().describe('A data: address of a PNG.'),
      width: z.int(),
      height: z.int(),
    }),
  ),
  pictureFault: z.string().nullable().describe('Why the text would go instead of pictures.'),
  columns: z.array(z.record(z.string(), z.unknown())),
  rows: z.array(z.record(z.string(), z.unknown())).describe('The first 50.'),
  count: z.int(),
  truncated: z.boolean().describe('The source had more rows than are read.'),
  ms: z.int(),
});

export function toTrialView({
  written,
  pictures,
  pictureFault,
  slot,
  ms,
}: Trial): z.output<typeof trialView> {
  const { send, title, text, columns, rows, count, truncated } = written;
  return {
    ...{ slot, send, title, text, count, truncated, ms, rows: rows.slice(0, 50) },
    columns: columns.map((one) => ({ ...one })),
    pictureFault: pictureFault ?? null,
    pictures: pictures.map(({ png, width, height }) => ({
      url: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
      ...{ width, height },
    })),
  };
}

export const scheduledSendView = z.object({
  id: z.int(),
  botcode: z.string(),
  target: record,
  roomTopic,
  content: z.record(z.string(), z.unknown()),
  at: time,
  expiresAt: time,
  state: z
    .enum(scheduledStates)
    .describe('waiting; queued: it is the send `msgid`; failed, expired, cancelled.'),
  msgid: z.int().nullable(),
  sendState: z.enum(sendStates).nullable().describe('Of the send, while it is kept.'),
  reason: sentence.nullable(),
  madeBy: z.string().nullable(),
  createdAt: time,
  settledAt: time.nullable(),
});

export function toScheduledSendView(
  bots: Bots,
  send: ScheduledSend,
  sendState: (typeof sendStates)[number] | undefined,
): z.output<typeof scheduledSendView> {
  return {
    ...send,
    ...{ target: { ...send.target }, content: { ...send.content }, sendState: sendState ?? null },
    ...{ msgid: send.msgid ?? null, reason: send.reason ?? null, madeBy: send.madeBy ?? null },
    roomTopic: roomTopicOf(bots, send),
    settledAt: send.settledAt ?? null,
  };
}
