import type { Tx } from '../../store/database.ts';
import type { ImConversationStore } from '../../store/im-conversations.ts';
import type { Clock } from '../clock.ts';
import { type Assigned, agentNotice, type Ended, sellerNotice } from './agent-notice.ts';
import type { AgentNotice } from './conversation.ts';
import type { Duty } from './duty.ts';
import type { MessageLog } from './message-log.ts';
import type { Names } from './names.ts';
import type { Places } from './places.ts';

export interface AgentNoticesOptions {
  store: Pick<ImConversationStore, 'ofContactIn'>;
  duty: Pick<Duty, 'current'>;
  places: Pick<Places, 'seenCustomer'>;
  names: Pick<Names, 'getIn'>;
  log: Pick<MessageLog, 'appendIn'>;
  clock: Clock;
}

/** Tells agents what became of their conversations, on whatever they look at. */
export class AgentNotices {
  readonly #options: AgentNoticesOptions;

  constructor(options: AgentNoticesOptions) {
    this.#options = options;
  }

  async tell(tx: Tx, agent: string, notice: AgentNotice | Assigned | Ended): Promise<void> {
    const { store, duty, places, names, log, clock } = this.#options;
    const user = await names.getIn(tx, agent);
    const said = { sender: 0, device: 0, clientId: 0 };
    await log.appendIn(tx, {
      ...{ ...said, kind: 'official', appid: user.appid, receiver: user.uid },
      ...{ inboxes: [user], push: 'push', content: agentNotice(notice, clock.now()) },
    });
    const rows = await store.ofContactIn(tx, notice.contact);
    const row = rows.find((one) => one.agent === agent);
    const by = row && (await duty.current(tx, row));
    if (row === undefined || by?.seller === undefined) return;
    const { seller } = by;
    const content = sellerNotice(notice, await places.seenCustomer(tx, row, by));
    await log.appendIn(tx, {
      ...{ ...said, kind: 'system', appid: seller.appid, receiver: seller.uid },
      ...{ inboxes: [seller], push: 'tell', content },
    });
  }
}
