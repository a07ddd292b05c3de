import type { Tx } from '../../store/database.ts';
import type { Conversations } from '../im/conversations.ts';
import type { ProfilePort } from './ports.ts';

/** What agents are shown of a customer of WeChat. */
export class CustomerProfiles implements ProfilePort {
  readonly #conversations: Pick<Conversations, 'store' | 'cache'>;

  constructor(conversations: Pick<Conversations, 'store' | 'cache'>) {
    this.#conversations = conversations;
  }

  async forget(tx: Tx, account: string, openId: string): Promise<void> {
    const { store, cache } = this.#conversations;
    const row = await store.find(tx, 'wechat', account, openId);
    if (row === undefined) return;
    const nobody = { ...row, name: '', avatar: '' };
    await store.put(tx, nobody);
    cache.changed(tx, nobody);
  }
}
