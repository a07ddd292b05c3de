import type { Clock } from '../../../clock.ts';
import { within } from '../../../deadline.ts';
import type { Account, Card, IncomingMessage } from '../../driver.ts';
import type { ClientPuppet, payloads } from './client-puppet.ts';
import { toCard, toIncoming } from './message-mapping.ts';
import type { NameBook } from './name-book.ts';

export interface MessageReaderOptions {
  puppet: ClientPuppet;
  names: NameBook;
  clock: Clock;
  account: () => Account | undefined;
}

const readMs = 10_000;
const nameMs = 3000;
/** Look-ups of unknown senders within a second: bursts of them are what gets accounts locked. */
const namesPerSecond = 3;
const miniProgram = 9;

/** Reads a message with one call; a sender nobody has heard of yet costs one more, once. */
export class MessageReader {
  readonly #options: MessageReaderOptions;
  readonly #asked = new Map<string, Promise<string>>();
  #second = 0;
  #spent = 0;

  constructor(options: MessageReaderOptions) {
    this.#options = options;
  }

  /** Undefined: the account has been logged out meanwhile. */
  async read(id: string): Promise<IncomingMessage | undefined> {
    const { puppet, names, clock, account } = this.#options;
    const payload = await within(clock, readMs, () => puppet.messageRawPayload(id));
    const self = account();
    if (self === undefined) return undefined;
    const isSelf = payload.talkerId === self.id;
    const roomId = payload.roomId || undefined;
    const ownName = roomId === undefined ? undefined : names.memberName(roomId, self.id);
    return toIncoming(
      payload,
      { id: self.id, names: [self.name, ownName] },
      {
        fromName: isSelf ? self.name : await this.#nameOf(payload.talkerId, roomId),
        card: isSelf ? await this.#ownCard(payload) : undefined,
      },
    );
  }

  async #nameOf(id: string, roomId: string | undefined): Promise<string> {
    const { names } = this.#options;
    const known = names.nameOf(roomId, id);
    if (known !== undefined || id === '') return known ?? '';
    const key = `${roomId ?? ''}\n${id}`;
    let asked = this.#asked.get(key);
    if (asked === undefined) {
      if (!this.#maySpend()) return '';
      asked = this.#askName(id, roomId).finally(() => this.#asked.delete(key));
      this.#asked.set(key, asked);
    }
    return asked;
  }

  async #askName(id: string, roomId: string | undefined): Promise<string> {
    const { puppet, names, clock } = this.#options;
    try {
      if (roomId === undefined) {
        const { name } = await within(clock, nameMs, () => puppet.contactRawPayload(id));
        names.setContact(id, name);
        return name;
      }
      const member = await within(clock, nameMs, () => puppet.roomMemberRawPayload(roomId, id));
      const name = member.roomAlias || member.name;
      names.setMember(roomId, id, name);
      return name;
    } catch {
      // The message counts, its sender's name is a courtesy.
      return '';
    }
  }

  /** What of our own cards came back: it tells which of two sends it is the echo of. */
  async #ownCard(payload: payloads.Message): Promise<Card | undefined> {
    if (payload.type !== miniProgram) return undefined;
    const { puppet, clock } = this.#options;
    try {
      return toCard(await within(clock, nameMs, () => puppet.messageMiniProgram(payload.id)));
    } catch {
      return undefined;
    }
  }

  #maySpend(): boolean {
    const second = Math.floor(this.#options.clock.now() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#spent = 0;
    }
    this.#spent += 1;
    return this.#spent <= namesPerSecond;
  }
}
