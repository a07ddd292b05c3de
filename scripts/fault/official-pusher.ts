import { Agent, request } from 'node:http';

/** A push that was answered. */
export interface Promised {
  id: number;
  kind: 'plain' | 'named' | 'many';
  to: readonly string[];
}

interface Push {
  content: string;
  kind: Promised['kind'];
  to: string[];
}

/** Pushes one after another. What had a name and got no answer is said again in the next life. */
export class Pusher {
  /** By what was said. */
  readonly promised = new Map<string, Promised>();
  /** Said once and never answered: it may have been done, or not. */
  readonly maybe = new Set<string>();
  readonly broken: string[] = [];
  saidAgain = 0;
  readonly #number: number;
  readonly #names: readonly string[];
  readonly #random: () => number;
  #count = 0;
  #open: Push | undefined;

  constructor(number: number, names: readonly string[], random: () => number) {
    this.#number = number;
    this.#names = names;
    this.#random = random;
  }

  async work(port: number, alive: { now: boolean }): Promise<void> {
    const agent = new Agent({ keepAlive: true });
    while (alive.now) {
      const push = this.#open ?? this.#next();
      if (this.#open !== undefined) this.saidAgain += 1;
      this.#open = undefined;
      await this.#say(agent, port, push);
    }
    agent.destroy();
  }

  /** What is still open. */
  async finish(port: number, alive: { now: boolean }): Promise<void> {
    const push = this.#open;
    if (push === undefined || !alive.now) return;
    const agent = new Agent();
    await this.#say(agent, port, push);
    agent.destroy();
  }

  #next(): Push {
    this.#count += 1;
    const content = `${this.#number}-${this.#count}`;
    const kind = (['plain', 'named', 'many'] as const)[Math.floor(this.#random() * 3)] ?? 'plain';
    const some = this.#names.filter(() => this.#random() < 0.6);
    const one = this.#names[Math.floor(this.#random() * this.#names.length)] ?? '';
    return { content, kind, to: kind === 'many' && some.length > 0 ? some : [one] };
  }

  async #say(agent: Agent, port: number, push: Push): Promise<void> {
    const { content, kind, to } = push;
    const receivers = kind === 'many' ? { contact_ids: to } : { contact_id: to[0] };
    // What has no name is not said again.
    const name = kind === 'plain' ? {} : { id: `n${content}` };
    const data = { msg_type: 'text', msg: { content }, ...receivers, ...name };
    const answer = await post(agent, port, JSON.stringify({ data }));
    if (answer === undefined) {
      if (kind === 'plain') this.maybe.add(content);
      else this.#open = push;
      return;
    }
    const { status, body } = answer;
    if (status !== 200) this.broken.push(`${content} was answered ${status} ${body}`);
    const id = Number(/"id":"(\d+)"/.exec(body)?.[1]);
    this.promised.set(content, { id, kind, to });
  }
}

/** Undefined: no whole answer came. */
function post(
  agent: Agent,
  port: number,
  body: string,
): Promise<{ status: number; body: string } | undefined> {
  return new Promise((resolve) => {
    const path = '/im_component/wx_official_account/send';
    const headers = { 'content-length': Buffer.byteLength(body) };
    const sent = request(
      { host: '127.0.0.1', port, method: 'POST', path, agent, headers },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', () => resolve(undefined));
        response.on('aborted', () => resolve(undefined));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on('error', () => resolve(undefined));
    sent.end(body);
  });
}
