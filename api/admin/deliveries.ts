import { z } from 'zod';
import type { Deliveries } from '../../bot/automation/deliveries/deliveries.ts';
import { AppError } from '../../bot/errors.ts';
import type { StoredEvent } from '../../bot/event-log.ts';
import { maskedAddress } from '../../config/masked-text.ts';
import { eventTypes } from '../../config/schema.ts';
import { deliveryStates } from '../../store/events.ts';
import { sentence } from '../sentence.ts';
import type { AdminCore } from './core.ts';
import { badCursor, notFound } from './errors.ts';
import { audited, operation } from './operation.ts';
import { page, paging } from './paging.ts';

const time = z.int().describe('Epoch milliseconds.');
const eventId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

export const deliveryView = z.object({
  chid: z.string(),
  eventId: z.int(),
  botcode: z.string(),
  type: z.enum(eventTypes),
  at: time,
  state: z.enum(deliveryStates),
  attempts: z.int().describe('Tries since it became due.'),
  nextTryAt: time.nullable(),
  doneAt: time.nullable(),
  lastError: sentence.nullable(),
});

export const attemptView = z.object({
  at: time,
  tookMs: z.number(),
  status: z.int().nullable().describe('HTTP status; null: there was no answer.'),
  error: sentence.nullable().describe('Why it does not count as delivered.'),
  answer: z.string().nullable().describe('Beginning of what the receiver answered.'),
});

const listDeliveries = operation({
  id: 'listDeliveries',
  method: 'get',
  path: '/deliveries',
  tag: 'deliveries',
  summary: 'Events and how far their delivery got, newest first',
  description: 'Dead letters: `?state=dead`.',
  query: z.strictObject({
    ...paging,
    chid: z.string().min(1).max(64).optional(),
    state: z.enum(deliveryStates).optional(),
  }),
  answer: page(deliveryView),
  handle: async (core, { query }) => {
    const { chid, state, limit } = query;
    const before = readCursor(query.cursor);
    const found = await core.deliveries.list({ chid, state, before, limit: limit + 1 });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      items: shown.map(toDeliveryView),
      next: more ? `${last.at}:${last.eventId}:${last.chid}` : null,
    };
  },
});

const one = z.object({ chid: z.string().min(1).max(64), eventId });

const getDelivery = operation({
  id: 'getDelivery',
  method: 'get',
  path: '/channels/{chid}/events/{eventId}',
  tag: 'deliveries',
  summary: 'One event with every try to deliver it',
  params: one,
  answer: deliveryView.extend({
    tries: z.array(attemptView).describe('Of many only the first and last few.'),
    event: z.record(z.string(), z.unknown()).describe('The event in the words of the core.'),
    request: z
      .object({ url: z.string(), contentType: z.string(), body: z.string() })
      .nullable()
      .describe('What is posted, byte for byte, without its signatures; null: no receiver.'),
  }),
  handle: async (core, { params: { chid, eventId: id } }) => {
    const [event] = await core.deliveries.list({
      chid,
      before: { chid, eventId: id + 1, at: 0 },
      limit: 1,
    });
    if (event?.eventId !== id) throw notFound(`事件 ${chid}/${id}`, `event ${chid}/${id}`);
    const request = core.deliveries.request(event);
    return {
      ...toDeliveryView(event),
      tries: await triesOf(core, event),
      event: { ...event.event },
      request: request === undefined ? null : requestOf(request),
    };
  },
});

const ping = operation({
  id: 'pingChannel',
  method: 'post',
  path: '/channels/{chid}/ping',
  tag: 'deliveries',
  summary: "Post a request for trial to a channel's receiver",
  description:
    'Signed as events are; `type` is `test`, `eventId` 0. It is no event: nothing is kept, nothing repeated.',
  params: z.object({ chid: z.string().min(1).max(64) }),
  answer: z.object({
    delivered: z.boolean().describe('An event would count as delivered.'),
    url: z.string(),
    tookMs: z.number(),
    status: z.int().nullable(),
    error: sentence.nullable(),
    answer: z.string().describe('Beginning of what the receiver answered.'),
  }),
  handle: async (core, { params: { chid } }) => {
    if (core.channels.get(chid) === undefined) throw notFound(`渠道 ${chid}`, `channel ${chid}`);
    const trial = await core.deliveries.trial(chid);
    if (trial === undefined) {
      throw new AppError('conflict', {
        zh: `渠道 ${chid} 没有设置 callbackUrl`,
        en: `channel ${chid} has no callbackUrl`,
      });
    }
    const { status, error, ...rest } = trial;
    return {
      ...rest,
      url: maskedAddress(rest.url),
      delivered: error === undefined,
      status: status ?? null,
      error: error ?? null,
    };
  },
});

