import type { WebSocket } from 'ws';
import type { Turn } from '../../bot/chatbot/chat.ts';
import { storageRefusal } from '../../bot/storage.ts';
import type { ChatbotCore } from './core.ts';
import { type Envelope, innerError, ok, refusedOf } from './envelope.ts';
import { acceptedFrame, doneFrame, pieceFrame } from './frames.ts';
import { questionOf } from './routes.ts';
import { slowBytes } from './stream.ts';
import { messageIn, readWord, type Word } from './words.ts';

/** A client for whom more waits than this is closed: it comes back when it reads again. */
const mostBytes = 1_048_576;
/** Frames of a client that wait for those before them. */
const mostWaiting = 32;

/** A socket of a chat: whatever is answered there is told here, whoever asked. */
export class ChatbotConnection {
  readonly #core: ChatbotCore;
  readonly #socket: WebSocket;
  readonly #sessionId: string;
  readonly #leave: () => void;
  /** Number of the next piece of each answer; none is sent out of its order. */
  readonly #places = new Map<string, number>();
  #turn: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Frames that come after one that is being made. */
  #held: Envelope[] | undefined;

  constructor(core: ChatbotCore, socket: WebSocket, sessionId: string) {
    this.#core = core;
    this.#socket = socket;
    this.#sessionId = sessionId;
    this.#leave = core.chats.watch(sessionId, {
      piece: (replyId, seq, delta) => this.#piece(replyId, seq, delta),
      settled: (turn) => this.#settled(turn),
      ended: () => {
        this.#send({ code: 410, message: 'the session has ended', data: {} });
        socket.close(1000, 'ended');
      },
    });
  }

  /** One frame after another. */
  receive(text: string): void {
    if (this.#waiting >= mostWaiting) {
      this.#send({ code: 429, message: 'too many frames wait', data: {} });
      return;
    }
    this.#waiting += 1;
    this.#turn = this.#turn
      .then(() => this.#answer(text))
      .finally(() => {
        this.#waiting -= 1;
      });
  }

  /** Goes on with an answer, behind a piece of it. */
  resume(messageId: string, seq: number): void {
    this.receive(JSON.stringify({ type: 'resume', data: { messageId, seq } }));
  }

  gone(): void {
    this.#leave();
  }

  async #answer(text: string): Promise<void> {
    try {
      await this.#do(readWord(text, this.#sessionId));
    } catch (thrown) {
      const error = storageRefusal(thrown, this.#core.logger);
      const refused = refusedOf(error, this.#core.language);
      if (refused === undefined) this.#core.logger.error({ err: error }, 'a frame failed');
      const messageId = messageIn(text);
      const data = messageId === undefined ? {} : { messageId };
      this.#send({ ...(refused ?? innerError), data });
    } finally {
      this.#release();
    }
  }

  async #do(word: Word): Promise<void> {
    const { chats } = this.#core;
    const sessionId = this.#sessionId;
    switch (word.type) {
      case 'ping':
        this.#send({ code: 200, message: 'pong', data: {} });
        return;
      case 'send': {
        // What is answered at once must not overtake the word that it was asked.
        this.#held = [];
        const { turn } = await chats.ask(questionOf(this.#core, { ...word.data, sessionId }));
        this.#write(acceptedFrame(this.#core, turn));
        this.#release();
        if (turn.state === 'making') this.#replay(turn.replyId, 0);
        else this.#send(doneFrame(this.#core, turn));
        return;
      }
      case 'resume': {
        const { messageId, seq } = word.data;
        const turn = await chats.turn(sessionId, messageId);
        this.#places.delete(messageId);
        this.#replay(messageId, seq + 1);
        if (turn.state !== 'making') this.#send(doneFrame(this.#core, turn));
        return;
      }
      case 'cancel': {
        const turn = await chats.turn(sessionId, word.data.messageId);
        // One that was being made is told of as every other end.
        if (turn.state === 'making') await chats.cancel(sessionId, turn.replyId);
        else this.#send(doneFrame(this.#core, turn));
        return;
      }
      case 'destroy':
        this.#leave();
        await chats.end(sessionId);
        this.#send(ok({ sessionId }));
        this.#socket.close(1000, 'ended');
        return;
    }
  }

  /** Pieces that were told already, from one on; those to come follow by themselves. */
  #replay(replyId: string, from: number): void {
    if (this.#places.get(replyId) !== undefined) return;
    this.#places.set(replyId, from);
    for (const [seq, delta] of this.#core.chats.pieces(replyId, from)) {
      this.#piece(replyId, seq, delta);
    }
  }

  #piece(replyId: string, seq: number, delta: string): void {
    const place = this.#places.get(replyId) ?? 0;
    // Whoever came in the middle, or reads too slowly, gets the whole at the end.
    if (seq !== place || this.#socket.bufferedAmount > slowBytes) return;
    this.#places.set(replyId, seq + 1);
    this.#send(pieceFrame(this.#sessionId, replyId, seq, delta));
  }

  #settled(turn: Turn): void {
    this.#places.delete(turn.replyId);
    this.#send(doneFrame(this.#core, turn));
  }

  #release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const frame of held) this.#write(frame);
  }

  #send(frame: Envelope): void {
    if (this.#held === undefined) this.#write(frame);
    else this.#held.push(frame);
  }

  #write(frame: Envelope): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#socket.bufferedAmount > mostBytes) {
      this.#socket.terminate();
      return;
    }
    this.#socket.send(JSON.stringify(frame));
  }
}
