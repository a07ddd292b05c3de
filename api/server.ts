import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../config/logger.ts';
import { collectBody } from './middleware/body.ts';
import type { Upgrades } from './sockets/upgrades.ts';

/** A signed command as it came over HTTP; answers a JSON text that always goes out with HTTP 200. */
export interface CommandRequest {
  method: string;
  /** `/api/{name}` */
  name: string;
  /** Query string after `?`, exactly as sent; empty when there is none. */
  rawQuery: string;
  headers: IncomingMessage['headers'];
  body: Buffer | 'too-large';
  address: string;
}
export type CommandHandler = (request: CommandRequest) => Promise<string>;

/** A request to an address that is too busy for Koa, its body read whole. */
export interface QuickRequest {
  request: IncomingMessage;
  body: Buffer | 'too-large';
}
/** An answer in JSON. */
export interface QuickAnswer {
  status: number;
  json: string;
  headers?: Readonly<Record<string, string>>;
}
export interface QuickRoute {
  maxBytes: number;
  /** Answers whatever happens. */
  handle(request: QuickRequest): Promise<QuickAnswer>;
}

export interface HttpServerOptions {
  host: string;
  port: number;
  /** Everything but commands. */
  app: RequestListener;
  commands: CommandHandler;
  /** By method and path: `POST /api/imbot/msg`. */
  quick?: ReadonlyMap<string, QuickRoute>;
  /** WebSockets, by path. */
  upgrades?: Upgrades;
  maxCommandBytes: number;
  logger: Logger;
}

/** Path segments below /api that are families of their own, not commands. */
const families = new Set(['v1', 'imbot']);

/**
 * The HTTP listener. Signed commands are handled before Koa: they are the hot path, need the exact
 * bytes of the body, and have one answer form whatever happens. So are a few other busy addresses.
 */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #server: Server;
  #inFlight = 0;
  /** Requests that came before the parts they need were started. */
  #early: (() => void)[] | undefined = [];
  #draining = false;
  #drained: (() => void) | undefined;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    const { upgrades } = options;
    this.#server = createServer(
      // GET commands carry their whole body in the request line.
      {
        maxHeaderSize: 64 * 1024,
        // Large files take a while; other bodies have their own time (middleware/body.ts).
        requestTimeout: 15 * 60_000,
        headersTimeout: 20_000,
        ...(upgrades && { shouldUpgradeCallback: upgrades.wants }),
      },
      (request, response) => {
        if (this.#early === undefined) this.#serve(request, response);
        else this.#early.push(() => this.#serve(request, response));
      },
    );
    this.#server.keepAliveTimeout = 65_000;
    upgrades?.attach(this.#server);
  }

  get server(): Server {
    return this.#server;
  }

  /** Answers requests from now on, those first that waited. */
  open(): void {
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const serve of early) serve();
  }

  /** Binds; requests wait for `open()`. @returns the port that listens (`port: 0` picks one) */
  start(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(this.#options.port, this.#options.host, 1024, () => {
        this.#server.off('error', reject);
        this.#server.on('error', (error) => this.#options.logger.error({ err: error }, 'listener'));
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Stops accepting, lets requests under way finish within `withinMs`, then closes what is left. */
  async stop(withinMs = 5000): Promise<void> {
    if (!this.#server.listening) return;
    this.#draining = true;
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeIdleConnections();
    if (this.#inFlight > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, withinMs);
        this.#drained = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    this.#server.closeIdleConnections();
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    this.#inFlight += 1;
    response.on('close', this.#onClose);
    if (this.#draining) response.shouldKeepAlive = false;
    const url = localUrl(request.url ?? '');
    if (url === undefined) {
      response.writeHead(400, { 'Content-Type': 'text/plain', Connection: 'close' });
      response.end('the request line holds no valid address\n');
      return;
    }
    request.url = url;
    const query = url.indexOf('?');
    const path = query === -1 ? url : url.slice(0, query);
    const name = commandOf(path);
    if (name !== undefined) {
      this.#answerCommand(request, response, name, query === -1 ? '' : url.slice(query + 1));
      return;
    }
    const quick = this.#options.quick?.get(`${request.method} ${path}`);
    if (quick === undefined) this.#options.app(request, response);
    else this.#answerQuick(request, response, quick);
  }

  readonly #onClose = (): void => {
    this.#inFlight -= 1;
    if (this.#draining && this.#inFlight === 0) this.#drained?.();
  };

  /** Callbacks, not promises: this is run for every command. */
  #answerCommand(
    request: IncomingMessage,
    response: ServerResponse,
    name: string,
    rawQuery: string,
  ): void {
    const { commands, maxCommandBytes } = this.#options;
    this.#answer(request, response, maxCommandBytes, async (body) => {
      const { method = 'GET', headers, socket } = request;
      const address = socket.remoteAddress ?? '';
      const json = await commands({ method, name, rawQuery, headers, body, address });
      return { status: 200, json };
    });
  }

  #answerQuick(request: IncomingMessage, response: ServerResponse, route: QuickRoute): void {
    this.#answer(request, response, route.maxBytes, (body) => route.handle({ request, body }));
  }

  #answer(
    request: IncomingMessage,
    response: ServerResponse,
    maxBytes: number,
    handle: (body: Buffer | 'too-large') => Promise<QuickAnswer>,
  ): void {
    collectBody(request, maxBytes, (body) => {
      if (body === 'gone') {
        response.destroy();
        return;
      }
      handle(body).then(
        ({ status, json, headers }) => {
          // What may be left of an oversized body is not read.
          if (body === 'too-large') response.shouldKeepAlive = false;
          // As one-byte text, head and body leave together and need no encoding a second time.
          const bytes = Buffer.from(json);
          const head = [
            'Content-Type',
            'application/json; charset=utf-8',
            'Content-Length',
            String(bytes.length),
          ];
          for (const entry of Object.entries(headers ?? {})) head.push(...entry);
          response.writeHead(status, head);
          response.end(bytes.toString('latin1'), 'latin1');
        },
        (error: unknown) => {
          // The handler answers whatever happens.
          this.#options.logger.error({ err: error }, 'a request was not answered');
          response.destroy();
        },
      );
    });
  }
}

/** Proxies may send the whole address; what counts is its path. Undefined: it is none. */
function localUrl(url: string): string | undefined {
  if (url.startsWith('/') || url === '*') return url;
  if (!URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  return pathname + search;
}

function commandOf(path: string): string | undefined {
  if (!path.startsWith('/api/')) return undefined;
  const name = path.slice(5);
  return name === '' || name.includes('/') || families.has(name) ? undefined : name;
}
