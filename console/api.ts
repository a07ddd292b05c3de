import type { Paths } from '../scripts/client/types.ts';
import { language } from './i18n.ts';
import { ended, session } from './session.ts';

/** Addresses without `/api/v1`; those of the simulator as they are. */
type Addresses = {
  [P in keyof Paths as P extends `/api/v1${infer Short}`
    ? Short
    : P extends `/simulator/${string}`
      ? P
      : never]: Paths[P];
};
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export type Address<M extends Method> = {
  [P in keyof Addresses]: Addresses[P] extends Record<M, unknown> ? P : never;
}[keyof Addresses];
interface Shape {
  params: unknown;
  query: unknown;
  body: unknown;
  answer: unknown;
}
type Of<M extends Method, P extends Address<M>> =
  Addresses[P] extends Record<M, infer O> ? (O extends Shape ? O : never) : never;

/** What an operation answers: `Answer<'get', '/bots/{botcode}'>`. */
export type Answer<M extends Method, P extends Address<M>> = Of<M, P>['answer'];
export type Body<M extends Method, P extends Address<M>> = Of<M, P>['body'];
/** One item of a list: `Item<'/bots'>`. */
export type Item<P extends Address<'get'>> =
  Answer<'get', P> extends { items: (infer I)[] } ? I : never;

type Needed<Name extends string, T> =
  Record<never, never> extends T ? { [N in Name]?: T } : { [N in Name]: T };
/** Parameters of the path, and the query. */
export type Where<M extends Method, P extends Address<M>> = Needed<'params', Of<M, P>['params']> &
  Needed<'query', Of<M, P>['query']>;
type WhereArgs<M extends Method, P extends Address<M>> =
  Record<never, never> extends Where<M, P>
    ? [where?: Where<M, P> & { signal?: AbortSignal }]
    : [where: Where<M, P> & { signal?: AbortSignal }];
type BodyArgs<M extends Method, P extends Address<M>> = [Of<M, P>['body']] extends [never]
  ? { body?: undefined }
  : Record<never, never> extends Of<M, P>['body']
    ? { body?: Of<M, P>['body'] }
    : { body: Of<M, P>['body'] };
type CallArgs<M extends Method, P extends Address<M>> =
  Record<never, never> extends Where<M, P> & BodyArgs<M, P>
    ? [call?: Where<M, P> & BodyArgs<M, P>]
    : [call: Where<M, P> & BodyArgs<M, P>];

/** What went wrong, in words for people; `field` of a form where it is at one. */
export class Fault extends Error {
  readonly field: string | undefined;

  constructor(message: string, field?: string) {
    super(message);
    this.field = field;
  }
}

/** A refusal of the daemon, or that it could not be asked (`status` 0). */
export class ApiError extends Fault {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: number | undefined;

  constructor(
    status: number,
    message: string,
    problem: Record<string, unknown> = {},
    retryAfter?: number,
  ) {
    super(message, typeof problem['field'] === 'string' ? problem['field'] : undefined);
    this.status = status;
    this.code = typeof problem['code'] === 'string' ? problem['code'] : undefined;
    this.retryAfter = retryAfter;
  }
}

const mostGetMs = 20_000;

interface Ask {
  params?: unknown;
  query?: unknown;
  body?: unknown;
  signal?: AbortSignal;
}

/** The admin API, typed by its own document. */
export const api = {
  get: <P extends Address<'get'>>(path: P, ...[where]: WhereArgs<'get', P>) =>
    call('GET', path, where) as Promise<Answer<'get', P>>,
  post: <P extends Address<'post'>>(path: P, ...[ask]: CallArgs<'post', P>) =>
    call('POST', path, ask) as Promise<Answer<'post', P>>,
  put: <P extends Address<'put'>>(path: P, ...[ask]: CallArgs<'put', P>) =>
    call('PUT', path, ask) as Promise<Answer<'put', P>>,
  patch: <P extends Address<'patch'>>(path: P, ...[ask]: CallArgs<'patch', P>) =>
    call('PATCH', path, ask) as Promise<Answer<'patch', P>>,
  del: <P extends Address<'delete'>>(path: P, ...[ask]: CallArgs<'delete', P>) =>
    call('DELETE', path, ask) as Promise<Answer<'delete', P>>,
};

/** The address of a call, with its parts in place. */
export function addressOf(path: string, { params, query }: Ask = {}): string {
  const parts = (params ?? {}) as Record<string, unknown>;
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(String(parts[name] ?? '')),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const base = path.startsWith('/simulator/') ? filled : `/api/v1${filled}`;
  return search.size === 0 ? base : `${base}?${search}`;
}

/** Calls an address that the types do not know (files, bytes). @throws ApiError */
export async function call(method: string, path: string, ask: Ask = {}): Promise<unknown> {
  const { body } = ask;
  const signal = method === 'GET' ? inTime(ask.signal) : ask.signal;
  const blob = body instanceof Blob;
  const headers: Record<string, string> = { 'Accept-Language': language.peek() };
  if (body !== undefined && !blob) headers['Content-Type'] = 'application/json';
  const csrf = session.peek()?.csrf;
  if (method !== 'GET' && csrf !== undefined) headers['X-Wxrc-Csrf'] = csrf;
  try {
    const response = await fetch(addressOf(path, ask), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body !== undefined && { body: blob ? body : JSON.stringify(body) }),
      ...(signal && { signal }),
    });
    if (!response.ok) throw await refusalOf(response, path);
    if (response.status === 204) return undefined;
    const type = response.headers.get('content-type') ?? '';
    // Here, since the rest of an answer may fail to come, too.
    return await (type.includes('json') ? response.json() : response.text());
  } catch (error) {
    if (ask.signal?.aborted || error instanceof ApiError) throw error;
    throw new ApiError(0, unreachable());
  }
}

/** A daemon that hangs would keep whoever looks waiting for good; what changes something may take its time. */
function inTime(given: AbortSignal | undefined): AbortSignal {
  const late = AbortSignal.timeout(mostGetMs);
  return given === undefined ? late : AbortSignal.any([given, late]);
}

async function refusalOf(response: Response, path: string): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  // A session may end at any moment: whoever worked with it logs in again, where they are.
  if (response.status === 401 && path !== '/session') ended();
  const { detail, title } = problem;
  const said = typeof detail === 'string' ? detail : title;
  const retry = Number(response.headers.get('retry-after') ?? Number.NaN);
  return new ApiError(
    response.status,
    typeof said === 'string' ? said : `HTTP ${response.status}`,
    problem,
    Number.isFinite(retry) ? retry : undefined,
  );
}

function unreachable(): string {
  return language.peek() === 'zh' ? '无法连接到服务' : 'the daemon cannot be reached';
}
