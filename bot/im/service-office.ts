import type { Tx } from '../../store/database.ts';
import type { ConversationFilter, ConversationRow } from '../../store/im-conversations.ts';
import type { DeskStore } from '../../store/im-desks.ts';
import { AppError } from '../errors.ts';
import { Answers, type AnswersOptions } from './answers.ts';
import type { Content } from './content.ts';
import { contentOf } from './content-of.ts';
import { type Conversation, unknownConversation } from './conversation.ts';
import { conversationOf } from './conversation-cache.ts';
import type { Conversations } from './conversations.ts';
import { sellerIn } from './duty.ts';
import type { Message, Placed } from './message.ts';
import type { MessageLog } from './message-log.ts';

export interface ConversationView extends Conversation {
  /** Nobody was told yet of the customer's last words. */
  waiting: boolean;
  /** What the agent is called at the desk. */
  agentName: string | undefined;
}

/** One word of a conversation. */
export interface Word {
  /** Its place in the customer's inbox. */
  seq: number;
  id: number;
  at: number;
  /** Who answered; undefined: the customer said it. */
  agent: string | undefined;
  agentName: string | undefined;
  content: Content;
}

/** What an agent is called at a desk. */
type NameOf = (storeId: number | null, agent: string | null) => string | undefined;

export interface ServiceOfficeOptions extends AnswersOptions {
  desks: DeskStore;
  log: Pick<MessageLog, 'readBack' | 'readIn'>;
}

/** The customer's inbox holds other things too: so much of it is looked through for one page. */
const page = 200;
const mostLooked = 4000;

/** What operators do about conversations. */
export class ServiceOffice {
  readonly #conversations: Conversations;
  readonly #desks: DeskStore;
  readonly #log: ServiceOfficeOptions['log'];
  readonly #answers: Answers;

  constructor(options: ServiceOfficeOptions) {
    this.#conversations = options.conversations;
    this.#desks = options.desks;
    this.#log = options.log;
    this.#answers = new Answers(options);
  }

  /** The one talked to last first, from in front of one. */
  async list(
    filter: ConversationFilter,
    before: { lastAt: number; id: number } | undefined,
    limit: number,
  ): Promise<ConversationView[]> {
    const newest = { lastAt: Number.MAX_SAFE_INTEGER, id: 0 };
    const rows = await this.#conversations.store.list(filter, before ?? newest, limit);
    const names = await this.#names(rows.map(({ store_id }) => store_id));
    return rows.map((row) => viewOf(row, names));
  }

  /** @throws AppError not_found */
  async get(id: number): Promise<ConversationView> {
    const row = await this.#conversations.store.byId(id);
    if (row === undefined) throw unknownConversation(id);
    return await this.#view(row);
  }

  /**
   * What was said, newest first, from in front of a place. There may be more though fewer than
   * `limit` were found: `next` tells.
   * @throws AppError not_found
   */
  async history(
    id: number,
    before: number | undefined,
    limit: number,
  ): Promise<{ words: Word[]; next: number | undefined }> {
    const { customer, storeId } = await this.get(id);
    const names = await this.#names([storeId ?? null]);
    const words: Word[] = [];
    let end = before ?? Number.MAX_SAFE_INTEGER;
    for (let looked = 0; looked < mostLooked; looked += page) {
      const placed = await this.#log.readBack(customer, end, page);
      for (const one of placed) {
        end = one.seq;
        if (one.message.parties?.conversation !== id) continue;
        words.push(wordOf(one, (agent) => names(storeId ?? null, agent)));
        if (words.length === limit) return { words, next: end > 1 ? end : undefined };
      }
      if (placed.length < page) return { words, next: undefined };
    }
    return { words, next: end };
  }

  /** Answers a customer: `Answers.say`. */
  say(...said: Parameters<Answers['say']>): Promise<Message> {
    return this.#answers.say(...said);
  }

