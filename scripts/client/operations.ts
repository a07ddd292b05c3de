import type { Address } from './addresses.ts';
import { ProblemError } from './errors.ts';
import type { Http, HttpAnswer } from './http.ts';
import type { Operations, Schemas } from './types.ts';

export type OperationId = keyof Operations;
export type Answer<Id extends OperationId> = Operations[Id]['answer'];

/** Numbers and switches of a query may be given as such. */
type Loose<Q> = { [K in keyof Q]: string extends Q[K] ? Q[K] | number | boolean : Q[K] };
type Part<Name extends string, T> = object extends T
  ? { [K in Name]?: T | undefined }
  : { [K in Name]: T };
type Body<T> = [T] extends [never]
  ? { body?: undefined }
  : T extends Blob
    ? { body: Blob }
    : Part<'body', T>;

/** What an operation takes: `{params, query, body}`, as far as it has them. */
export type Given<Id extends OperationId> = Part<'params', Loose<Operations[Id]['params']>> &
  Part<'query', Loose<Operations[Id]['query']>> &
  Body<Operations[Id]['body']>;

export interface CallOptions {
  signal?: AbortSignal;
  /** Say so where it does no harm twice; questions (GET) are repeated anyway. */
  retry?: boolean;
  timeoutMs?: number;
}

/** Optional where nothing has to be given. */
export type Arguments<Id extends OperationId> =
  object extends Given<Id>
    ? [given?: Given<Id>, options?: CallOptions]
    : [given: Given<Id>, options?: CallOptions];

/** Anything an operation may be given, its types forgotten. */
export interface AnyGiven {
  params?: object | undefined;
  query?: object | undefined;
  body?: unknown;
}

/** Calls operations as the OpenAPI document describes them. */
export class OperationCalls {
  readonly #http: Http;
  readonly #url: string;
  readonly #headers: () => Record<string, string>;

  constructor(options: { http: Http; url: string; headers: () => Record<string, string> }) {
    this.#http = options.http;
    this.#url = options.url;
    this.#headers = options.headers;
  }

  /** The answer as it came, whatever its status. @throws ConnectionError */
  ask(address: Address, given: AnyGiven, options: CallOptions = {}): Promise<HttpAnswer> {
    const { method, url } = this.#addressOf(address, given);
    const { body } = given;
    const type = body instanceof Blob ? body.type : 'application/json';
    return this.#http.send(
      async () => ({
        ...{ method: method.toUpperCase(), url },
        headers: {
          ...this.#headers(),
          ...(body !== undefined && { 'content-type': type || 'application/octet-stream' }),
        },
        body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
      }),
      {
        signal: options.signal,
        retry: method === 'get' || options.retry === true ? 'always' : 'refused',
        timeoutMs: options.timeoutMs,
      },
    );
  }

  #addressOf(address: Address, given: AnyGiven): { method: string; url: string } {
    const [method = '', path = ''] = address.split(' ');
    const params = new Map(Object.entries(given.params ?? {}));
    const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => {
      const value: unknown = params.get(name);
      // `.` and `..` are walked away by URLs, whatever they are escaped to.
      if (value === undefined || /^\.{0,2}$/.test(String(value))) {
        throw new TypeError(`${path}: ${name} is missing`);
      }
      return encodeURIComponent(String(value));
    });
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(given.query ?? {})) {
      if (value !== undefined) search.set(name, String(value));
    }
    const query = search.toString();
    return { method, url: `${this.#url}${filled}${query === '' ? '' : `?${query}`}` };
  }
}

/** JSON where it is, text where not, undefined where there is none. */
export function bodyOf(answer: HttpAnswer): unknown {
  if (answer.text === '') return undefined;
  const type = answer.headers.get('content-type') ?? '';
  return /\bjson\b/.test(type) ? JSON.parse(answer.text) : answer.text;
}

export function problemOf({ status, text }: Pick<HttpAnswer, 'status' | 'text'>): ProblemError {
  try {
    const problem = JSON.parse(text) as Partial<Schemas['Problem']> | null;
    return new ProblemError(status, problem ?? {});
  } catch {
    // Of something in between.
    return new ProblemError(status, {});
  }
}
