import { once } from 'node:events';
import { Agent, createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  status: number;
  json: Record<string, unknown>;
}

const people = ['Anna', 'Bowen', 'Carl', 'Dora'];
/** Messages of one sender under way at once. */
const atOnce = 4;

/** People who write to each other and fetch, and the receiver of notices; all of it remembered. */
export class ImbotWorld {
  /** By pair `from>to`: texts that were accepted, in the order of the answers. */
  readonly accepted = new Map<string, string[]>();
  /** All that was ever said; what has no answer may be there or not. */
  readonly said = new Set<string>();
  /** By pair: texts that were given out, in order. */
  readonly taken = new Map<string, string[]>();
  /** Pairs where an answer to who fetched was lost: what it held is gone from the queue. */
  readonly lost = new Map<string, number>();
  /** Form ids that notices came with. */
  readonly forms: string[] = [];
  readonly broken: string[] = [];
  notices = 0;
  formsGiven = 0;
  #count = 0;
  readonly #random: () => number;
  readonly #server: Server;

  constructor(random: () => number) {
    this.#random = random;
    this.#server = createServer((asked, response) => {
      let text = '';
      asked.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      asked.on('end', () => {
        const { formId } = JSON.parse(text) as { formId: string | null };
        this.notices += 1;
        if (formId !== null) this.forms.push(formId);
        response.end('{}');
      });
    });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get pairs(): string[] {
    return people.flatMap((from) =>
      people.filter((to) => to !== from).map((to) => `${from}>${to}`),
    );
  }

  /** Everybody writes and fetches until the daemon dies. */
  async live(port: number, ended: Promise<void>): Promise<void> {
    const agent = new Agent({ keepAlive: true });
    let over = false;
    void ended.then(() => {
      over = true;
    });
    const call: Call = (method, path, body) => ask(agent, port, method, path, body);
    const work = people.flatMap((person) => [
      ...Array.from({ length: atOnce }, () => this.#writes(person, call, () => over)),
      this.#fetches(person, call, () => over),
      this.#allows(person, call, () => over),
    ]);
    await Promise.all(work);
    await ended;
    agent.destroy();
  }

  /** Everybody fetches what is left. */
  async gather(port: number): Promise<void> {
    const agent = new Agent({ keepAlive: true });
    for (const pair of this.pairs) {
      await this.#fetch(pair, (method, path, body) => ask(agent, port, method, path, body));
    }
    agent.destroy();
  }

  async #writes(from: string, call: Call, over: () => boolean): Promise<void> {
    const { port } = this.#server.address() as AddressInfo;
    while (!over()) {
      const to = this.#other(from);
      this.#count += 1;
      const text = `${from} to ${to}: ${this.#count}`;
      this.said.add(text);
      const msg = { type: 'text', reply: text, timestamp: Math.floor(this.#random() * 1000) };
      const templateUrl = `http://127.0.0.1:${port}/template_msg`;
      const body = { fromUserId: from, toUserId: to, templateUrl, msg };
      const answer = await call('POST', '/msg', body).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status !== 200) this.broken.push(`${answer.status} for ${text}`);
      else push(this.accepted, `${from}>${to}`, text);
    }
  }

  async #fetches(to: string, call: Call, over: () => boolean): Promise<void> {
    while (!over()) {
      await new Promise((resolve) => setTimeout(resolve, this.#random() * 10));
      await this.#fetch(`${this.#other(to)}>${to}`, call).catch(() => {});
    }
  }

  async #allows(openId: string, call: Call, over: () => boolean): Promise<void> {
    while (!over()) {
      await new Promise((resolve) => setTimeout(resolve, this.#random() * 40));
      this.formsGiven += 1;
      const body = { openId, formId: `form ${this.formsGiven}` };
      await call('POST', '/form_id', body).catch(() => {});
    }
  }

  async #fetch(pair: string, call: Call): Promise<void> {
    const [from = '', to = ''] = pair.split('>');
    let answer: Answer;
    try {
      answer = await call(
        'GET',
        `/pending_msgs?${new URLSearchParams({ fromUserId: from, toUserId: to })}`,
      );
    } catch (error) {
      this.lost.set(pair, (this.lost.get(pair) ?? 0) + 1);
      throw error;
    }
    const { msgs } = answer.json as { msgs: { reply: string }[] };
    for (const { reply } of msgs) push(this.taken, pair, reply);
  }

  #other(person: string): string {
    const others = people.filter((one) => one !== person);
    return others[Math.floor(this.#random() * others.length)] ?? '';
  }
}

type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

function push(map: Map<string, string[]>, key: string, text: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [text]);
  else list.push(text);
}

/** Rejects when no whole answer came. */
function ask(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  body?: unknown,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const target = { host: '127.0.0.1', port, method, path: `/api/imbot${path}`, headers, agent };
    const sent = request(target, (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        answer += chunk;
      });
      response.on('error', reject);
      response.on('aborted', () => reject(new Error('aborted')));
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, json: JSON.parse(answer) });
        } catch (error) {
          reject(error);
        }
      });
    });
    sent.on('error', reject);
    sent.end(text);
  });
}
