import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { type SignatureType, sign } from '../../bot/signature.ts';

/** An answer of the command API, its envelope taken off. */
export interface Answer {
  rtCode: string;
  rtMsg: string;
  msgid?: number;
  sendStatus?: string;
  [field: string]: unknown;
}

export interface RawRequest {
  method?: string;
  /** Name of the command. */
  name: string;
  query?: string;
  body?: string | Uint8Array;
  headers?: Record<string, string>;
}

export interface RawAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
}

export type Transport = 'json' | 'form' | 'get';
export const transports: readonly Transport[] = ['json', 'form', 'get'];

/** What a test changes of a request that would be right. Undefined fields of `head` are left out. */
export interface CallOptions {
  head?: Record<string, unknown>;
  transport?: Transport;
  type?: SignatureType;
  key?: string;
}

/** A business system: makes requests, signs their bytes, reads answers. */
export class CommandClient {
  readonly #url: () => string;
  readonly #channel: { chid: string; key: string; botcode: string };
  readonly #agent = new Agent({ keepAlive: true });
  #count = 0;

  constructor(url: () => string, channel: { chid?: string; key?: string; botcode?: string } = {}) {
    this.#url = url;
    this.#channel = { chid: 'demo', key: 'secret', botcode: 'bot01', ...channel };
  }

  /** Gives a command with a txcode of its own. */
  async call(name: string, reqBody?: unknown, options: CallOptions = {}): Promise<Answer> {
    const { text } = await this.raw(this.request(name, reqBody, options));
    return readAnswer(text);
  }

  /** The request `call` would send. */
  request(name: string, reqBody?: unknown, options: CallOptions = {}): RawRequest {
    this.#count += 1;
    const reqHead = {
      chid: this.#channel.chid,
      txcode: `${process.pid}-${Date.now()}-${this.#count}`,
      txtime: txtimeNow(),
      botcode: this.#channel.botcode,
      ...options.head,
    };
    const key = options.key ?? this.#channel.key;
    const type = options.type ?? 'MD5';
    const headers = (signed: string): Record<string, string> => ({
      'X-Ecaspsplus-Signature': sign(signed, key, type),
      'X-Ecaspsplus-SignatureType': type,
    });
    if (options.transport === 'get' || options.transport === 'form') {
      const fields = new URLSearchParams({ reqHead: JSON.stringify(reqHead) });
      if (reqBody !== undefined) fields.set('reqBody', JSON.stringify(reqBody));
      const text = fields.toString();
      if (options.transport === 'get')
        return { method: 'GET', name, query: text, headers: headers(text) };
      const contentType = 'application/x-www-form-urlencoded';
      return { name, body: text, headers: { ...headers(text), 'Content-Type': contentType } };
    }
    const body = JSON.stringify({ reqHead, reqBody });
    return { name, body, headers: { ...headers(body), 'Content-Type': 'application/json' } };
  }

  /** Sends bytes as they are; no URL library touches the path or the query. */
  raw({ method = 'POST', name, query, body, headers = {} }: RawRequest): Promise<RawAnswer> {
    const { hostname, port } = new URL(this.#url());
    const path = `/api/${name}${query === undefined ? '' : `?${query}`}`;
    return new Promise((resolve, reject) => {
      const length = body === undefined ? 0 : Buffer.byteLength(body);
      const outgoing = request(
        {
          ...{ hostname, port, path, method, agent: this.#agent },
          headers: { ...headers, ...(body === undefined ? {} : { 'Content-Length': length }) },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const { statusCode = 0, headers: received } = response;
            const text = Buffer.concat(chunks).toString('utf8');
            resolve({ status: statusCode, headers: received, text });
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** Takes an answer apart, strictly: exactly the envelope of the contract, strings where it says so. */
export function readAnswer(text: string): Answer {
  const answer: unknown = JSON.parse(text);
  if (typeof answer !== 'object' || answer === null) throw new Error(`no object: ${text}`);
  const { resHead, resBody, ...others } = answer as Record<string, unknown>;
  const body = resBody as Answer;
  if (
    Object.keys(others).length > 0 ||
    JSON.stringify(resHead) !== '{}' ||
    typeof body.rtCode !== 'string' ||
    typeof body.rtMsg !== 'string' ||
    body.rtMsg === ''
  ) {
    throw new Error(`not the contract's envelope: ${text}`);
  }
  return body;
}

/** `yyyymmddhhmmss` in Asia/Shanghai, `offsetMs` from now. */
export function txtimeNow(offsetMs = 0): string {
  return new Date(Date.now() + 8 * 3_600_000 + offsetMs)
    .toISOString()
    .replace(/\D/g, '')
    .slice(0, 14);
}
