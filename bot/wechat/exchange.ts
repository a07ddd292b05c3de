import { Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, Agent as TlsAgent } from 'node:https';
import type { Clock } from '../clock.ts';

export interface Request {
  url: string;
  method: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: Uint8Array;
  /** For the whole exchange, connecting included. */
  timeoutMs: number;
  /** Bytes of an answer's body that are read at most. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
}

/**
 * What came of a request. `left`: whether it may have reached the other side; if not, it can be sent
 * again without a second thought.
 */
export type Exchange =
  | { ok: true; status: number; headers: IncomingMessage['headers']; body: Buffer }
  | { ok: false; left: boolean; error: string };

/** A connection that is not used so long is closed: the other side is about to close it, too. */
const idleMs = 4000;

/**
 * HTTP to addresses from the config. Not the global fetch: that does not tell whether a request has
 * left, and a message to a user that may have left must not be sent twice. Follows no redirects,
 * never rejects.
 */
export class Wire {
  readonly #clock: Clock;
  readonly #plain = new Agent({ keepAlive: true, maxFreeSockets: 16, timeout: idleMs });
  readonly #tls = new TlsAgent({ keepAlive: true, maxFreeSockets: 16, timeout: idleMs });
  readonly #running = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ask(asked: Request): Promise<Exchange> {
    return new Promise((resolve) => {
      let request: ClientRequest | undefined;
      let connected = false;
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = (exchange: Exchange): void => {
        if (!this.#running.delete(abort)) return;
        timer.cancel();
        asked.signal?.removeEventListener('abort', abort);
        if (!exchange.ok) request?.destroy();
        resolve(exchange);
      };
      const fail = (error: string): void => finish({ ok: false, left: connected, error });
      const abort = (): void => fail('broken off');
      this.#running.add(abort);
      const timer = this.#clock.after(asked.timeoutMs, () => {
        fail(`no whole answer within ${asked.timeoutMs} ms`);
      });
      asked.signal?.addEventListener('abort', abort);
      if (asked.signal?.aborted === true) {
        abort();
        return;
      }
      try {
        request = this.#open(asked);
      } catch (error) {
        fail(wordsOf(error));
        return;
      }
      request.on('socket', (socket) => {
        const ready = (): void => {
          connected = true;
        };
        // Before the connection stands, with TLS its handshake too, not a byte of it has left.
        if (request?.reusedSocket === true) ready();
        else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', ready);
      });
      request.on('error', (error) => fail(wordsOf(error)));
      request.on('close', () => fail('the connection was closed'));
      request.on('response', (incoming) => {
        incoming.on('data', (chunk: Buffer) => {
          size += chunk.length;
          chunks.push(chunk);
          if (size > asked.maxBytes) fail(`the answer is longer than ${asked.maxBytes} bytes`);
        });
        incoming.on('end', () => {
          const { statusCode: status = 0, headers } = incoming;
          // A body that ended before its length is told by `complete` alone.
          if (!incoming.complete) fail('the answer broke off');
          else finish({ ok: true, status, headers, body: Buffer.concat(chunks, size) });
        });
        incoming.on('error', (error) => fail(wordsOf(error)));
        incoming.on('close', () => fail('the answer broke off'));
      });
      request.end(asked.body);
    });
  }

  /** Breaks off what is under way. */
  abort(): void {
    for (const stop of [...this.#running]) stop();
  }

  /** Gives the connections back. */
  close(): void {
    this.abort();
    this.#plain.destroy();
    this.#tls.destroy();
  }

  #open({ url: address, method, headers, body }: Request): ClientRequest {
    const url = new URL(address);
    const tls = url.protocol === 'https:';
    return (tls ? httpsRequest : httpRequest)(url, {
      method,
      headers: {
        accept: '*/*',
        'accept-encoding': 'identity',
        ...headers,
        ...(body !== undefined && { 'content-length': body.length }),
      },
      agent: tls ? this.#tls : this.#plain,
    });
  }
}

/** Without the address, whose query holds secrets. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error ? String(error.code) : undefined;
  return code ?? (error.message || 'failed');
}
