import { AppError } from '../errors.ts';
import type { ConversationPort } from '../im/conversation.ts';
import type { Desks } from '../im/desks.ts';

/** Customer service: what a message between these two is, if it is no plain one. */
export type DeskRoute =
  /** An agent answers; `elsewhere`: the contact is no user of this family. */
  | { kind: 'answer'; elsewhere: boolean }
  /** A customer asks: a desk, or one of its agents by name. */
  | { kind: 'ask'; storeId: number | undefined; agent: string | undefined };

export interface ImbotDeskOptions {
  conversations: Pick<ConversationPort, 'find' | 'ofContact'>;
  desks: Pick<Desks, 'list' | 'get' | 'sellers'>;
  /** The desk that users of this family reach; undefined: the only one there is. */
  storeId: number | undefined;
}

/** Tells messages of customer service from those that people write to each other. */
export class ImbotDesk {
  readonly #options: ImbotDeskOptions;

  constructor(options: ImbotDeskOptions) {
    this.#options = options;
  }

  /** Whether somebody of this name may come to be an agent without a conversation changing. */
  mayBeDesk(to: string): boolean {
    return /^(?:desk|\d)/.test(to);
  }

  /** @throws AppError not_found: a desk that is not there */
  async routeOf(from: string, to: string): Promise<DeskRoute | undefined> {
    const { conversations } = this.#options;
    const answered = await conversations.find(from, to);
    if (answered !== undefined) return { kind: 'answer', elsewhere: answered.via !== 'imbot' };
    const desk = /^desk(?:-([1-9]\d{0,14}))?$/.exec(to);
    if (desk !== null) return await this.#ofDesk(desk[1]);
    const before = await conversations.ofContact('imbot', '', from);
    if (before?.agent === to) return { kind: 'ask', storeId: before.storeId, agent: to };
    return await this.#ofSeller(to);
  }

  async #ofDesk(number: string | undefined): Promise<DeskRoute> {
    if (number === undefined) {
      return { kind: 'ask', storeId: this.#options.storeId, agent: undefined };
    }
    const storeId = Number(number);
    if ((await this.#options.desks.get(storeId)) === undefined) {
      const text = {
        zh: `toUserId：没有咨询台 ${storeId}`,
        en: `toUserId: there is no desk ${storeId}`,
      };
      throw new AppError('not_found', text, { field: 'toUserId' });
    }
    return { kind: 'ask', storeId, agent: undefined };
  }

  /** Sellers are users of their application: their names are numbers. */
  async #ofSeller(to: string): Promise<DeskRoute | undefined> {
    if (!/^[1-9]\d{0,15}$/.test(to)) return undefined;
    const storeId = await this.#storeId();
    if (storeId === undefined) return undefined;
    const sellers = await this.#options.desks.sellers(storeId).catch(noDesk);
    if (!sellers.some((seller) => String(seller.uid) === to)) return undefined;
    return { kind: 'ask', storeId, agent: to };
  }

  async #storeId(): Promise<number | undefined> {
    if (this.#options.storeId !== undefined) return this.#options.storeId;
    const desks = await this.#options.desks.list();
    return desks.length === 1 ? desks[0]?.storeId : undefined;
  }
}

/** The desk of the config need not be there yet. */
function noDesk(error: unknown): [] {
  if (error instanceof AppError && error.code === 'not_found') return [];
  throw error;
}
