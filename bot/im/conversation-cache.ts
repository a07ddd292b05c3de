import type { Tx } from '../../store/database.ts';
import type { ConversationRow, ImConversationStore } from '../../store/im-conversations.ts';
import type { Conversation, Via } from './conversation.ts';

/** So many are remembered; then all are read again. */
const most = 100_000;

/** What is known of conversations, and of contacts that have none, as far as it is on disk. */
export class ConversationCache {
  readonly #store: ImConversationStore;
  readonly #byId = new Map<number, Conversation>();
  /** The one talked to last first. */
  readonly #byContact = new Map<string, Conversation[]>();
  /** Counts what changed. */
  #changes = 0;
  /** Called with the number of each conversation that changed, once that is on disk. */
  touched: ((id: number) => void) | undefined;
  /** Being read now; true once something changed meanwhile. */
  readonly #reading = new Map<string, { promise: Promise<Conversation[]>; stale: boolean }>();

  constructor(store: ImConversationStore) {
    this.#store = store;
  }

  /** While this stays the same, who answers whom does, too. */
  get changes(): number {
    return this.#changes;
  }

  peek(id: number): Conversation | undefined {
    return this.#byId.get(id);
  }

  async get(id: number): Promise<Conversation | undefined> {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const row = await this.#store.byId(id);
    // Changed meanwhile: what is known now is newer.
    return this.#byId.get(id) ?? (row === undefined ? undefined : this.#remember(row));
  }

  /** All that have this contact. */
  async ofContact(contact: string): Promise<readonly Conversation[]> {
    const known = this.#byContact.get(contact);
    if (known !== undefined) return known;
    const reading = this.#reading.get(contact);
    if (reading !== undefined) return await reading.promise;
    const one = { promise: Promise.resolve<Conversation[]>([]), stale: false };
    one.promise = this.#read(contact, one);
    this.#reading.set(contact, one);
    return await one.promise;
  }

  /** Counts once the transaction is on disk; called before anybody is told of what it stores. */
  changed(tx: Tx, row: ConversationRow): void {
    const conversation = conversationOf(row);
    tx.onDurable(() => {
      this.#changes += 1;
      this.touched?.(row.id);
      const reading = this.#reading.get(row.contact);
      if (reading !== undefined) reading.stale = true;
      this.#makeRoom();
      this.#byId.set(row.id, conversation);
      const known = this.#byContact.get(row.contact);
      if (known === undefined) return;
      const others = known.filter((one) => one.id !== row.id);
      this.#byContact.set(row.contact, [conversation, ...others].sort(byTime));
    });
  }

  /** It is no more. */
  forgotten(tx: Tx, row: Pick<ConversationRow, 'id' | 'contact'>): void {
    tx.onDurable(() => {
      this.#changes += 1;
      const reading = this.#reading.get(row.contact);
      if (reading !== undefined) reading.stale = true;
      this.#byId.delete(row.id);
      this.#byContact.delete(row.contact);
    });
  }

  async #read(contact: string, one: { stale: boolean }): Promise<Conversation[]> {
    try {
      for (;;) {
        const rows = await this.#store.ofContact(contact);
        if (one.stale) {
          one.stale = false;
          continue;
        }
        this.#makeRoom();
        const found = rows.map((row) => this.#remember(row));
        this.#byContact.set(contact, found);
        return found;
      }
    } finally {
      this.#reading.delete(contact);
    }
  }

  #remember(row: ConversationRow): Conversation {
    const conversation = this.#byId.get(row.id) ?? conversationOf(row);
    this.#byId.set(row.id, conversation);
    return conversation;
  }

  #makeRoom(): void {
    if (this.#byContact.size >= most) this.#byContact.clear();
    if (this.#byId.size >= most) this.#byId.clear();
  }
}

export function conversationOf(row: ConversationRow): Conversation {
  return {
    id: row.id,
    // Only ways of ours are ever written.
    via: row.via as Via,
    account: row.account,
    contact: row.contact,
    customer: { appid: row.appid, uid: row.uid },
    storeId: row.store_id ?? undefined,
    agent: row.agent ?? undefined,
    name: row.name,
    avatar: row.avatar,
    createdAt: row.created_at,
    lastAt: row.last_at,
  };
}

function byTime(one: Conversation, other: Conversation): number {
  return other.lastAt - one.lastAt || one.id - other.id;
}
