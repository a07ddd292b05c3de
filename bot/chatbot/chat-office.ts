import { randomUUID } from 'node:crypto';
import type { ChatCareStore } from '../../store/chat-care.ts';
import type { ChatRow, ChatStore } from '../../store/chats.ts';
import type { Sends } from '../automation/sends/sends.ts';
import type { Clock } from '../clock.ts';
import { type Chat, chatOf, type Turn, traceOf, turnOf, unknownChat } from './chat.ts';
import type { Chats } from './chats.ts';
import type { Handover } from './handover.ts';
import type { TraceStep } from './responder.ts';

/** How an answer left that a bot says. */
export interface Fate {
  msgid: number;
  state: string;
  reason: string | undefined;
}
export type TracedTurn = Turn & { trace: TraceStep[]; send?: Fate | undefined };

export interface ChatOfficeOptions {
  store: ChatStore;
  care: ChatCareStore;
  chats: Chats;
  clock: Clock;
  handover: Pick<Handover, 'handBack'>;
  sends: Pick<Sends, 'status'>;
}

/** Longest that a trial waits for its answer. */
const trialMs = 120_000;

/** What operators see of chats, and ask to try the chatbot. */
export class ChatOffice {
  readonly #options: ChatOfficeOptions;

  constructor(options: ChatOfficeOptions) {
    this.#options = options;
  }

  /** The one talked in last first, from in front of one. */
  async list(
    state: ChatRow['state'] | undefined,
    before: { lastAt: number; id: string } | undefined,
    limit: number,
  ): Promise<Chat[]> {
    const end = { lastAt: Number.MAX_SAFE_INTEGER, id: '' };
    return (await this.#options.care.list(state, before ?? end, limit)).map(chatOf);
  }

  /** @throws AppError not_found */
  async get(id: string): Promise<Chat> {
    const row = await this.#options.store.byId(id);
    if (row === undefined) throw unknownChat();
    return chatOf(row);
  }

  /** The bot answers again; both sides are told. @throws AppError not_found, conflict */
  async handBack(id: string): Promise<Chat> {
    await this.#options.handover.handBack(id);
    return await this.get(id);
  }

  /** Newest first, below a turn. */
  async turns(id: string, before: number | undefined, limit: number): Promise<TracedTurn[]> {
    const rows = await this.#options.store.page(id, before ?? Number.MAX_SAFE_INTEGER, limit);
    return await Promise.all(
      rows.map(async (row) => ({
        ...{ ...turnOf(row), trace: traceOf(row) },
        send: await this.#fateOf(traceOf(row)),
      })),
    );
  }

  async #fateOf(trace: readonly TraceStep[]): Promise<Fate | undefined> {
    const msgid = trace.at(-1)?.msgid;
    const [send] = msgid === undefined ? [] : await this.#options.sends.status({ msgid });
    return send && { msgid: send.msgid, state: send.state, reason: send.reason };
  }

  /** Asks as anybody would, and waits for the answer. @param chatId of a trial to go on with */
  async ask(content: string, chatId = `test:${randomUUID()}`): Promise<TracedTurn> {
    const { chats, clock, store } = this.#options;
    const { turn } = await chats.ask({ chatId, content, channel: 'test' });
    const settled = new AbortController();
    const leave = await chats.follow(chatId, turn.replyId, -1, {
      piece: () => {},
      settled: () => settled.abort(),
    });
    await clock.sleep(trialMs, settled.signal);
    leave();
    const row = await store.byReply(turn.replyId);
    return row === undefined ? { ...turn, trace: [] } : { ...turnOf(row), trace: traceOf(row) };
  }

  countByState(): Promise<Record<ChatRow['state'], number>> {
    return this.#options.care.countByState();
  }
}
