import type { Core } from '../../scripts/core.ts';
import { startDaemon, type TestDaemon } from './daemon.ts';
import { eventually } from './eventually.ts';

export interface Said {
  from: { id: string; name: string } | string;
  kind: string;
  text?: string;
  card?: Record<string, unknown>;
}
interface Room {
  id: string;
  topic: string;
  members: { id: string; name: string }[];
}

const botcodes = ['bot01', 'bot02'];

/** Two bots of the simulated WeChat over HTTP, as whoever tries the product has them. */
export class ChatRooms {
  readonly running: TestDaemon;
  #count = 0;

  constructor(running: TestDaemon) {
    this.running = running;
  }

  static async open(rules: Record<string, unknown>[]): Promise<ChatRooms> {
    const running = await startDaemon({
      channels: [{ chid: 'demo', key: 'secret' }],
      bots: botcodes.map((botcode) => ({ botcode, driver: 'simulator', autoScan: false })),
      rules,
    });
    const rooms = new ChatRooms(running);
    for (const botcode of botcodes) {
      await rooms.simulator('POST', botcode, '/scan', {});
      await rooms.simulator('POST', botcode, '/confirm', {});
      await eventually(`${botcode} is ready`, () => {
        return rooms.core.bots.get(botcode)?.view().state === 'ready';
      });
    }
    return rooms;
  }

  get core(): Core {
    return this.running.daemon.core;
  }

  close(): Promise<void> {
    return this.running.close();
  }

  /** A room of its own for a test. */
  async room(botcode = 'bot01', members = ['张三', '李四']): Promise<Talk> {
    this.#count += 1;
    const topic = `聊天 ${this.#count}`;
    const made = await this.simulator<Room>('POST', botcode, '/rooms', { topic, members });
    await eventually('the room', () => this.core.bots.get(botcode)?.rooms.byId(made.id));
    return new Talk(this, botcode, `/rooms/${made.id}`);
  }

  /** A contact of bot01, in private. */
  async contact(at: number): Promise<Talk> {
    const path = '/contacts';
    const { contacts } = await this.simulator<{ contacts: Room[] }>('GET', 'bot01', path);
    return new Talk(this, 'bot01', `${path}/${contacts[at]?.id ?? ''}`);
  }

  /** Everything that was asked until now has been dealt with. */
  async settled(): Promise<void> {
    const { chatbot, sends } = this.core;
    await eventually('all answers', () => chatbot.chats.lines.pending === 0);
    await eventually('all sends', () => botcodes.every((one) => sends.queue(one).length === 0));
  }

  async simulator<T>(method: string, botcode: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.running.url}/simulator/${botcode}${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (response.status >= 300) throw new Error(`${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }
}

/** What is said in one place. */
export class Talk {
  readonly #rooms: ChatRooms;
  readonly #botcode: string;
  readonly #path: string;

  constructor(rooms: ChatRooms, botcode: string, path: string) {
    this.#rooms = rooms;
    this.#botcode = botcode;
    this.#path = path;
  }

  get id(): string {
    return this.#path.split('/').at(-1) ?? '';
  }

  async say(text: string, at = false, from = '张三'): Promise<void> {
    const said = this.#path.startsWith('/rooms') ? { from, text, at } : { text };
    await this.#rooms.simulator('POST', this.#botcode, `${this.#path}/say`, said);
  }

  /** What the bot said. */
  async answers(): Promise<Said[]> {
    const { name, id } = this.#rooms.core.bots.get(this.#botcode)?.view().account ?? {};
    const path = `${this.#path}/messages`;
    const { messages } = await this.#rooms.simulator<{ messages: Said[] }>(
      'GET',
      this.#botcode,
      path,
    );
    return messages.filter(({ from }) =>
      typeof from === 'string' ? from === id || from === name : from.id === id,
    );
  }

  async answer(at = 0): Promise<Said> {
    return await eventually('an answer', async () => (await this.answers())[at]);
  }
}
