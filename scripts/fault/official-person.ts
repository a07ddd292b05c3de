import { WebSocket } from 'ws';

/** How somebody keeps what he has: by the last id, or by confirming to the server. */
export type Keeping = 'since' | 'acks' | 'device';

/** A client of the official-account component, over all lives of the daemon. */
export class OfficialPerson {
  readonly name: string;
  readonly keeping: Keeping;
  readonly broken: string[] = [];
  /** What came on each connection, in order. */
  readonly connections: { ids: number[]; confirmed: number }[] = [];
  /** What each frame says, by id. */
  readonly contents = new Map<number, string>();
  /** The newest that was confirmed on a connection that took it. */
  #confirmed = 0;
  #socket: WebSocket | undefined;
  readonly #random: () => number;

  constructor(name: string, keeping: Keeping, random: () => number) {
    this.name = name;
    this.keeping = keeping;
    this.#random = random;
  }

  get last(): number {
    return Math.max(0, ...this.connections.map(({ ids }) => ids.at(-1) ?? 0));
  }

  get received(): number {
    return this.connections.reduce((sum, { ids }) => sum + ids.length, 0);
  }

  /** Resolves when it is connected, or will not be. */
  enter(port: number): Promise<void> {
    const { name, keeping } = this;
    const more = {
      since: `since=${this.last}`,
      acks: 'ack=1',
      device: 'ack=1&device_id=phone',
    } satisfies Record<Keeping, string>;
    const url = `ws://127.0.0.1:${port}/im_component/wx_official_account/msg?userid=${name}&`;
    const socket = new WebSocket(url + more[keeping]);
    const connection = { ids: [] as number[], confirmed: this.#confirmed };
    this.connections.push(connection);
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(connection.ids, data.toString('utf8')));
    socket.on('error', () => {});
    return new Promise((resolve) => {
      socket.on('open', () => resolve());
      socket.on('close', () => resolve());
    });
  }

  leave(): void {
    this.#socket?.terminate();
    this.#socket = undefined;
  }

  #take(ids: number[], text: string): void {
    const { data, result } = JSON.parse(text) as {
      data: { id?: string; msg?: { content?: string } };
      result: { code: number | string };
    };
    if (Number(result.code) < 1000) return;
    const id = Number(data.id);
    const content = data.msg?.content ?? '';
    const before = ids.at(-1) ?? (this.keeping === 'since' ? this.#lastBefore(ids) : 0);
    if (id <= before) this.broken.push(`${this.name} (${this.keeping}): ${id} after ${before}`);
    const known = this.contents.get(id);
    if (known !== undefined && known !== content) {
      this.broken.push(`${this.name}: frame ${id} was ${known}, is ${content}`);
    }
    this.contents.set(id, content);
    ids.push(id);
    if (this.keeping === 'since' || this.#random() < 0.3) return;
    this.#socket?.send(JSON.stringify({ data: { id: String(id) }, result: { code: 103 } }));
    this.#confirmed = Math.max(this.#confirmed, id);
  }

  #lastBefore(ids: number[]): number {
    const others = this.connections.filter((one) => one.ids !== ids);
    return Math.max(0, ...others.map((one) => one.ids.at(-1) ?? 0));
  }
}
