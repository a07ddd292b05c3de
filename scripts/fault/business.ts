import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';

/** A business system that sends, retries what got no answer, and remembers what it was promised. */
export interface Promised {
  txcode: string;
  text: string;
  msgid: number;
}

export class Business {
  readonly promised = new Map<string, Promised>();
  /** Sent, but no answer came: the next life is asked again with the same txcode. */
  readonly unsure = new Map<string, string>();
  readonly broken: string[] = [];
  readonly #random: () => number;
  readonly #botcodes: readonly string[];
  #counter = 0;

  constructor(botcodes: readonly string[], random: () => number) {
    this.#botcodes = botcodes;
    this.#random = random;
  }

  /** Sends from several connections until the daemon does not answer any more. */
  async work(port: number, connections: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    const stopped = { now: false };
    await Promise.all(
      Array.from({ length: connections }, async () => {
        while (!stopped.now) {
          const [txcode, text] = this.#next();
          const answer = await post(agent, port, this.#command(txcode, text)).catch(
            () => undefined,
          );
          if (answer === undefined) stopped.now = true;
          this.#note(txcode, text, answer);
        }
      }),
    );
    agent.destroy();
  }

  /** Asks once more for everything unsure. */
  async retryUnsure(port: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 4 });
    for (const [txcode, text] of [...this.unsure]) {
      const answer = await post(agent, port, this.#command(txcode, text)).catch(() => undefined);
      this.#note(txcode, text, answer);
    }
    agent.destroy();
  }

  #next(): [string, string] {
    // Now and then a retry of something long answered, as impatient callers do.
    if (this.promised.size > 0 && this.#random() < 0.15) {
      const all = [...this.promised.values()];
      const one = all[Math.floor(this.#random() * all.length)];
      if (one !== undefined) return [one.txcode, one.text];
    }
    this.#counter += 1;
    const txcode = `tx${String(this.#counter).padStart(8, '0')}`;
    return [txcode, `text of ${txcode}`];
  }

  #note(txcode: string, text: string, answer: Answer | undefined): void {
    if (answer === undefined) {
      if (!this.promised.has(txcode)) this.unsure.set(txcode, text);
      return;
    }
    const { rtCode, msgid } = answer.resBody;
    if (rtCode !== '0' || msgid === undefined) {
      this.broken.push(`${txcode}: refused with ${JSON.stringify(answer.resBody)}`);
      return;
    }
    this.unsure.delete(txcode);
    const before = this.promised.get(txcode);
    if (before === undefined) this.promised.set(txcode, { txcode, text, msgid });
    else if (before.msgid !== msgid) {
      this.broken.push(`${txcode}: msgid ${before.msgid}, then ${msgid}`);
    }
  }

  #command(txcode: string, text: string): string {
    const botcode = this.#botcodes[Number(txcode.slice(2)) % this.#botcodes.length];
    const room = Number(txcode.slice(2)) % 2 === 0 ? '测试群' : '项目通知群';
    return JSON.stringify({
      reqHead: { chid: 'fault', txcode, txtime: String(Date.now()), botcode },
      reqBody: { roomTopic: room, text },
    });
  }
}

interface Answer {
  resBody: { rtCode: string; msgid?: number };
}

function post(agent: Agent, port: number, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const signature = createHash('md5').update(body).update('fault-key').digest('hex');
    const req = request(
      {
        host: '127.0.0.1',
        port,
        path: '/api/roomSendText',
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'x-ecaspsplus-signature': signature,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject);
        response.on('aborted', () => reject(new Error('aborted')));
        response.on('end', () => {
          try {
            resolve(JSON.parse(text) as Answer);
          } catch (error) {
            reject(error);
          }
        });
      },
    );
    req.on('error', reject);
    req.end(body);
  });
}
