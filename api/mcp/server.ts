import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { atLeast, type Role } from '../../bot/operators/roles.ts';
import { RateLimit } from '../../bot/rate-limit.ts';
import { version } from '../../config/version.ts';
import type { AdminCore } from '../admin/core.ts';
import { statusOf } from '../middleware/problem.ts';
import { readingTools } from './reading-tools.ts';
import { type RpcAnswer, RpcError, type RpcRequest, rpcCodes, rpcFault } from './rpc.ts';
import { markStrangers, strangersNote } from './strangers.ts';
import { type Caller, type Content, contextOf, type Tool } from './tool.ts';
import { writingTools } from './writing-tools.ts';

/** Newest first: what a client that asks for another is offered. */
export const protocolVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const;

const tools: readonly Tool[] = [...readingTools, ...writingTools];

const instructions =
  'wxrc drives WeChat accounts ("bots") for business systems. Begin with list_bots. Times are epoch milliseconds. ' +
  strangersNote;

const callSchema = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});

interface CallResult {
  content: Content[];
  isError?: true;
}

/** The Model Context Protocol, whatever carries it. Stateless: every message stands for itself. */
export class McpServer {
  readonly #core: AdminCore;
  readonly #writes: RateLimit;

  constructor(core: AdminCore) {
    this.#core = core;
    this.#writes = new RateLimit(core.mcp.value.writesPerMinute, core.clock.now());
  }

  /** Undefined: a notification, which is not answered. */
  async answer(request: RpcRequest, caller: Caller): Promise<RpcAnswer | undefined> {
    const { id } = request;
    if (id === undefined) return undefined;
    try {
      return { jsonrpc: '2.0', id, result: await this.#result(request, caller) };
    } catch (error) {
      if (error instanceof RpcError) return rpcFault(id, error.code, error.message);
      this.#core.logger.error({ err: error, method: request.method }, 'mcp request failed');
      return rpcFault(id, rpcCodes.inner, 'internal error');
    }
  }

  async #result({ method, params }: RpcRequest, caller: Caller): Promise<unknown> {
    switch (method) {
      case 'initialize':
        return this.#initialize(params);
      case 'ping':
        return {};
      case 'tools/list':
        return { tools: this.#listed(caller.operator.role).map(describe) };
      case 'tools/call':
        return this.#call(params, caller);
      default:
        throw new RpcError(rpcCodes.noMethod, `there is no method ${method.slice(0, 100)}`);
    }
  }

  #initialize({ protocolVersion }: Record<string, unknown>): unknown {
    if (typeof protocolVersion !== 'string') {
      throw new RpcError(rpcCodes.invalidParams, 'protocolVersion is missing');
    }
    const known = protocolVersions.find((one) => one === protocolVersion);
    return {
      protocolVersion: known ?? protocolVersions[0],
      capabilities: { tools: { listChanged: false } },
      serverInfo: { name: 'wxrc', title: 'wxrc', version },
      instructions,
    };
  }

  /** What the config allows, and the role. */
  #listed(role: Role): Tool[] {
    const { value: settings } = this.#core.mcp;
    return tools.filter((one) => atLeast(role, one.role) && (one.allowed?.(settings) ?? true));
  }

  async #call(params: Record<string, unknown>, caller: Caller): Promise<CallResult> {
    const parsed = callSchema.safeParse(params);
    if (!parsed.success) throw new RpcError(rpcCodes.invalidParams, 'name or arguments are wrong');
    const { name, arguments: given } = parsed.data;
    const tool = this.#listed(caller.operator.role).find((one) => one.name === name);
    if (tool === undefined) {
      if (tools.some((one) => one.name === name && one.deed)) {
        await this.#core.audit.refused(this.#deed(name, caller), 403);
      }
      throw new RpcError(rpcCodes.invalidParams, `there is no tool ${name.slice(0, 100)} for you`);
    }
    try {
      return await this.#run(tool, given, caller);
    } catch (error) {
      // What a tool refuses is a result: the assistant reads it and may do better.
      if (error instanceof AppError) return failed(error.text[this.#core.config.language]);
      this.#core.logger.error({ err: error, tool: name }, 'mcp tool failed');
      return failed('internal error: the log of the daemon says more');
    }
  }

  async #run(tool: Tool, given: unknown, caller: Caller): Promise<CallResult> {
    const prepared = tool.prepare(given);
    const context = contextOf(this.#core, this.#core.mcp.value, caller);
    const run = async (): Promise<CallResult> => {
      if (tool.writes) this.#takeWrite();
      const found = await prepared.run(context);
      return { content: [...toText(tool, found), ...(await prepared.pictures(context))] };
    };
    if (!tool.deed) return run();
    const { audit } = this.#core;
    const entry = await audit.begin(
      this.#deed(tool.name, caller, prepared.target),
      prepared.fields,
    );
    try {
      const result = await run();
      await entry.end(200);
      return result;
    } catch (error) {
      await entry.end(statusOf(error));
      throw error;
    }
  }

  #deed(name: string, caller: Caller, target = '') {
    return { ...caller, operation: `mcp.${name}`, target: target.slice(0, 300) };
  }

  /** @throws AppError rate_limited */
  #takeWrite(): void {
    this.#writes.change(this.#core.mcp.value.writesPerMinute);
    const wait = this.#writes.take(this.#core.clock.now());
    if (wait === 0) return;
    const seconds = Math.ceil(wait / 1000);
    throw new AppError(
      'rate_limited',
      { zh: `写操作过于频繁，请 ${seconds} 秒后再试`, en: `too many changes: wait ${seconds} s` },
      { retryAfter: seconds },
    );
  }
}

function describe(tool: Tool): object {
  const { $schema: _dialect, ...inputSchema } = z.toJSONSchema(tool.input, { io: 'input' });
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema,
    annotations: {
      title: tool.title,
      // A question is a chat that is kept, and may cost something.
      readOnlyHint: tool.deed !== true,
      destructiveHint: tool.writes === true,
      openWorldHint: tool.writes === true || (tool.strangers ?? []).length > 0,
    },
  };
}

function toText(tool: Tool, found: unknown): Content[] {
  const { value, marked } = markStrangers(found ?? { done: true }, new Set(tool.strangers));
  const text: Content = { type: 'text', text: JSON.stringify(value, null, 1) };
  return marked ? [{ type: 'text', text: strangersNote }, text] : [text];
}

function failed(text: string): CallResult {
  return { content: [{ type: 'text', text }], isError: true };
}
