import type { Logger } from '../../config/logger.ts';
import type { Tx } from '../../store/database.ts';
import type { OutboxRow } from '../../store/wechat-outbox.ts';
import type { Account } from './account.ts';
import type { ApiAnswer } from './answer.ts';
import type { Credits } from './credits.ts';
import { errorOf } from './errors.ts';
import type { Way } from './pauses.ts';
import { faultyField } from './subscribe.ts';
import type { Windows } from './windows.ts';

export interface LessonOptions {
  windows: Windows;
  credits: Credits;
  logger: Logger;
}

/** What an answer of WeChat teaches the ledgers of what may be sent. */
export async function learn(
  tx: Tx,
  { row, account, way }: { row: OutboxRow; account: Account; way: Way },
  answer: ApiAnswer,
  { windows, credits, logger }: LessonOptions,
): Promise<void> {
  const whose = [row.account, row.open_id] as const;
  const template = way === 'subscribe' ? account.settings.subscribe?.templateId : undefined;
  if (answer.kind === 'ok' && template !== undefined) await credits.used(tx, ...whose, template);
  if (answer.kind !== 'refused') return;
  // What the user did after the hand-over is not meant.
  const handedAt = row.handed_at ?? row.created_at;
  const facts = { account: row.account, id: row.id };
  switch (errorOf(answer.errcode).action) {
    case 'windowClosed':
      await windows.wasClosed(tx, ...whose, handedAt);
      break;
    case 'usedUp':
      await windows.wasUsedUp(tx, ...whose, handedAt);
      break;
    case 'dropCredit':
      if (template !== undefined) await credits.dropped(tx, ...whose, template, handedAt);
      break;
    case 'field': {
      const field = faultyField(answer.errmsg);
      logger.error({ ...facts, field }, 'a field of the template does not fit its rule');
      break;
    }
    case 'stop':
      logger.error(facts, 'WeChat bars the account from subscribe messages');
      break;
  }
}
