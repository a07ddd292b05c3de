import type {
  BotHandle,
  BotNotice,
  BotSession,
  RoomDirectory,
  RoomResolution,
  RoomView,
} from '../../bot/automation/bots/bot-port.ts';
import type { BotView } from '../../bot/automation/bots/bot-state.ts';
import type {
  Capabilities,
  Card,
  Driver,
  DriverContact,
  IncomingMessage,
  MessageKind,
  Receipt,
  SendFile,
  Target,
} from '../../bot/automation/driver.ts';
import { DriverError } from '../../bot/automation/driver.ts';
import type { Clock } from '../../bot/clock.ts';
import type { Text } from '../../bot/errors.ts';
import { type BotSettings, botSchema } from '../../config/bot-schema.ts';

/** One call of the driver, as WeChat sees it. */
export interface Seen {
  ref: string;
  to: Target;
  kind: MessageKind;
  text: string;
  mentionIds: readonly string[];
  card?: Card;
  file?: SendFile;
  at: number;
}

const fullCapabilities: Capabilities = {
  text: true,
  image: true,
  miniProgram: true,
  file: true,
  realMention: true,
  messageIds: true,
  stableIds: true,
  echo: true,
};

/**
 * A bot whose state, rooms and driver are what the test says. Its driver takes everything at once
 * unless `answer` says otherwise; what it is given is in `seen`.
 */
export class SendBot implements BotHandle {
  readonly botcode: string;
  readonly settings: BotSettings;
  readonly seen: Seen[] = [];
  readonly directory = new Map<string, RoomView>();
  readonly proofs: string[] = [];
  can: Capabilities = fullCapabilities;
  /** What the driver does with a call; undefined: it takes it. */
  answer: (call: Seen) => Promise<Receipt> | undefined = () => undefined;
  /** What a room sync comes to; 'never': it does not finish. */
  sync: 'ok' | 'not-ready' | 'never' = 'ok';
  people: DriverContact[] | undefined = [];
  account = 'wx-account';
  bound: string | undefined = 'wx-account';
  ready = true;
  generation = 1;
  reason: Text | undefined;
  sentNoted = 0;
  readonly #clock: Clock;
  readonly #tell: (notice: BotNotice) => void;
  #message = 0;
  #given: Driver | undefined;

  constructor(botcode: string, clock: Clock, tell: (notice: BotNotice) => void) {
    this.botcode = botcode;
    this.settings = botSchema.parse({ botcode });
    this.#clock = clock;
    this.#tell = tell;
    this.room('hall', ['Ann', 'Bob']);
  }

  /** Adds a room, without telling anyone. @returns its id */
  room(topic: string, members: string[] = [], id = `${topic}@chatroom`): string {
    this.directory.set(id, {
      id,
      topic,
      formerTopics: [],
      members: members.map((name) => ({ id: `id-${name}`, name })),
      firstSeen: 0,
      lastSeen: 0,
    });
    return id;
  }

  /** Goes offline or comes back, which is a new life of the driver. */
  setReady(ready: boolean, reason?: Text): void {
    if (ready && !this.ready) this.generation += 1;
    this.ready = ready;
    this.reason = reason;
    this.#tell({ type: 'state' });
  }

  roomsChanged(): void {
    this.#tell({ type: 'rooms' });
  }

  /** Sends through a real driver, whose rooms it knows and whose messages it hears, from now on. */
  async use(driver: Driver): Promise<void> {
    this.#given = driver;
    driver.on((event) => {
      if (event.type === 'message') this.#tell({ type: 'message', message: event.message });
    });
    for (const room of await driver.rooms()) {
      this.directory.set(room.id, { ...room, formerTopics: [], firstSeen: 0, lastSeen: 0 });
    }
  }

