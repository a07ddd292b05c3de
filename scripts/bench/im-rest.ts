import { createHash } from 'node:crypto';
import { Agent, request } from 'node:http';

export const appid = 7;
const secret = 'secret';
/** What a daemon is told of the application that the harnesses are. */
export const imConfig = { apps: [{ appid, secret }], im: { tcpPort: 0 } };

const proof = createHash('md5').update(secret).digest('hex');
const authorization = `Basic ${Buffer.from(`${appid}:${proof}`).toString('base64')}`;

export interface RestAnswer {
  status: number;
  data: unknown;
}

/** The server of an application, on connections that stay open. */
export class ImRest {
  readonly #port: number;
  readonly #agent: Agent;

  constructor(port: number, connections = 8) {
    this.#port = port;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Rejects when no whole answer came. */
  call(method: string, path: string, body?: unknown): Promise<RestAnswer> {
    return new Promise((resolve, reject) => {
      const text = body === undefined ? '' : JSON.stringify(body);
      const headers = {
        authorization,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(text),
      };
      const sent = request(
        { host: '127.0.0.1', port: this.#port, method, path, headers, agent: this.#agent },
        (response) => {
          let answer = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => {
            answer += chunk;
          });
          response.on('error', reject);
          response.on('aborted', () => reject(new Error('aborted')));
          response.on('end', () => {
            try {
              const { data } = JSON.parse(answer) as { data?: unknown };
              resolve({ status: response.statusCode ?? 0, data });
            } catch (error) {
              reject(error);
            }
          });
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });
  }

  /** @throws unless it is done */
  async must(method: string, path: string, body?: unknown): Promise<unknown> {
    const { status, data } = await this.call(method, path, body);
    if (status !== 200) throw new Error(`${method} ${path}: ${status}`);
    return data;
  }

  /** Tokens of the users 1 to `count`. */
  async grant(count: number): Promise<string[]> {
    const tokens: string[] = [];
    let next = 1;
    const work = async (): Promise<void> => {
      while (next <= count) {
        const uid = next;
        next += 1;
        const data = await this.must('POST', '/auth/grant', { uid, user_name: `user ${uid}` });
        tokens[uid - 1] = (data as { token: string }).token;
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
    return tokens;
  }

  async makeGroup(name: string, members: number[], isSuper: boolean): Promise<number> {
    const body = {
      master: members[0],
      name,
      super: isSuper,
      members: members.map((uid) => ({ uid, name: `user ${uid}` })),
    };
    const data = await this.must('POST', '/groups', body);
    return (data as { group_id: number }).group_id;
  }

  close(): void {
    this.#agent.destroy();
  }
}
