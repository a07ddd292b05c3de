import type { Context } from 'koa';
import { z } from 'zod';
import type { Operator, Role } from '../../bot/operators.ts';
import { readBytes, readJson } from '../middleware/body.ts';
import { validate } from '../middleware/validate.ts';
import { type BrowserSession, browserSession, noBrowser } from './browser-session.ts';
import type { AdminCore } from './core.ts';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** What a handler gets: everything validated. */
export interface AdminRequest<P, Q, B> {
  params: P;
  query: Q;
  body: B;
  /** Where the operation takes bytes instead of JSON. */
  bytes: Buffer;
  /** Of what media type they are said to be. */
  contentType: string;
  /** Who asks; undefined only where the operation is open. */
  operator: Operator | undefined;
  /** Source address. */
  address: string;
  browser: BrowserSession;
}

/** One operation of the admin API as it is written down: the router and the document come from it. */
export interface OperationSpec<P, Q, B, A> {
  /** Name of the operation, unique. */
  id: string;
  method: Method;
  /** Below /api/v1, parameters as in OpenAPI: `/channels/{chid}`. */
  path: string;
  tag: string;
  summary: string;
  description?: string;
  /** Needs no token. */
  open?: true;
  /** Who may; default: viewers to look (GET), operators to change something. */
  role?: Role;
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** The body is bytes of this media type, at most so many of them. */
  takes?: { type: string; limit: number };
  /** Body of the answer; absent: 204 without a body. */
  answer?: z.ZodType<A>;
  /** The answer is one of our files, of this media type. */
  produces?: string;
  /** Status of success; default 200, without `answer` 204. */
  status?: number;
  /** What the audit says beside the names of fields, `role=admin`: whom it is about, never a secret. */
  audits?(core: AdminCore, request: AdminRequest<P, Q, B>): Promise<string[]> | string[];
  handle(core: AdminCore, request: AdminRequest<P, Q, B>): Promise<A>;
}

export interface Operation {
  id: string;
  method: Method;
  path: string;
  tag: string;
  summary: string;
  description: string | undefined;
  open: boolean;
  role: Role;
  params: z.ZodType | undefined;
  query: z.ZodType | undefined;
  body: z.ZodType | undefined;
  consumes: string | undefined;
  produces: string | undefined;
  answer: z.ZodType | undefined;
  status: number;
  /** @param before called when all is read, with the names of the body's fields */
  run(
    core: AdminCore,
    ctx: Context,
    operator: Operator | undefined,
    before?: (fields: string[]) => Promise<void>,
  ): Promise<unknown>;
  /**
   * The same from another door of the daemon, without HTTP. Whether this operator may, and that it is
   * written down, is the caller's business.
   */
  ask(core: AdminCore, given: Asked): Promise<unknown>;
}

export interface Asked {
  params?: object;
  query?: object;
  body?: object;
  operator: Operator;
  address: string;
}

const nothing = z.strictObject({});
const nothingRead = Buffer.alloc(0);

/** Binds schemas and handler together; what is outside of the schemas never reaches the handler. */
export function operation<P = object, Q = object, B = object, A = void>(
  spec: OperationSpec<P, Q, B, A>,
): Operation {
  const { params, query, body, answer } = spec;
  return {
    id: spec.id,
    method: spec.method,
    path: spec.path,
    tag: spec.tag,
    summary: spec.summary,
    description: spec.description,
    open: spec.open === true,
    role: spec.role ?? (spec.method === 'get' ? 'viewer' : 'operator'),
    params,
    query,
    body,
    consumes: spec.takes?.type,
    produces: spec.produces,
    answer,
    status: spec.status ?? (answer === undefined && spec.produces === undefined ? 204 : 200),
    run: async (core, ctx, operator, before) => {
      const reads = spec.method !== 'get' && spec.method !== 'delete' && spec.takes === undefined;
      const given = reads ? await readJson(ctx) : {};
      const request = {
        // Router and Koa decode both; without a schema there is nothing to hand on but `{}`.
        params: validate(params ?? nothing, params === undefined ? {} : ctx['params']) as P,
        query: validate(query ?? nothing, { ...ctx.query }) as Q,
        body: validate(body ?? nothing, given) as B,
        bytes: spec.takes === undefined ? nothingRead : await readBytes(ctx, spec.takes.limit),
        contentType: ctx.get('content-type'),
        operator,
        address: core.sourceOf(ctx.req),
        browser: browserSession(ctx, core.publicUrl()),
      };
      // Defaults were not given.
      const known = Object.keys(request.body ?? {});
      const names = known.filter((name) => Object.hasOwn(Object(given), name));
      if (before !== undefined) {
        const told = (await spec.audits?.(core, request)) ?? [];
        const valued = new Set(told.map((one) => one.split('=')[0]));
        await before([...told, ...names.filter((name) => !valued.has(name))]);
      }
      return spec.handle(core, request);
    },
    ask: async (core, { operator, address, ...given }) =>
      spec.handle(core, {
        params: validate(params ?? nothing, given.params ?? {}) as P,
        query: validate(query ?? nothing, given.query ?? {}) as Q,
        body: validate(body ?? nothing, given.body ?? {}) as B,
        bytes: nothingRead,
        contentType: '',
        ...{ operator, address, browser: noBrowser },
      }),
  };
}

/** Which ones, as the audit is told them: not more than can be read. */
export function audited(name: string, numbers: readonly number[]): string {
  return `${name}=${numbers.slice(0, 20).join(',')}${numbers.length > 20 ? ',…' : ''}`;
}