const redrive = operation({
  id: 'redrive',
  method: 'post',
  path: '/channels/{chid}/redrive',
  tag: 'deliveries',
  summary: 'Send dead letters again, with the same ids and bytes',
  description:
    'Named by id, or all of a range of ids and a type. With `replay` also what the receiver took before.',
  params: z.object({ chid: z.string().min(1).max(64) }),
  body: z
    .strictObject({
      eventIds: z.array(z.int().min(1)).min(1).max(1000).optional(),
      from: z.int().min(1).optional().describe('First event id.'),
      to: z.int().min(1).optional().describe('Last event id.'),
      type: z.enum(eventTypes).optional(),
      replay: z.boolean().default(false),
    })
    .refine((body) => body.eventIds === undefined || !hasRange(body), {
      path: ['eventIds'],
      message: 'either ids, or a range and a type',
    }),
  answer: z.object({ count: z.int().describe('So many go out again.') }),
  handle: async (core, { params: { chid }, body }) => {
    if (core.channels.get(chid) === undefined) throw notFound(`渠道 ${chid}`, `channel ${chid}`);
    return { count: await core.deliveries.redrive({ chid, ...body }) };
  },
});

const discard = operation({
  id: 'discardEvents',
  method: 'post',
  path: '/channels/{chid}/discard',
  tag: 'deliveries',
  summary: 'Discard dead letters: they are not delivered, and nobody has to look at them any more',
  description:
    'Whoever reads the events of the channel still gets them; `redrive` by id takes it back.',
  params: z.object({ chid: z.string().min(1).max(64) }),
  body: z.strictObject({ eventIds: z.array(z.int().min(1)).min(1).max(1000) }),
  answer: z.object({ count: z.int().describe('So many were dead letters until now.') }),
  audits: (_core, { body: { eventIds } }) => [audited('eventIds', eventIds)],
  handle: async (core, { params: { chid }, body }) => {
    if (core.channels.get(chid) === undefined) throw notFound(`渠道 ${chid}`, `channel ${chid}`);
    return { count: await core.deliveries.discard(chid, body.eventIds) };
  },
});

export const deliveryOperations = [listDeliveries, getDelivery, redrive, discard, ping];

export function toDeliveryView(event: StoredEvent): z.output<typeof deliveryView> {
  return {
    chid: event.chid,
    eventId: event.eventId,
    botcode: event.botcode,
    type: event.event.type,
    at: event.at,
    state: event.state,
    attempts: event.attempts,
    nextTryAt: event.state === 'due' ? event.runAt : null,
    doneAt: event.doneAt ?? null,
    lastError: event.lastError ?? null,
  };
}

export async function triesOf(
  core: AdminCore,
  event: StoredEvent,
): Promise<z.output<typeof attemptView>[]> {
  const tries = await core.deliveries.attempts(event.chid, event.eventId);
  return tries.map(({ at, tookMs, status, error, answer }) => ({
    at,
    tookMs,
    status: status ?? null,
    error: error ?? null,
    answer: answer ?? null,
  }));
}

function requestOf({ url, callback }: NonNullable<ReturnType<Deliveries['request']>>) {
  return { url: maskedAddress(url), contentType: callback.contentType, body: callback.body };
}

function hasRange(body: { from?: unknown; to?: unknown; type?: unknown }): boolean {
  return body.from !== undefined || body.to !== undefined || body.type !== undefined;
}

/** `<time>:<event id>:<chid>` of the last item of the page before. */
function readCursor(cursor: string | undefined) {
  if (cursor === undefined) return undefined;
  const [, at, id, chid] = /^(\d{1,15}):(\d{1,15}):(.{1,64})$/.exec(cursor) ?? [];
  if (at === undefined || id === undefined || chid === undefined) throw badCursor();
  return { at: Number(at), eventId: Number(id), chid };
}
