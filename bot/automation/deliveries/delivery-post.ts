import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import type { Clock } from '../../clock.ts';

/** What came back from a POST. Without a status nothing did, and `error` says why. */
export interface Answer {
  status: number | undefined;
  retryAfter: string | undefined;
  /** As much of the body as was read. */
  body: string;
  /** The body ended where it should. */
  whole: boolean;
  error: string | undefined;
}

export interface PostOptions {
  clock: Clock;
  /** For the whole exchange, connecting included. */
  timeoutMs: number;
  /** Bytes of an answer's body that are read at most. */
  maxAnswerBytes: number;
}

interface Exchange {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Posts over kept connections. Follows no redirects, and never rejects: how it went is the answer.
 */
export class Poster {
  readonly #options: PostOptions;
  readonly #plain = new Agent({ keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' });
  readonly #tls = new TlsAgent({ keepAlive: true, maxFreeSockets: 64, scheduling: 'lifo' });
  readonly #running = new Set<() => void>();

  constructor(options: PostOptions) {
    this.#options = options;
  }

  /** Undefined when it was aborted. */
  async post(
    url: string,
    headers: Record<string, string>,
    body: string,
  ): Promise<Answer | undefined> {
    const exchange = {
      url,
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      body,
    };
    const answer = await this.#once(exchange, true);
    // A kept connection that the receiver closed meanwhile says nothing about the receiver.
    return answer === 'stale'
      ? ((await this.#once(exchange, false)) as Answer | undefined)
      : answer;
  }

  /** Breaks off what is under way; nobody knows whether it arrived. */
  abort(): void {
    for (const stop of [...this.#running]) stop();
  }

  /** Gives the connections back. */
  close(): void {
    this.abort();
    this.#plain.destroy();
    this.#tls.destroy();
  }

  #once(exchange: Exchange, kept: boolean): Promise<Answer | 'stale' | undefined> {
    const { clock, timeoutMs, maxAnswerBytes } = this.#options;
    return new Promise((resolve) => {
      let request: ClientRequest | undefined;
      let response: IncomingMessage | undefined;
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = (end: { whole: boolean; error?: string } | 'aborted' | 'stale'): void => {
        if (!this.#running.delete(abort)) return;
        timer.cancel();
        if (end === 'aborted' || end === 'stale' || !end.whole) request?.destroy();
        if (end === 'aborted') resolve(undefined);
        else if (end === 'stale') resolve('stale');
        else {
          resolve({
            status: response?.statusCode,
            retryAfter: response?.headers['retry-after'],
            body: Buffer.concat(chunks).toString('utf8'),
            whole: end.whole,
            error: end.error,
          });
        }
      };
      const abort = (): void => finish('aborted');
      const fail = (error: NodeJS.ErrnoException): void => {
        const stale = kept && request?.reusedSocket === true && response === undefined;
        if (stale && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) finish('stale');
        else finish({ whole: false, error: error.message || (error.code ?? 'failed') });
      };
      this.#running.add(abort);
      const timer = clock.after(timeoutMs, () => {
        finish({ whole: false, error: `no whole answer within ${timeoutMs} ms` });
      });
      try {
        const url = new URL(exchange.url);
        const tls = url.protocol === 'https:';
        const agent = tls ? this.#tls : this.#plain;
        request = (tls ? httpsRequest : httpRequest)(url, {
          method: 'POST',
          headers: exchange.headers,
          agent: kept ? agent : false,
        });
      } catch (error) {
        fail(error as Error);
        return;
      }
      request.on('error', fail);
      request.on('close', () => finish({ whole: false, error: 'the connection was closed' }));
      request.on('response', (incoming) => {
        response = incoming;
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > maxAnswerBytes) {
            finish({ whole: false, error: `the answer is longer than ${maxAnswerBytes} bytes` });
          }
        });
        incoming.on('end', () => finish({ whole: true }));
        incoming.on('error', fail);
        incoming.on('close', () => finish({ whole: false, error: 'the answer broke off' }));
      });
      request.end(exchange.body);
    });
  }
}
