import type { ChatRow, TurnRow } from '../../store/chats.ts';
import type { Tx } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import { endOf, type Turn, turnOf } from './chat.ts';
import { newId } from './chat-question.ts';
import type { Chats } from './chats.ts';

/** What agents say in chats, and chats that come back to the bot. In the caller's transaction. */
export class ChatAgents {
  readonly #chats: Pick<Chats, 'store' | 'lines'>;
  readonly #clock: Clock;

  constructor(chats: Pick<Chats, 'store' | 'lines'>, clock: Clock) {
    this.#chats = chats;
    this.#clock = clock;
  }

  /**
   * An agent's word: the answer to what was asked last. Questions before it that wait as well end
   * empty, so that nobody waits for them; where nothing waits it is a turn of its own.
   */
  async say(tx: Tx, chat: ChatRow, text: string): Promise<void> {
    const { store } = this.#chats;
    const now = this.#clock.now();
    // What the bot is answering is the bot's.
    const waiting = chat.state === 'human' ? await store.makingOf(tx, chat.id) : [];
    const ended: Turn[] = [];
    for (const [at, row] of waiting.entries()) {
      const words = at === waiting.length - 1 ? text : '';
      ended.push(await this.#end(tx, turnOf(row), words));
    }
    let turns = Number(chat.turns);
    if (waiting.length === 0) {
      turns += 1;
      ended.push(await this.#unasked(tx, chat.id, turns, text));
    }
    await store.put(tx, { ...chat, turns, last_at: now });
    this.#tell(tx, ended);
  }

  /** The bot answers again. @param text said to whoever waits for an agent */
  async giveBack(tx: Tx, chat: ChatRow, text: string): Promise<void> {
    const { store } = this.#chats;
    const waiting = await store.makingOf(tx, chat.id);
    const ended: Turn[] = [];
    for (const [at, row] of waiting.entries()) {
      ended.push(await this.#end(tx, turnOf(row), at === waiting.length - 1 ? text : ''));
    }
    const open = { state: 'open', store_id: null, human_at: null } as const;
    await store.put(tx, { ...chat, ...open, last_at: this.#clock.now() });
    this.#tell(tx, ended);
  }

  async #end(tx: Tx, waiting: Turn, text: string): Promise<Turn> {
    const end = { state: 'done', finish: 'stop', doneAt: this.#clock.now() } as const;
    const turn: Turn = { ...waiting, ...end, text };
    const trace = [
      { step: 'human', outcome: 'answered', ms: end.doneAt - turn.receivedAt },
    ] as const;
    await this.#chats.store.endTurn(tx, turn.chatId, turn.turn, endOf(turn, { trace }));
    return turn;
  }

  async #unasked(tx: Tx, chatId: string, turn: number, text: string): Promise<Turn> {
    const now = this.#clock.now();
    const row: TurnRow = {
      ...{ chat: chatId, turn, key: `a ${turn}`, question: '', state: 'done', liked: null },
      ...{ question_id: newId(chatId), reply_id: newId(chatId), asked_at: now, received_at: now },
      ...{ reply: text, reply_kind: null, finish: 'stop', done_at: now, options: null },
      trace: JSON.stringify([{ step: 'human', outcome: 'answered', ms: 0 }]),
    };
    await this.#chats.store.addTurn(tx, row);
    return turnOf(row);
  }

  #tell(tx: Tx, turns: readonly Turn[]): void {
    tx.onDurable(() => {
      for (const turn of turns) this.#chats.lines.settled(turn);
    });
  }
}
