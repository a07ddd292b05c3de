import type { Language } from '../../bot/errors.ts';
import { CliFailure, exitCodes } from './failure.ts';

export interface ClientOptions {
  /** Base address, without a slash at the end. */
  url: string;
  token: string | undefined;
  /** In which refusals are told. */
  language: Language;
}

interface Ask {
  query?: Record<string, string | number | undefined>;
  body?: unknown;
  /** Bytes to upload instead of a JSON body. */
  bytes?: { data: Uint8Array<ArrayBuffer>; type: string };
  headers?: Record<string, string>;
  signal?: AbortSignal;
  withinMs?: number;
}

/** Calls the admin API of a running daemon. */
export class Client {
  readonly url: string;
  readonly #token: string | undefined;
  readonly #language: Language;

  constructor(options: ClientOptions) {
    this.#language = options.language;
    this.url = options.url.replace(/\/+$/, '');
    this.#token = options.token;
  }

  get<T>(path: string, query: Ask['query'] = {}): Promise<T> {
    return this.#json('GET', path, { query });
  }

  post<T>(path: string, body: unknown = {}, withinMs = 60_000): Promise<T> {
    return this.#json('POST', path, { body, withinMs });
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#json('PUT', path, { body });
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json('PATCH', path, { body });
  }

  delete<T = void>(path: string): Promise<T> {
    return this.#json('DELETE', path, {});
  }

  upload<T>(
    path: string,
    data: Uint8Array<ArrayBuffer>,
    type: string,
    withinMs = 60_000,
  ): Promise<T> {
    return this.#json('POST', path, { bytes: { data, type }, withinMs });
  }

  /** Every item of a list, page by page. */
  async *all<T>(path: string, query: Ask['query'] = {}): AsyncGenerator<T> {
    let cursor: string | undefined;
    do {
      const page: { items: T[]; next: string | null } = await this.get(path, {
        ...query,
        limit: 200,
        cursor,
      });
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }

  /** The first of a list. */
  async first<T>(path: string, query: Ask['query'], most: number): Promise<T[]> {
    const items: T[] = [];
    if (most === 0) return items;
    for await (const one of this.all<T>(path, query)) if (items.push(one) === most) break;
    return items;
  }

  /**
   * The answer itself, whatever its status.
   * @throws CliFailure noDaemon
   */
  async ask(method: string, path: string, ask: Ask): Promise<Response> {
    const address = new URL(`${this.url}${path}`);
    for (const [name, value] of Object.entries(ask.query ?? {})) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    const headers: Record<string, string> = {
      'x-wxrc-language': this.#language,
      ...ask.headers,
    };
    if (this.#token !== undefined) headers['authorization'] = `Bearer ${this.#token}`;
    if (ask.bytes !== undefined) headers['content-type'] = ask.bytes.type;
    else if (ask.body !== undefined) headers['content-type'] = 'application/json';
    const body = ask.bytes?.data ?? (ask.body === undefined ? null : JSON.stringify(ask.body));
    try {
      return await fetch(address, {
        method,
        headers,
        body,
        signal: ask.signal ?? AbortSignal.timeout(ask.withinMs ?? 60_000),
      });
    } catch (error) {
      if (ask.signal?.aborted === true) throw error;
      throw new CliFailure(exitCodes.noDaemon, {
        zh: `${this.url} 没有应答：${reasonOf(error)}`,
        en: `${this.url} does not answer: ${reasonOf(error)}`,
      });
    }
  }

  async #json<T>(method: string, path: string, ask: Ask): Promise<T> {
    const response = await this.ask(method, path, ask);
    if (!response.ok) throw await failureOf(response);
    // Of our own daemon; a wrong shape shows where it is used.
    return (response.status === 204 ? undefined : await response.json()) as T;
  }
}

/** What a refusal (problem+json) says. */
export async function failureOf(response: Response): Promise<CliFailure> {
  const text = await response.text();
  let message = `HTTP ${response.status}`;
  try {
    const problem = JSON.parse(text) as { detail?: string; title?: string };
    message = problem.detail ?? problem.title ?? message;
  } catch {
    // Not from us: the status has to do.
  }
  const denied = response.status === 401 || response.status === 403;
  const exitCode = denied ? exitCodes.noPermission : exitCodes.failed;
  return new CliFailure(exitCode, { zh: message, en: message });
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}
