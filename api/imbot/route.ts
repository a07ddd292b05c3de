import type { Context } from 'koa';
import type { z } from 'zod';
import { type Granted, grantedOf } from '../middleware/access.ts';
import { readBody } from '../middleware/body.ts';
import { HttpProblem } from '../middleware/problem.ts';
import type { ImbotCore } from './core.ts';
import { doneSchema, sendError, sendJson } from './envelope.ts';
import { bodyLimit, readBodyBytes } from './read-body.ts';
import { check } from './schema.ts';

/** What a handler gets: everything validated. */
export interface Asked<Q, B> {
  query: Q;
  body: B;
  /** As it came; only where there is one. */
  given: unknown;
  granted: Granted;
}

/** An answer that is another than 200, or whose JSON is made already. */
export type Answer<A> =
  | { json: string }
  | { value: A }
  | { status: number; error: string; more?: object };

export interface RouteSpec<Q, B, A> {
  /** Name of the route, unique. */
  id: string;
  method: 'get' | 'post' | 'delete';
  /** Below /api/imbot. */
  path: string;
  summary: string;
  description?: string;
  query?: z.ZodType<Q>;
  body?: z.ZodType<B>;
  /** Schema of the answer; absent: nothing but success. */
  answer?: z.ZodType<A>;
  refusals?: readonly number[];
  /** A GET that takes or notes something: HEAD, which asks without a wish to have, is refused. */
  changes?: true;
  handle(core: ImbotCore, asked: Asked<Q, B>): Promise<Answer<A>>;
}

export interface Route {
  id: string;
  method: 'get' | 'post' | 'delete';
  path: string;
  summary: string;
  description: string | undefined;
  query: z.ZodType | undefined;
  body: z.ZodType | undefined;
  answer: z.ZodType;
  refusals: readonly number[];
  /** Reads, does, answers. @throws HttpProblem, AppError */
  serve(core: ImbotCore, ctx: Context): Promise<void>;
}

/** Binds schemas and handler together; what is outside of the schemas never reaches the handler. */
export function route<A, Q = object, B = object>(spec: RouteSpec<Q, B, A>): Route {
  const { query, body, answer } = spec;
  return {
    id: spec.id,
    method: spec.method,
    path: spec.path,
    summary: spec.summary,
    description: spec.description,
    query,
    body,
    answer: answer ?? doneSchema,
    refusals: spec.refusals ?? [],
    serve: async (core, ctx) => {
      if (spec.changes && ctx.method === 'HEAD') throw onlyGet(ctx);
      const given = body === undefined ? undefined : await readValue(ctx);
      const answered = await spec.handle(core, {
        // Without a schema there is nothing to hand on but `{}`.
        query: query === undefined ? ({} as Q) : check(query, firstsOf(ctx)),
        body: body === undefined ? ({} as B) : check(body, given),
        given,
        granted: grantedOf(ctx),
      });
      if ('error' in answered) sendError(ctx, answered, answered.more);
      else sendJson(ctx, 'json' in answered ? answered.json : JSON.stringify(answered.value));
    },
  };
}

function onlyGet(ctx: Context): HttpProblem {
  ctx.set('allow', 'GET');
  return new HttpProblem(405, { zh: '不支持该方法', en: 'not with this method' });
}

async function readValue(ctx: Context): Promise<unknown> {
  const bytes = await readBody(ctx.req, bodyLimit);
  return readBodyBytes(bytes, ctx.get('content-type')).value;
}

/** Of a parameter that comes twice, the first. */
function firstsOf(ctx: Context): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(ctx.query).map(([name, value]) => [
      name,
      Array.isArray(value) ? value[0] : value,
    ]),
  );
}