  /**
   * From now on this one answers, there or not; null: whoever is on duty when the customer speaks
   * again. What waits is told at once.
   * @throws AppError not_found (it, or the desk), field_value (nobody of that name sells there)
   */
  async assign(
    id: number,
    to: { agent?: string | null | undefined; storeId?: number | undefined },
  ): Promise<ConversationView> {
    const { store, cache, duty, handover } = this.#conversations;
    const next = await store.db.transaction(async (tx) => {
      const row = await this.#row(tx, id);
      const storeId = await this.#deskFor(tx, row, to.storeId);
      const sellers = storeId === null ? [] : ((await duty.sellersOf(tx, storeId)) ?? []);
      const moved = to.storeId !== undefined && !sellers.includes(row.agent ?? '');
      const agent = to.agent !== undefined ? to.agent : moved ? null : row.agent;
      if (agent !== null && sellers.length > 0 && !sellers.includes(agent)) {
        throw noSeller(agent, storeId);
      }
      const changed: ConversationRow = { ...row, agent, store_id: storeId };
      await store.put(tx, changed);
      cache.changed(tx, changed);
      await this.#lead(tx, changed);
      if (agent !== null && agent !== row.agent) {
        await this.#conversations.tellAssigned(tx, agent, changed);
      }
      return changed;
    });
    if (next.waiting === null) return await this.#view(next);
    if (next.agent === null) handover.wake();
    else await handover.drain(id, (tx, row) => duty.current(tx, row));
    return await this.get(id);
  }

  /** What the customer is called. @throws AppError not_found */
  async rename(id: number, named: { name?: string; avatar?: string }): Promise<ConversationView> {
    const { store, cache } = this.#conversations;
    const renamed = await store.db.transaction(async (tx) => {
      const row = await this.#row(tx, id);
      const { name = row.name, avatar = row.avatar } = named;
      const changed: ConversationRow = { ...row, name, avatar };
      await store.put(tx, changed);
      cache.changed(tx, changed);
      return changed;
    });
    return await this.#view(renamed);
  }

  async #view(row: ConversationRow): Promise<ConversationView> {
    return viewOf(row, await this.#names([row.store_id]));
  }

  /** What agents are called at these desks: their sellers are known by numbers. */
  async #names(storeIds: readonly (number | null)[]): Promise<NameOf> {
    const desks = new Map<number, Map<number, string>>();
    for (const storeId of new Set(storeIds)) {
      if (storeId === null) continue;
      const sellers = await this.#desks.sellers(storeId);
      desks.set(storeId, new Map(sellers.map(({ uid, name }) => [uid, name])));
    }
    return (storeId, agent) => {
      const uid = agent === null ? undefined : sellerIn(agent);
      if (storeId === null || uid === undefined) return undefined;
      return desks.get(storeId)?.get(uid) || undefined;
    };
  }

  /** Clients of GoBelieve ask whom they talk to. */
  async #lead(tx: Tx, row: ConversationRow): Promise<void> {
    if (row.via !== 'gobelieve' || row.store_id === null) return;
    const seller = row.agent === null ? undefined : sellerIn(row.agent);
    if (seller === undefined) await this.#desks.unassign(tx, row, row.store_id);
    else await this.#desks.assign(tx, row, row.store_id, seller);
  }

  /** The desk asked for; else the one there was, as long as it is there. */
  async #deskFor(tx: Tx, row: ConversationRow, storeId: number | undefined) {
    const wanted = storeId ?? row.store_id;
    if (wanted === null || (await this.#desks.findDesk(tx, wanted)) !== undefined) return wanted;
    if (storeId === undefined) return null;
    throw new AppError('not_found', {
      zh: `没有咨询台 ${storeId}`,
      en: `there is no desk ${storeId}`,
    });
  }

  async #row(tx: Tx, id: number): Promise<ConversationRow> {
    const row = await this.#conversations.store.findById(tx, id);
    if (row === undefined) throw unknownConversation(id);
    return row;
  }
}

function viewOf(row: ConversationRow, nameOf: NameOf): ConversationView {
  const agentName = nameOf(row.store_id, row.agent);
  return { ...conversationOf(row), waiting: row.waiting !== null, agentName };
}

function wordOf(
  { seq, message }: Placed,
  nameOf: (agent: string | null) => string | undefined,
): Word {
  const { id, at, parties } = message;
  const agent = parties?.agent;
  return { seq, id, at, agent, agentName: nameOf(agent ?? null), content: contentOf(message) };
}

function noSeller(agent: string, storeId: number | null): AppError {
  const text = {
    zh: `agent：“${agent}” 不是咨询台 ${storeId} 的客服`,
    en: `agent: “${agent}” does not sell at desk ${storeId}`,
  };
  return new AppError('field_value', text, { field: 'agent' });
}
