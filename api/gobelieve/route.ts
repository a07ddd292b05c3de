import type { Context } from 'koa';
import type { z } from 'zod';
import type { Im } from '../../bot/im/im.ts';
import type { User } from '../../bot/im/message.ts';
import { callingApp, callingUser } from './auth.ts';
import { sendData, sendDone } from './envelope.ts';
import { check, readJsonBody } from './schema.ts';

export type Method = 'get' | 'post' | 'patch' | 'delete';

/** Who may call: the application's server, a user of it, or both. */
export type Caller = 'server' | 'client' | 'either';

/** Whether customers may call what users may; `members`: where the group of the address is theirs. */
export type ForCustomers = 'too' | 'members' | 'never';

/** What a handler gets: everything validated. */
export interface Asked<P, B, Q = object> {
  appid: number;
  /** Undefined: the application's server calls. */
  user: User | undefined;
  params: P;
  query: Q;
  body: B;
}

/** One route as it is written down: the router and the document come from it. */
export interface RouteSpec<P, B, A, Q> {
  /** Name of the route, unique. */
  id: string;
  method: Method;
  /** Parameters as in OpenAPI: `/groups/{gid}`. */
  path: string;
  caller: Caller;
  /** Absent: as other users. */
  customers?: ForCustomers;
  summary: string;
  description?: string;
  /** An address that does not fit is unknown. */
  params?: z.ZodType<P>;
  query?: z.ZodType<Q>;
  /** Absent: whatever is sent is not read. */
  body?: z.ZodType<B>;
  /** The field `data` of the answer; absent: nothing but success. */
  answer?: z.ZodType<A>;
  handle(im: Im, asked: Asked<P, B, Q>): Promise<A>;
}

export interface Route {
  id: string;
  method: Method;
  path: string;
  caller: Caller;
  customers: ForCustomers;
  summary: string;
  description: string | undefined;
  params: z.ZodType | undefined;
  query: z.ZodType | undefined;
  body: z.ZodType | undefined;
  answer: z.ZodType | undefined;
  /** Whether the address can be one of this route. */
  fits(ctx: Context): boolean;
  /** Reads, does, answers; the address fits and the caller is known by then. @throws HttpProblem, AppError */
  serve(im: Im, ctx: Context): Promise<void>;
}

/** Binds schemas and handler together; what is outside of the schemas never reaches the handler. */
export function route<P = object, B = object, A = void, Q = object>(
  spec: RouteSpec<P, B, A, Q>,
): Route {
  const { params, query, body, answer } = spec;
  return {
    id: spec.id,
    method: spec.method,
    path: spec.path,
    caller: spec.caller,
    customers: spec.customers ?? 'too',
    summary: spec.summary,
    description: spec.description,
    params,
    query,
    body,
    answer,
    fits: (ctx) => params?.safeParse(ctx['params']).success ?? true,
    serve: async (im, ctx) => {
      const data = await spec.handle(im, {
        appid: callingApp(ctx),
        user: callingUser(ctx),
        // Without a schema there is nothing to hand on but `{}`.
        params: params === undefined ? ({} as P) : params.parse(ctx['params']),
        query: query === undefined ? ({} as Q) : check(query, { ...ctx.query }),
        body: body === undefined ? ({} as B) : check(body, await readJsonBody(ctx)),
      });
      if (answer === undefined) sendDone(ctx);
      else sendData(ctx, data);
    },
  };
}

/** Who calls a route that only users may call. */
export function selfOf({ user }: Pick<Asked<unknown, unknown>, 'user'>): User {
  if (user === undefined) throw new Error('a user route without authentication');
  return user;
}
