import { z } from 'zod';
import { botStates } from '../../bot/automation/bots/bot-state.ts';
import { MetricStore } from '../../store/metrics.ts';
import { sentence } from '../sentence.ts';
import type { AdminCore } from './core.ts';
import { operation } from './operation.ts';

const time = z.int().describe('Epoch milliseconds.');

const overview = operation({
  id: 'overview',
  method: 'get',
  path: '/overview',
  tag: 'system',
  summary: 'What needs an eye: bots, what waits, what died, warnings',
  answer: z.object({
    time,
    startedAt: time,
    bots: z.object({
      total: z.int(),
      states: z.partialRecord(z.enum(botStates), z.int()).describe('How many are in each state.'),
      waiting: z
        .array(z.object({ botcode: z.string(), name: z.string(), userAction: z.string() }))
        .describe('Those that need a person; the first 20.'),
    }),
    sends: z.object({
      queued: z.int(),
      oldestAt: time.nullable().describe('When the longest waiting one was accepted.'),
      onTheWay: z.int(),
      unknown: z.int().describe('Handed over, outcome not known.'),
      troubled: z
        .int()
        .describe(
          'Failed, expired, or without their room, within the last 24 hours, and nobody has dealt with them.',
        ),
    }),
    deliveries: z.object({
      due: z.int(),
      oldestAt: time.nullable(),
      dead: z.int(),
      paused: z.array(z.string()).describe('Channels that nothing is posted to; the first 20.'),
    }),
    conversations: z.object({
      waiting: z.int().describe('Customers whose words nobody was told of.'),
    }),
    alarms: z.object({ lanes: z.int().describe('Ways to tell a person; 0: nobody is told.') }),
    ready: z.boolean(),
    warnings: z
      .array(sentence)
      .describe(
        'As in /ready, but for bots that are among those waiting; in the language of Accept-Language.',
      ),
  }),
  handle: async (core) => {
    const now = core.clock.now();
    const ready = await core.health.ready();
    const { states, total } = ready.parts.bots;
    const waiting = waitingOf(core);
    const down = total - (states.ready ?? 0) - (states.off ?? 0);
    const warnings = ready.warnings.filter(
      (one) => down > waiting.length || !one.startsWith('bots: '),
    );
    return {
      time: now,
      startedAt: Math.round(now - process.uptime() * 1000),
      bots: { total, states, waiting },
      sends: await sendsOf(core),
      deliveries: await deliveriesOf(core),
      conversations: { waiting: await core.im.conversations.countWaiting() },
      alarms: { lanes: core.alarms.lanes.length },
      ready: ready.status === 'ready',
      warnings: [...ready.reasons, ...warnings],
    };
  },
});

const minutes = operation({
  id: 'sendMinutes',
  method: 'get',
  path: '/overview/minutes',
  tag: 'system',
  summary: 'Sends that ended, by minute, of the last hour or day',
  query: z.strictObject({
    minutes: z.coerce.number().int().min(1).max(1440).default(60),
    step: z.coerce.number().int().min(1).max(60).default(1).describe('Minutes of one point.'),
  }),
  answer: z.object({
    from: time.describe('Beginning of the first point.'),
    stepMs: z.int(),
    sent: z.array(z.int()),
    failed: z.array(z.int()).describe('Failed, expired, or without their room.'),
  }),
  handle: async ({ sendMinutes }, { query }) => {
    const { step } = query;
    const count = Math.ceil(query.minutes / step);
    const list = await sendMinutes.last(count * step);
    const sum = (of: 'sent' | 'failed'): number[] =>
      Array.from({ length: count }, (_none, index) =>
        list.slice(index * step, (index + 1) * step).reduce((all, one) => all + one[of], 0),
      );
    return {
      from: list[0]?.at ?? 0,
      stepMs: step * 60_000,
      sent: sum('sent'),
      failed: sum('failed'),
    };
  },
});

export const overviewOperations = [overview, minutes];

function waitingOf({ bots }: AdminCore) {
  const needed = new Set(['scan', 'confirm', 'decide', 'contact-provider']);
  return bots
    .list()
    .map((bot) => bot.view())
    .filter(({ userAction }) => needed.has(userAction))
    .slice(0, 20)
    .map(({ botcode, name, userAction }) => ({ botcode, name, userAction }));
}

async function sendsOf({ db, sendMinutes, sends }: AdminCore) {
  const store = new MetricStore(db);
  const queues = await store.queues();
  const open = await store.open();
  const countOf = (state: string): number =>
    Number(open.find((one) => one.state === state)?.count ?? 0);
  const day = await sendMinutes.last(1440);
  const failed = day.reduce((all, one) => all + one.failed, 0);
  return {
    queued: queues.reduce((all, { queued }) => all + Number(queued), 0),
    oldestAt: oldest(queues.map((one) => one.oldest)),
    onTheWay: countOf('sending'),
    unknown: countOf('unknown'),
    troubled: Math.max(0, failed - (await sends.dead.clearedOf(day[0]?.at ?? 0))),
  };
}

async function deliveriesOf({ deliveries, channels }: AdminCore) {
  const backlog = await deliveries.backlog();
  return {
    due: backlog.reduce((all, { due }) => all + Number(due), 0),
    oldestAt: oldest(backlog.map((one) => one.oldestDueAt)),
    dead: backlog.reduce((all, { dead }) => all + Number(dead), 0),
    paused: channels
      .list()
      .filter(({ pausedReason }) => pausedReason !== undefined)
      .slice(0, 20)
      .map(({ chid }) => chid),
  };
}

function oldest(times: readonly (number | null | undefined)[]): number | null {
  const known = times.filter((at) => at != null).map(Number);
  return known.length === 0 ? null : Math.min(...known);
}
