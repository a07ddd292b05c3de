import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it came. */
export interface Asked {
  method: string;
  path: string;
  /** Its exact query. */
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  /** The body as text. */
  text: string;
}

/** What is answered; nothing given: `{"errcode":0,"errmsg":"ok"}`. */
export interface Answered {
  status?: number;
  type?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Never answers. */
  hang?: true;
  /** Closes the connection without an answer. */
  close?: true;
  /** Announces a longer body than it sends, then closes. */
  cut?: true;
  /** Answers so much later, in real ms. */
  afterMs?: number;
}

/** A listener in WeChat's place that answers as a test says. Tokens it makes by itself. */
export class WechatListener {
  readonly asked: Asked[] = [];
  /** How often a token was asked for. */
  tokens = 0;
  token = 'ACCESS_TOKEN';
  expiresIn = 7200;
  answer: (asked: Asked) => Answered | Promise<Answered> = () => ({});
  /** Instead of the token it would give. */
  tokenAnswer: ((asked: Asked) => Answered | Promise<Answered>) | undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(): Promise<WechatListener> {
    const listener = new WechatListener();
    listener.#server.listen(0, '127.0.0.1');
    await once(listener.#server, 'listening');
    return listener;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Requests to one path, tokens apart. */
  calls(path = ''): Asked[] {
    return this.asked.filter((one) => one.path.includes(path) && !isToken(one));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const url = new URL(request.url ?? '', 'http://x');
    const body = Buffer.concat(chunks);
    const asked: Asked = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
      text: body.toString('utf8'),
    };
    this.asked.push(asked);
    reply(response, await this.#answerTo(asked));
  }

  #answerTo(asked: Asked): Answered | Promise<Answered> {
    if (!isToken(asked)) return this.answer(asked);
    this.tokens += 1;
    if (this.tokenAnswer !== undefined) return this.tokenAnswer(asked);
    return { body: JSON.stringify({ access_token: this.token, expires_in: this.expiresIn }) };
  }
}

function isToken({ path }: Asked): boolean {
  return /\/(stable_)?token$/.test(path);
}

function reply(response: ServerResponse, answered: Answered): void {
  const { status = 200, type = 'application/json', headers = {}, hang, close, cut } = answered;
  if (hang === true) return;
  if (close === true) {
    response.destroy();
    return;
  }
  const body = Buffer.from(answered.body ?? '{"errcode":0,"errmsg":"ok"}');
  const send = (): void => {
    const length = cut === true ? body.length + 20 : body.length;
    response.writeHead(status, { 'content-type': type, 'content-length': length, ...headers });
    if (cut === true) response.write(body, () => response.destroy());
    else response.end(body);
  };
  if (answered.afterMs === undefined) send();
  else setTimeout(send, answered.afterMs);
}

export function errcode(code: number, errmsg = 'no'): Answered {
  return { body: JSON.stringify({ errcode: code, errmsg }) };
}
