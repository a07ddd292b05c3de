import { z } from 'zod';
import { sendStates } from '../../bot/automation/sends/send-types.ts';
import { AppError } from '../../bot/errors.ts';
import type { AdminCore } from './core.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { sendAsOperator } from './operator-sends.ts';
import { numberPaging, page } from './paging.ts';
import { getSendPicture } from './send-picture.ts';
import { contentOf, contentSchema, sendParams, sendView, toSendView } from './send-views.ts';
import { readTarget, targetFields } from './target.ts';
import { txcode } from './txcode.ts';

const listSends = operation({
  id: 'listSends',
  method: 'get',
  path: '/sends',
  tag: 'sends',
  summary: 'Sends, newest first',
  description: 'With a filter a page may be short, even empty, and yet have a next one.',
  query: z.strictObject({
    ...numberPaging,
    botcode: z.string().min(1).max(64).optional(),
    chid: z.string().max(64).optional(),
    state: z
      .enum([...sendStates, 'troubled'])
      .optional()
      .describe('`troubled`: absent, failed or expired, and nobody has dealt with it.'),
    cleared: z
      .enum(['false'])
      .optional()
      .describe('`false`: only dead letters that nobody has dealt with.'),
    like: z.coerce
      .number()
      .int()
      .min(1)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('A msgid: only what ended for the same reason.'),
  }),
  answer: page(sendView),
  handle: async (core, { query: { limit, cursor, cleared, ...filter } }) => {
    const wanted = cleared === 'false' || filter.state === 'troubled' ? false : undefined;
    const { sends, next } = await core.sends.list(
      { ...filter, cleared: wanted },
      { before: cursor, limit },
    );
    return {
      items: sends.map((one) => toSendView(core.bots, one)),
      next: next === undefined ? null : String(next),
    };
  },
});

const getSend = operation({
  id: 'getSend',
  method: 'get',
  path: '/sends/{msgid}',
  tag: 'sends',
  summary: 'One send',
  params: sendParams,
  answer: sendView,
  handle: (core, { params: { msgid } }) => viewOf(core, msgid),
});

const createSend = operation({
  id: 'createSend',
  method: 'post',
  path: '/sends',
  tag: 'sends',
  summary: 'Send something as an operator',
  description:
    'Queued as any other send. The same txcode on the same day sends nothing twice: the same ' +
    'content gets the same send, other content is refused. No channel is told of it.',
  body: z
    .strictObject({
      botcode: z.string().min(1).max(64),
      ...targetFields,
      content: contentSchema,
      txcode: txcode.optional().describe('Absent: one is made.'),
      expiresInSeconds: z
        .int()
        .min(1)
        .max(30 * 86_400)
        .default(86_400),
      insteadOf: z
        .int()
        .min(1)
        .optional()
        .describe('A dead letter that this takes the place of: it is none any more.'),
    })
    .refine((body) => Object.keys(targetFields).filter((name) => name in body).length === 1, {
      path: ['roomId'],
      message: 'exactly one of roomId, roomTopic, contactId, contactName is needed',
    }),
  answer: sendView,
  status: 201,
  handle: async (core, { body }) => {
    const { botcode, content: given, txcode, expiresInSeconds, insteadOf } = body;
    const msgid = await sendAsOperator(
      core,
      { botcode, target: readTarget(body), content: contentOf(given) },
      { txcode, expiresInSeconds },
    );
    if (insteadOf !== undefined) await core.sends.dead.clear([insteadOf], msgid);
    return viewOf(core, msgid);
  },
});

const cancelSend = operation({
  id: 'cancelSend',
  method: 'post',
  path: '/sends/{msgid}/cancel',
  tag: 'sends',
  summary: 'Cancel what has not been handed to WeChat',
  params: sendParams,
  answer: sendView,
  handle: async (core, { params: { msgid } }) => {
    const outcome = await core.sends.cancel(msgid);
    const view = await viewOf(core, msgid);
    if (outcome === 'cancelled' || view.state === 'cancelled') return view;
    throw new AppError('conflict', {
      zh: outcome === 'too-late' ? `消息 ${msgid} 已交给微信` : `消息 ${msgid} 已结束`,
      en: `message ${msgid} ${outcome === 'too-late' ? 'was handed to WeChat' : 'is settled'} already`,
    });
  },
});

export const sendOperations = [listSends, getSend, getSendPicture, createSend, cancelSend];

async function viewOf(core: AdminCore, msgid: number): Promise<z.output<typeof sendView>> {
  const [send] = await core.sends.status({ msgid });
  if (send === undefined) throw notFound(`消息 ${msgid}`, `send ${msgid}`);
  return toSendView(core.bots, send);
}
