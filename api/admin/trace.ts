import { z } from 'zod';
import type { SendView } from '../../bot/automation/sends/send-types.ts';
import { CommandStore } from '../../store/commands.ts';
import { sentenceUnless } from '../sentence.ts';
import type { AdminCore } from './core.ts';
import { attemptView, deliveryView, toDeliveryView, triesOf } from './deliveries.ts';
import { notFound } from './errors.ts';
import { operation } from './operation.ts';
import { operatorChid } from './operator-sends.ts';
import { sendView, toSendView } from './send-views.ts';
import { txcode } from './txcode.ts';

const time = z.int().describe('Epoch milliseconds.');

const step = z.object({
  at: time,
  step: z
    .string()
    .describe(
      'accepted, waiting, moving, …, the final state; event and post: telling the channel.',
    ),
  // Names of who was mentioned are no words of ours.
  detail: sentenceUnless(({ step }) => step === 'mentioned' || step === 'unmentioned').nullable(),
});

const traceView = z.object({
  commands: z
    .array(
      z.object({
        chid: z.string(),
        txcode: z.string(),
        day: z.string().describe('Day of its txtime, yyyymmdd.'),
        at: time,
        answer: z
          .string()
          .nullable()
          .describe('What the channel was answered, byte for byte; null: it is being done.'),
      }),
    )
    .describe('Requests with this number; one a day at most.'),
  sends: z.array(
    z.object({
      send: sendView,
      steps: z.array(step).describe('Everything in order of time, deliveries included.'),
      deliveries: z.array(deliveryView.extend({ tries: z.array(attemptView) })),
    }),
  ),
});

type Trace = z.output<typeof traceView>;

const trace = operation({
  id: 'trace',
  method: 'get',
  path: '/trace',
  tag: 'trace',
  summary: 'Every step of one msgid or txcode, with its time',
  description: 'A txcode without chid is looked for in every channel.',
  query: z
    .strictObject({
      msgid: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
      txcode: txcode.optional(),
      chid: z.string().min(1).max(64).optional(),
    })
    .refine((query) => (query.msgid === undefined) !== (query.txcode === undefined), {
      path: ['msgid'],
      message: 'either msgid or txcode is needed',
    }),
  answer: traceView,
  handle: async (core, { query: { msgid, txcode = '', chid } }) => {
    const found =
      msgid === undefined ? await ofNumber(core, txcode, chid) : await ofSend(core, msgid);
    if (found.commands.length === 0 && found.sends.length === 0) {
      const what = msgid === undefined ? `txcode ${txcode}` : `msgid ${msgid}`;
      throw notFound(` ${what}`, what);
    }
    return found;
  },
});

export const traceOperations = [trace];

async function ofSend(core: AdminCore, msgid: number): Promise<Trace> {
  const [send] = await core.sends.status({ msgid });
  if (send === undefined) return { commands: [], sends: [] };
  const commands = await commandsOf(core, send.chid, send.txcode);
  return { commands, sends: [await stepsOf(core, send)] };
}

async function ofNumber(core: AdminCore, txcode: string, chid: string | undefined): Promise<Trace> {
  const found: Trace = { commands: [], sends: [] };
  const all = [operatorChid, ...core.channels.list().map((channel) => channel.chid)];
  for (const name of chid === undefined ? all : [chid]) {
    found.commands.push(...(await commandsOf(core, name, txcode)));
    for (const send of await core.sends.status({ chid: name, txcode })) {
      found.sends.push(await stepsOf(core, send));
    }
  }
  return found;
}

async function commandsOf(
  core: AdminCore,
  chid: string,
  txcode: string,
): Promise<Trace['commands']> {
  const rows = await new CommandStore(core.db).look(chid, txcode);
  return rows.map(({ day, at, answer }) => ({ chid, txcode, day, at, answer }));
}

async function stepsOf(core: AdminCore, send: SendView): Promise<Trace['sends'][number]> {
  const steps = (await core.sends.trace(send.msgid)).map((one) => ({
    at: one.at,
    step: one.step,
    detail: one.detail ?? null,
  }));
  const deliveries: Trace['sends'][number]['deliveries'] = [];
  for (const event of await core.events.ofSend(send.msgid)) {
    const tries = await triesOf(core, event);
    deliveries.push({ ...toDeliveryView(event), tries });
    steps.push({ at: event.at, step: 'event', detail: `${event.chid}/${event.eventId}` });
    for (const one of tries) {
      const detail = one.error ?? `${one.status ?? ''}`;
      steps.push({ at: one.at, step: one.error === null ? 'delivered' : 'post', detail });
    }
  }
  // Sorting is stable: what happened at the same moment stays in its order.
  return {
    send: toSendView(core.bots, send),
    steps: steps.sort((a, b) => a.at - b.at),
    deliveries,
  };
}
