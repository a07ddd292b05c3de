import { z } from 'zod';
import type { SendView } from '../../bot/automation/sends/send-types.ts';
import { AppError } from '../../bot/errors.ts';
import { sentence } from '../sentence.ts';
import type { AdminCore } from './core.ts';
import { audited, operation } from './operation.ts';
import { operatorChid, sendAsOperator } from './operator-sends.ts';

const msgid = z.int().min(1).max(Number.MAX_SAFE_INTEGER);
const body = z.strictObject({
  msgids: z.array(msgid).min(1).max(100).describe('Sends that failed, expired or had no room.'),
});

const again = operation({
  id: 'sendAgain',
  method: 'post',
  path: '/sends/again',
  tag: 'sends',
  summary: 'Send dead letters again, as they were',
  description:
    'Each once, however often it is asked for: as a send of an operator, with a number of its own. The channel that ' +
    'sent it first was told that it had failed, and is told nothing more. What is queued again is no dead letter any more.',
  body,
  answer: z.object({
    items: z.array(
      z.object({
        msgid: z.int(),
        again: z.int().nullable().describe('Its number from now on; null: it was not queued.'),
        problem: sentence.nullable().describe('Why it was not.'),
      }),
    ),
  }),
  audits: (_core, { body: { msgids } }) => [audited('msgids', msgids)],
  handle: async (core, { body: { msgids } }) => {
    const items = [];
    for (const one of new Set(msgids)) items.push({ msgid: one, ...(await sendAgain(core, one)) });
    return { items };
  },
});

const discard = operation({
  id: 'discardSends',
  method: 'post',
  path: '/sends/discard',
  tag: 'sends',
  summary: 'Discard dead letters: nobody has to look at them any more',
  description: 'They stay as they ended, and nobody is told.',
  body,
  answer: z.object({ count: z.int().describe('So many were dead letters until now.') }),
  audits: (_core, { body: { msgids } }) => [audited('msgids', msgids)],
  handle: async (core, { body: { msgids } }) => {
    const cleared = await core.sends.dead.clear(msgids);
    return { count: cleared.length };
  },
});

export const deadSendOperations = [again, discard];

async function sendAgain(
  core: AdminCore,
  number: number,
): Promise<{ again: number | null; problem: string | null }> {
  const txcode = `again:${number}`;
  // On whatever day: the second to press it gets what the first one sent.
  const before = await core.sends.status({ chid: operatorChid, txcode });
  const known = before.at(-1)?.msgid;
  if (known !== undefined) {
    // The first one may have ended between the two.
    await core.sends.dead.clear([number], known);
    return { again: known, problem: null };
  }
  const [send] = await core.sends.status({ msgid: number });
  try {
    if (!isDead(send)) throw noDeadLetter(number);
    const { botcode, content, roomId, target } = send;
    const room = target.kind === 'room' && roomId !== undefined;
    const id = await sendAsOperator(
      core,
      { botcode, content, target: room ? { kind: 'room', id: roomId } : target },
      { txcode },
    );
    await core.sends.dead.clear([number], id);
    return { again: id, problem: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { again: null, problem: error.text[core.config.language] };
  }
}

function isDead(send: SendView | undefined): send is SendView {
  const dead = ['absent', 'failed', 'expired'];
  return send !== undefined && dead.includes(send.state) && send.clearedAt === undefined;
}

function noDeadLetter(number: number): AppError {
  return new AppError('conflict', {
    zh: `消息 ${number} 不是待处理的死信`,
    en: `send ${number} is no dead letter that waits`,
  });
}
