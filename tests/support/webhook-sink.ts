import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One webhook request as it came. */
export interface Received {
  /** Position among all that came, from 0. */
  index: number;
  /** Path and query. */
  path: string;
  headers: Record<string, string>;
  /** The exact body. */
  body: string;
  /** The object in reqBody, of the form or of the JSON body. */
  event: Record<string, unknown>;
}

/** What the sink does with a request; nothing given: HTTP 200 and `{"result":"success"}`. */
export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Never answers. */
  hang?: boolean;
  /** Closes the connection without an answer. */
  close?: boolean;
  /** Sends the body one byte at a time, this many milliseconds apart. */
  dripMs?: number;
}

/** A receiver of webhooks that does what it is told. */
export class WebhookSink {
  readonly received: Received[] = [];
  /** Decides on every request; may answer later. */
  reply: (request: Received) => Reply | Promise<Reply> = () => ({});
  readonly #server: Server;
  #port = 0;

  constructor() {
    this.#server = createServer((request, response) => {
      void this.#serve(request, response);
    });
    this.#server.keepAliveTimeout = 60_000;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/cb`;
  }

  /** A former port can be given, so that a sink comes back where it was. */
  async start(port = 0): Promise<void> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Closes every connection, also those it let hang. */
  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  /** Closes connections that nothing is sent over just now, as servers do after a while. */
  dropIdle(): void {
    this.#server.closeIdleConnections();
  }

  /** Event ids in the order they came. */
  ids(botcode?: string): unknown[] {
    const of =
      botcode === undefined ? () => true : (one: Received) => one.event['botcode'] === botcode;
    return this.received.filter(of).map((one) => one.event['eventId']);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks).toString('utf8');
    const received: Received = {
      index: this.received.length,
      path: request.url ?? '',
      headers: request.headers as Record<string, string>,
      body,
      event: eventOf(body),
    };
    this.received.push(received);
    const reply = await this.reply(received);
    if (reply.hang === true) return;
    if (reply.close === true) {
      request.socket.destroy();
      return;
    }
    const text = reply.body ?? '{"result":"success"}';
    response.writeHead(reply.status ?? 200, {
      'content-type': 'application/json',
      ...reply.headers,
    });
    if (reply.dripMs === undefined) response.end(text);
    else drip(response, text, reply.dripMs);
  }
}

function drip(response: ServerResponse, text: string, everyMs: number): void {
  let sent = 0;
  response.flushHeaders();
  const timer = setInterval(() => {
    response.write(text.slice(sent, sent + 1));
    sent += 1;
    if (sent < text.length) return;
    clearInterval(timer);
    response.end();
  }, everyMs);
  response.on('close', () => clearInterval(timer));
}

function eventOf(body: string): Record<string, unknown> {
  const json: unknown = body.startsWith('{')
    ? (JSON.parse(body) as { reqBody: unknown }).reqBody
    : JSON.parse(new URLSearchParams(body).get('reqBody') ?? 'null');
  return json as Record<string, unknown>;
}