  /** The bot hears itself. */
  echo(
    of: Pick<Seen, 'to' | 'kind' | 'text' | 'card'>,
    changes: Partial<IncomingMessage> = {},
  ): void {
    this.#message += 1;
    const message: IncomingMessage = {
      id: `echo-${this.#message}`,
      kind: of.kind,
      text: of.text,
      fromId: this.account,
      fromName: 'me',
      roomId: of.to.kind === 'room' ? of.to.id : undefined,
      toId: of.to.kind === 'contact' ? of.to.id : undefined,
      mentionsSelf: false,
      self: true,
      at: this.#clock.now(),
      ...changes,
    };
    if (of.card !== undefined) message.card = of.card;
    this.#tell({ type: 'message', message });
  }

  readonly rooms: RoomDirectory = {
    list: () => [...this.directory.values()],
    byId: (id) => this.directory.get(id),
    lookUp: (target) => this.#lookUp(target),
    prove: async (target, withinMs) => {
      this.proofs.push('id' in target ? target.id : target.topic);
      if (this.sync === 'never') await this.#clock.sleep(withinMs);
      const found = this.#lookUp(target);
      if (found.found !== 'not-ready' || this.sync !== 'ok') return found;
      return { found: 'absent', syncedAt: this.#clock.now() };
    },
  };

  view(): BotView {
    return {
      botcode: this.botcode,
      name: this.botcode,
      driver: 'simulator',
      state: this.ready ? 'ready' : 'offline',
      since: 0,
      userAction: 'none',
      reason: undefined,
      account: undefined,
      boundAccountId: this.bound,
      qr: undefined,
      ages: { stream: 0, account: 0, canSend: 0, rooms: 0 },
    };
  }

  capabilities(): Capabilities {
    return this.can;
  }

  session(): BotSession | undefined {
    if (!this.ready) return undefined;
    return {
      driver: this.#given ?? this.#driver(),
      accountId: this.account,
      generation: this.generation,
    };
  }

  waitReason(): Text | undefined {
    return this.ready ? undefined : (this.reason ?? { zh: '离线', en: 'offline' });
  }

  async contacts(): Promise<DriverContact[]> {
    if (this.people === undefined) throw new DriverError('offline', 'no contacts');
    return this.people;
  }

  noteSent(): void {
    this.sentNoted += 1;
  }

  #lookUp(target: { topic: string } | { id: string }): RoomResolution {
    if ('id' in target) {
      const room = this.directory.get(target.id);
      return room === undefined ? { found: 'not-ready' } : { found: 'room', room };
    }
    const rooms = [...this.directory.values()];
    const [room, ...others] = rooms.filter((one) => one.topic === target.topic);
    if (room !== undefined) {
      return others.length > 0
        ? { found: 'ambiguous', rooms: [room, ...others] }
        : { found: 'room', room };
    }
    const renamed = rooms.find((one) => one.formerTopics.includes(target.topic));
    return renamed === undefined ? { found: 'not-ready' } : { found: 'renamed', room: renamed };
  }

  async #take(call: Omit<Seen, 'at'>): Promise<Receipt> {
    const seen = { ...call, at: this.#clock.now() };
    this.seen.push(seen);
    return (await this.answer(seen)) ?? { messageId: `m-${call.ref}` };
  }

  #driver(): Driver {
    return {
      capabilities: this.can,
      on: () => () => {},
      start: async () => {},
      stop: async () => {},
      logout: async () => {},
      ping: async () => {},
      sendText: (to, text, { ref, mentionIds = [] }) =>
        this.#take({ ref, to, kind: 'text', text, mentionIds }),
      sendMiniProgram: (to, card, { ref }) =>
        this.#take({ ref, to, kind: 'miniProgram', text: '', mentionIds: [], card }),
      sendImage: (to, file, { ref }) =>
        this.#take({ ref, to, kind: 'image', text: '', mentionIds: [], file }),
      sendFile: (to, file, { ref }) =>
        this.#take({ ref, to, kind: 'file', text: '', mentionIds: [], file }),
      rooms: async () => [],
      room: async (id) => ({ id, topic: '', members: [] }),
      contacts: async () => [],
    };
  }
}
