import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import type { ScheduledSend } from '../../bot/reports/scheduled-sends.ts';
import { cardSchema } from '../../config/card-schema.ts';
import { readMoment } from '../../config/report-timing.ts';
import { scheduledStates } from '../../store/scheduled-sends.ts';
import type { AdminCore } from './core.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';
import { scheduledSendView, toScheduledSendView } from './report-views.ts';
import { contentOf, contentSchema } from './send-views.ts';
import { readTarget, targetFields } from './target.ts';
import { txcode } from './txcode.ts';

const tag = 'reports';
const params = z.object({ id: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) });
const contentFields = {
  text: z.string().min(1).max(20_000).exactOptional(),
  mentions: z.array(z.string().min(1).max(256)).max(100).exactOptional().describe('With text.'),
  card: cardSchema.optional(),
  image: z
    .string()
    .min(1)
    .max(800_000)
    .exactOptional()
    .describe('http(s) address, data: address, or the url of an uploaded file.'),
};
const contents = ['text', 'card', 'image'] as const;

const add = operation({
  id: 'scheduleSend',
  method: 'post',
  path: '/scheduled-sends',
  tag,
  summary: 'Send something once, later',
  description:
    'Checked now, queued at its time: exactly once, or told why not. The same txcode plans nothing ' +
    'twice: the same content gets the same one, other content is refused.',
  body: z
    .strictObject({
      botcode: z.string().min(1).max(64),
      ...targetFields,
      ...contentFields,
      at: z
        .union([z.int(), z.string().min(1).max(40)])
        .describe('Epoch ms, or 2026-03-01T09:00 in the configured zone, or with an offset.'),
      txcode: txcode.optional().describe('Of this request; unique for ever.'),
      deliverWithinSeconds: z
        .int()
        .min(1)
        .max(30 * 86_400)
        .default(3600)
        .describe('What could not leave by then is not sent.'),
    })
    .refine((body) => Object.keys(targetFields).filter((name) => name in body).length === 1, {
      path: ['roomId'],
      message: 'exactly one of roomId, roomTopic, contactId, contactName is needed',
    })
    .refine((body) => contents.filter((name) => body[name] !== undefined).length === 1, {
      path: ['text'],
      message: 'exactly one of text, card, image is needed',
    }),
  answer: scheduledSendView,
  status: 201,
  handle: async (core, { body, operator }) => {
    const at = typeof body.at === 'number' ? body.at : readMoment(body.at, core.config.timezone);
    if (at === undefined) {
      const text = { zh: 'at：不是时间', en: 'at: no time, like 2026-03-01T09:00' };
      throw new AppError('field_value', text, { field: 'at' });
    }
    const { botcode, text = '', mentions = [], card, image, deliverWithinSeconds } = body;
    const content = contentSchema.parse(
      card !== undefined
        ? { kind: 'miniProgram', card }
        : image !== undefined
          ? { kind: 'image', file: image }
          : { kind: 'text', text, mentions },
    );
    const send = await core.reports.later.add({
      ...{ botcode, at, target: readTarget(body), content: contentOf(content) },
      ...{ deliverWithinMs: deliverWithinSeconds * 1000, madeBy: operator?.name },
      txcode: body.txcode,
    });
    return await viewOf(core, send);
  },
});

const list = operation({
  id: 'listScheduledSends',
  method: 'get',
  path: '/scheduled-sends',
  tag,
  summary: 'Sends for later, newest first',
  query: z.strictObject({ ...numberPaging, state: z.enum(scheduledStates).optional() }),
  answer: page(scheduledSendView),
  handle: async (core, { query: { limit, cursor, state } }) => {
    const found = await core.reports.later.list({ state, before: cursor }, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    const more = found.length > limit && last !== undefined;
    return {
      items: await Promise.all(items.map((one) => viewOf(core, one))),
      next: more ? String(last.id) : null,
    };
  },
});

const get = operation({
  id: 'getScheduledSend',
  method: 'get',
  path: '/scheduled-sends/{id}',
  tag,
  summary: 'One send for later',
  params,
  answer: scheduledSendView,
  handle: async (core, { params: { id } }) => viewOf(core, await core.reports.later.get(id)),
});

const cancel = operation({
  id: 'cancelScheduledSend',
  method: 'post',
  path: '/scheduled-sends/{id}/cancel',
  tag,
  summary: 'Cancel a send whose time has not come; later, cancel the send itself',
  params,
  answer: scheduledSendView,
  handle: async (core, { params: { id } }) => viewOf(core, await core.reports.later.cancel(id)),
});

export const scheduledSendOperations = [add, list, get, cancel];

async function viewOf(
  core: AdminCore,
  send: ScheduledSend,
): Promise<z.output<typeof scheduledSendView>> {
  const [queued] = send.msgid === undefined ? [] : await core.sends.status({ msgid: send.msgid });
  return toScheduledSendView(core.bots, send, queued?.state);
}
