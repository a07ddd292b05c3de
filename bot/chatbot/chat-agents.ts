import type { ChatRow, TurnRow } from '../../store/chats.ts';
import type { Tx } from '../../store/database.ts';
import type { Clock } from '../clock.ts';
import type { Language } from '../errors.ts';
import { endOf, secondAfter, type Turn, turnOf } from './chat.ts';
import { newId } from './chat-question.ts';
import type { Chats } from './chats.ts';
import { togetherText } from './sentences.ts';

/** Among so many turns before is the latest stamp. */
const looked = 20;

/** What agents say in chats, and chats that come back to the bot. In the caller's transaction. */
export class ChatAgents {
  readonly #chats: Pick<Chats, 'store' | 'lines'>;
  readonly #clock: Clock;
  readonly #language: Language;

  constructor(chats: Pick<Chats, 'store' | 'lines'>, clock: Clock, language: Language) {
    this.#chats = chats;
    this.#clock = clock;
    this.#language = language;
  }

  /**
   * An agent's word: the answer to what was asked last. Questions before it that wait as well are told
   * where their answer is, so that nobody waits for them; where nothing waits it is a turn of its own.
   */
  async say(tx: Tx, chat: ChatRow, text: string): Promise<void> {
    // What the bot is answering is the bot's.
    const waiting = chat.state === 'human' ? await this.#chats.store.makingOf(tx, chat.id) : [];
    // Somebody was asked for while nobody was there: whoever comes now takes over.
    const taken =
      chat.state === 'open' && chat.human_at !== null ? { state: 'human' as const } : {};
    await this.#answer(tx, { ...chat, ...taken }, waiting, text);
  }

  /**
   * The bot answers again.
   * @param text said to the customer
   * @param upTo what was asked behind this turn waits for the bot
   */
  async giveBack(tx: Tx, chat: ChatRow, text: string, upTo = Infinity): Promise<void> {
    const making = await this.#chats.store.makingOf(tx, chat.id);
    const waiting = making.filter(({ turn }) => Number(turn) <= upTo);
    const open = { state: 'open', store_id: null, human_at: null } as const;
    await this.#answer(tx, { ...chat, ...open }, waiting, text);
  }

  /** @param chat as it is from now on */
  async #answer(tx: Tx, chat: ChatRow, waiting: readonly TurnRow[], text: string): Promise<void> {
    const { store } = this.#chats;
    const together = togetherText[this.#language];
    let at = await this.#time(tx, chat.id);
    const ended: Turn[] = [];
    for (const [place, row] of waiting.entries()) {
      const isLast = place === waiting.length - 1;
      ended.push(await this.#end(tx, turnOf(row), isLast ? text : together, at));
      at = secondAfter(at, [at]);
    }
    let turns = Number(chat.turns);
    if (waiting.length === 0) {
      turns += 1;
      ended.push(await this.#unasked(tx, chat.id, turns, text, at));
    }
    await store.put(tx, { ...chat, turns, last_at: this.#clock.now() });
    this.#tell(tx, ended);
  }

  /** Behind all that was said: clients ask for what comes behind a stamp. */
  async #time(tx: Tx, chatId: string): Promise<number> {
    const rows = await this.#chats.store.recentIn(tx, chatId, Number.MAX_SAFE_INTEGER, looked);
    const before = rows.flatMap((row) => [Number(row.asked_at), Number(row.done_at ?? 0)]);
    return secondAfter(this.#clock.now(), before);
  }

  async #end(tx: Tx, waiting: Turn, text: string, doneAt: number): Promise<Turn> {
    const turn: Turn = { ...waiting, ...{ state: 'done', finish: 'stop', doneAt, text } };
    const ms = this.#clock.now() - turn.receivedAt;
    const trace = [{ step: 'human', outcome: 'answered', ms }] as const;
    await this.#chats.store.endTurn(tx, turn.chatId, turn.turn, endOf(turn, { trace }));
    return turn;
  }

  async #unasked(tx: Tx, chatId: string, turn: number, text: string, at: number): Promise<Turn> {
    const row: TurnRow = {
      ...{ chat: chatId, turn, key: `a ${turn}`, question: '', state: 'done', liked: null },
      ...{ question_id: newId(chatId), reply_id: newId(chatId), asked_at: at, received_at: at },
      ...{ reply: text, reply_kind: null, finish: 'stop', done_at: at, options: null },
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
