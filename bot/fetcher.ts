import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { type ClientRequestArgs, type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP } from 'node:net';
import { NetGuard } from './net-guard.ts';

/**
 * Why nothing came: refused: the address is not allowed; gone: the other side says it is not there
 * (4xx); too-large; unreachable: it may come another time (no connection, time-out, 5xx).
 */
export type FetchFault = 'refused' | 'gone' | 'too-large' | 'unreachable';

export class FetchError extends Error {
  readonly fault: FetchFault;
  constructor(fault: FetchFault, message: string) {
    super(message);
    this.fault = fault;
  }
}

export interface FetcherOptions {
  /** Hosts, IPs and CIDR ranges that are fetched from although they are private. */
  allow: readonly string[];
  maxBytes: number;
  timeoutMs: number;
  /** Replaces the DNS in tests. */
  resolve?: (host: string) => Promise<LookupAddress[]>;
}

/** What is asked, where it is more than a GET of a file. */
export interface FetchRequest {
  method: string;
  headers: Readonly<Record<string, string>>;
  body?: string | undefined;
}

/** What came of it. */
export interface FetchAnswer {
  bytes: Buffer;
  status: number;
  /** Of its content type only what it may be called, e.g. `text/html`; '': it said none. */
  type: string;
}

interface FetchLimits {
  maxBytes?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
  request?: FetchRequest;
}

const maxRedirects = 3;

/**
 * Fetches what strangers name: http and https only, private ranges refused unless allowed, names
 * resolved once and the connection pinned to what was checked, redirects checked like the first
 * address, size and time limited. The content type of the answer is nobody's word: callers look at
 * the bytes.
 */
export class Fetcher {
  readonly #guard: NetGuard;
  readonly #maxBytes: number;
  readonly #timeoutMs: number;
  readonly #resolve: (host: string) => Promise<LookupAddress[]>;

  constructor(options: FetcherOptions) {
    this.#guard = new NetGuard(options.allow);
    this.#maxBytes = options.maxBytes;
    this.#timeoutMs = options.timeoutMs;
    this.#resolve = options.resolve ?? ((host) => lookup(host, { all: true }));
  }

  /**
   * Says at once, without the DNS, why an address can never be fetched; undefined when it may be.
   */
  objection(address: string): string | undefined {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    if (url === undefined) return 'not an address';
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'neither http nor https';
    if (url.username !== '' || url.password !== '') return 'an address with a password';
    const host = hostOf(url);
    if (isIP(host) !== 0 && !this.#guard.allowsAddress(host)) return 'a private address';
    if (this.#guard.trustsName(host)) return undefined;
    if (/(^|\.)localhost$/i.test(host)) return 'a private address';
    return undefined;
  }

  /**
   * @param limits.request is told to the address's own host only: it is not taken along elsewhere
   * @throws FetchError
   */
  async fetch(address: string, limits: FetchLimits = {}): Promise<Buffer> {
    return (await this.ask(address, limits)).bytes;
  }

  /** As `fetch`, with what else it answered. @throws FetchError */
  async ask(address: string, limits: FetchLimits = {}): Promise<FetchAnswer> {
    const timeoutMs = Math.min(limits.timeoutMs ?? this.#timeoutMs, this.#timeoutMs);
    const maxBytes = Math.min(limits.maxBytes ?? this.#maxBytes, this.#maxBytes);
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), timeoutMs);
    const signal =
      limits.signal === undefined
        ? timeout.signal
        : AbortSignal.any([limits.signal, timeout.signal]);
    try {
      return await this.#follow(address, maxBytes, signal, limits.request);
    } catch (error) {
      if (error instanceof FetchError) throw error;
      if (timeout.signal.aborted) throw new FetchError('unreachable', `nothing in ${timeoutMs} ms`);
      throw new FetchError('unreachable', codeOf(error));
    } finally {
      clearTimeout(timer);
    }
  }

  async #follow(
    address: string,
    maxBytes: number,
    signal: AbortSignal,
    request: FetchRequest | undefined,
  ): Promise<FetchAnswer> {
    let next = address;
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const response = await this.#connect(next, signal, request);
      const status = response.statusCode ?? 0;
      const location = response.headers.location;
      if (status >= 300 && status < 400 && location !== undefined) {
        response.destroy();
        const from = next;
        next = URL.canParse(location, next) ? new URL(location, next).href : location;
        if (request !== undefined && !isSameAsked(from, next, request)) {
          throw new FetchError('gone', 'it redirects elsewhere');
        }
        continue;
      }
      if (status !== 200 && (request === undefined || status < 200 || status >= 300)) {
        response.destroy();
        const fault = status >= 400 && status < 500 && status !== 429 ? 'gone' : 'unreachable';
        throw new FetchError(fault, `HTTP ${status}`);
      }
      return { bytes: await readAll(response, maxBytes), status, type: typeOf(response) };
    }
    throw new FetchError('gone', `more than ${maxRedirects} redirects`);
  }

  /** Connects to an address that was checked; the name only goes into Host and SNI. */
  async #connect(
    address: string,
    signal: AbortSignal,
    asked: FetchRequest | undefined,
  ): Promise<IncomingMessage> {
    const objection = this.objection(address);
    if (objection !== undefined) throw new FetchError('refused', objection);
    const url = new URL(address);
    const pinned = await this.#pin(hostOf(url), signal);
    const options: ClientRequestArgs = {
      agent: false,
      signal,
      method: asked?.method ?? 'GET',
      headers: {
        accept: 'image/*, */*;q=0.5',
        ...asked?.headers,
        'accept-encoding': 'identity',
      },
      lookup: (_host, wanted, done) => {
        if (wanted.all === true) done(null, pinned);
        else done(null, pinned[0]?.address ?? '', pinned[0]?.family);
      },
    };
    return await new Promise((resolve, reject) => {
      const send = url.protocol === 'https:' ? requestHttps : requestHttp;
      const request = send(url, options, resolve);
      request.on('error', reject);
      request.end(asked?.body);
    });
  }

  /** What a name resolves to, if every one of its addresses may be connected to. */
  async #pin(host: string, signal: AbortSignal): Promise<LookupAddress[]> {
    const family = isIP(host);
    if (family !== 0) return [{ address: host, family }];
    const addresses = await abortable(this.#resolve(host), signal);
    if (addresses.length === 0) throw new FetchError('unreachable', 'ENOTFOUND');
    const trusted = this.#guard.trustsName(host);
    if (!trusted && !addresses.every((one) => this.#guard.allowsAddress(one.address))) {
      throw new FetchError('refused', 'a private address');
    }
    return addresses;
  }
}

async function readAll(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = (): FetchError => {
    response.destroy();
    return new FetchError('too-large', `larger than ${maxBytes} bytes`);
  };
  if (Number(response.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

function typeOf({ headers }: IncomingMessage): string {
  return /^[\w.+-]{1,40}\/[\w.+-]{1,60}/.exec(headers['content-type'] ?? '')?.[0] ?? '';
}

/** Whether the same may be asked there: what it carries is for one host, and said once. */
function isSameAsked(from: string, to: string, { method }: FetchRequest): boolean {
  return method === 'GET' && URL.canParse(to) && new URL(to).origin === new URL(from).origin;
}

/** Host without the brackets of an IPv6 literal. The URL parser already made odd IPv4 forms plain. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new Error('aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  return 'no connection';
}
