import Router from '@koa/router';
import type { Context } from 'koa';
import { AppError } from '../../bot/errors.ts';
import type { Operator } from '../../bot/operators.ts';
import { RateLimit } from '../../bot/rate-limit.ts';
import { isLoopback } from '../../config/address-schema.ts';
import type { AdminCore } from '../admin/core.ts';
import { readBytes } from '../middleware/body.ts';
import { bearerOf } from '../middleware/operator-auth.ts';
import { HttpProblem } from '../middleware/problem.ts';
import { type RpcAnswer, type RpcBody, RpcError, readRpc, rpcCodes, rpcFault } from './rpc.ts';
import { McpServer, protocolVersions } from './server.ts';
import type { Caller } from './tool.ts';

const mcpPath = '/mcp';
const bodyLimit = 1_048_576;
/** Tools of one token that run at once. */
const mostAtOnce = 8;
const mostTokens = 1000;
/** The one revision that knows batches, and what a client without the header speaks. */
const withBatches = '2025-03-26';

/**
 * MCP over streamable HTTP: each POST is answered with JSON, there is neither a session nor a stream.
 * Only a token in the header counts: a cookie would speak for any page that gets a browser to come here.
 */
export function createMcpRouter(core: AdminCore): Router {
  const router = new Router();
  const server = new McpServer(core);
  const floods = new Floods(core);
  router.post(mcpPath, async (ctx, next) => {
    // As if it were not there.
    if (!core.mcp.value.enabled) return await next();
    ctx.set('cache-control', 'no-store');
    requireKnownPage(ctx, core);
    const operator = await identify(ctx, core);
    const protocol = versionOf(ctx);
    requireJson(ctx);
    const bytes = await readBytes(ctx, bodyLimit);
    const caller = { operator, address: core.sourceOf(ctx.req) };
    const read = readOrFault(bytes, protocol);
    const leave = floods.enter(operator, 'messages' in read ? read.messages.length : 1);
    try {
      await respond(ctx, server, read, caller);
    } finally {
      leave();
    }
  });
  return router;
}

async function respond(
  ctx: Context,
  server: McpServer,
  read: RpcBody | RpcAnswer,
  caller: Caller,
): Promise<void> {
  if (!('messages' in read)) {
    ctx.status = 400;
    ctx.body = read;
    return;
  }
  const answers: RpcAnswer[] = [];
  // One after another: what a batch asks for may build on what stands before it.
  for (const message of read.messages) {
    if (message === 'answer') continue;
    const answer = 'jsonrpc' in message ? message : await server.answer(message, caller);
    if (answer !== undefined) answers.push(answer);
  }
  const [first] = answers;
  if (first === undefined) {
    ctx.status = 202;
    ctx.body = null;
    ctx.status = 202;
    return;
  }
  const faulty = !read.batch && 'error' in first && first.error.code === rpcCodes.invalidRequest;
  ctx.status = faulty ? 400 : 200;
  ctx.body = read.batch ? answers : first;
}

function readOrFault(bytes: Buffer, protocol: string): RpcBody | RpcAnswer {
  try {
    const body = readRpc(bytes);
    if (!body.batch || protocol === withBatches) return body;
    return rpcFault(null, rpcCodes.invalidRequest, `${protocol} knows no batches`);
  } catch (error) {
    if (error instanceof RpcError) return rpcFault(null, error.code, error.message);
    throw error;
  }
}

async function identify(ctx: Context, core: AdminCore): Promise<Operator> {
  const token = bearerOf(ctx.req);
  const operator = token === undefined ? undefined : await core.operators.identify(token);
  if (operator !== undefined) return operator;
  ctx.set('www-authenticate', 'Bearer');
  throw new AppError('unauthorized', {
    zh: '需要操作员令牌（Authorization: Bearer）：wxrc token add',
    en: 'needs the token of an operator (Authorization: Bearer): wxrc token add',
  });
}

/**
 * Pages of other sites, and names that were made to lead here (DNS rebinding), are refused. Programs
 * send no Origin.
 */
function requireKnownPage(ctx: Context, core: AdminCore): void {
  const { origins } = core.mcp.value;
  const own = URL.parse(core.publicUrl());
  const origin = ctx.get('origin');
  const known = origin === '' || origin === own?.origin || origins.includes(origin);
  // On loopback nobody else's name leads here; elsewhere a proxy may name us as it likes.
  const host = URL.parse(`http://${ctx.get('host')}`)?.hostname ?? '';
  const named = host === own?.hostname || host === 'localhost' || isLoopback(unbracketed(host));
  if (known && (named || !isLoopback(core.config.http.host))) return;
  throw new AppError('forbidden', {
    zh: '请求来自其他网站的页面，已拒绝（mcp.origins）',
    en: 'refused: it comes from a page of another site (mcp.origins)',
  });
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function versionOf(ctx: Context): string {
  const given = ctx.get('mcp-protocol-version') || withBatches;
  const known = protocolVersions.find((one) => one === given);
  if (known !== undefined) return known;
  const list = protocolVersions.join(', ');
  throw new HttpProblem(400, {
    zh: `MCP-Protocol-Version 只支持 ${list}`,
    en: `MCP-Protocol-Version is none of ${list}`,
  });
}

function requireJson(ctx: Context): void {
  if (/^application\/json\s*(?:;|$)/i.test(ctx.get('content-type'))) return;
  throw new HttpProblem(415, {
    zh: '请求体须为 Content-Type: application/json',
    en: 'the body must be Content-Type: application/json',
  });
}

/** So many messages a minute of one token, and so many at once. */
class Floods {
  readonly #core: AdminCore;
  readonly #known = new Map<string, { limit: RateLimit; running: number }>();

  constructor(core: AdminCore) {
    this.#core = core;
  }

  /** @returns to be called at the end @throws AppError rate_limited */
  enter(operator: Operator, messages: number): () => void {
    const now = this.#core.clock.now();
    const one = this.#of(`${operator.tokenId ?? operator.name}`, now);
    let wait = one.running >= mostAtOnce ? 1000 : 0;
    for (let n = 0; n < messages && wait === 0; n += 1) wait = one.limit.take(now);
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1000);
      throw new AppError(
        'rate_limited',
        { zh: `请求过多，请 ${seconds} 秒后再试`, en: `too many requests: wait ${seconds} s` },
        { retryAfter: seconds },
      );
    }
    one.running += 1;
    return () => {
      one.running -= 1;
    };
  }

  #of(key: string, now: number) {
    const { perMinute } = this.#core.mcp.value;
    let one = this.#known.get(key);
    one?.limit.change(perMinute);
    if (one === undefined) {
      if (this.#known.size >= mostTokens) this.#known.clear();
      one = { limit: new RateLimit(perMinute, now), running: 0 };
      this.#known.set(key, one);
    }
    return one;
  }
}
