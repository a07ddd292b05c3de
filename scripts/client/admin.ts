import { type Address, addresses } from './addresses.ts';
import { WxrcError } from './errors.ts';
import type { Http } from './http.ts';
import {
  type Answer,
  type AnyGiven,
  type Arguments,
  bodyOf,
  type CallOptions,
  type Given,
  OperationCalls,
  type OperationId,
  problemOf,
} from './operations.ts';
import type { Operations, Paths } from './types.ts';

type Listed<Id extends OperationId> =
  Answer<Id> extends { items: (infer T)[]; next: string | null } ? T : never;
/** Operations that answer page by page. */
export type ListId = {
  [Id in OperationId]: [Listed<Id>] extends [never] ? never : Id;
}[OperationId];

type Method = Operations[OperationId]['method'];
/** Which operation lives at an address. */
type IdAt<P extends keyof Paths, M extends keyof Paths[P]> = {
  [Id in OperationId]: Operations[Id]['path'] extends P
    ? Operations[Id]['method'] extends M
      ? Id
      : never
    : never;
}[OperationId];

export interface AdminOptions {
  http: Http;
  url: string;
  token?: string | undefined;
}

/** The admin API, `/api/v1`, in the name of an operator. */
export class Admin {
  readonly #calls: OperationCalls;
  readonly #language: 'zh' | 'en' | undefined;
  #token: string | undefined;

  constructor(options: AdminOptions & { language?: 'zh' | 'en' | undefined }) {
    this.#token = options.token;
    this.#language = options.language;
    this.#calls = new OperationCalls({ ...options, headers: () => this.#headers() });
  }

  get token(): string | undefined {
    return this.#token;
  }

  /** For programs a token of their own (`wxrc token add`) is better. */
  async login(username: string, password: string, totp?: string): Promise<void> {
    const body = { username, password, ...(totp !== undefined && { totp }) };
    const { token } = await this.call('openSession', { body });
    if (token === undefined) throw new WxrcError('the session has no token');
    this.#token = token;
  }

  /**
   * Does an operation: `call('getBot', {params: {botcode: 'bot01'}})`.
   * @throws ProblemError, ConnectionError
   */
  async call<Id extends OperationId>(id: Id, ...rest: Arguments<Id>): Promise<Answer<Id>> {
    const [given = {}, options] = rest;
    // Of the daemon's own document; `void` where there is no body.
    return (await this.#ask(addresses[id], given, options)) as Answer<Id>;
  }

  /** The same by address: `at('get', '/api/v1/bots/{botcode}', {params: {botcode: 'bot01'}})`. */
  async at<P extends keyof Paths, M extends keyof Paths[P] & Method>(
    method: M,
    path: P,
    ...rest: Arguments<IdAt<P, M>>
  ): Promise<Answer<IdAt<P, M>>> {
    const [given = {}, options] = rest;
    return (await this.#ask(`${method} ${path}`, given, options)) as Answer<IdAt<P, M>>;
  }

  /** Every item of a list, page by page: `for await (const send of admin.all('listSends')) …` */
  async *all<Id extends ListId>(
    id: Id,
    given?: Partial<Given<Id>>,
    options?: CallOptions,
  ): AsyncGenerator<Listed<Id>, void, void> {
    const known: { query?: object | undefined } = given ?? {};
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { limit: 200, ...known.query, ...(cursor !== undefined && { cursor }) };
      const answer = await this.#ask(addresses[id], { ...given, query }, options);
      const page = answer as { items: Listed<Id>[]; next: string | null };
      yield* page.items;
      cursor = page.next;
    }
  }

  async #ask(address: Address, given: AnyGiven, options?: CallOptions): Promise<unknown> {
    const answer = await this.#calls.ask(address, given, options);
    if (answer.status < 200 || answer.status >= 300) throw problemOf(answer);
    return bodyOf(answer);
  }

  #headers(): Record<string, string> {
    return {
      ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
      ...(this.#language !== undefined && { 'x-wxrc-language': this.#language }),
    };
  }
}
