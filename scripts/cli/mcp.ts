import { createInterface } from 'node:readline';
import { failureOf } from './client.ts';
import { cliCommand } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure } from './failure.ts';

/** Messages of one assistant that are on their way at once. */
const mostAtOnce = 8;
const inner = -32_603;

export const mcpCommands = [
  cliCommand({
    name: 'mcp',
    usage: '',
    summary: {
      zh: '供 AI 助手使用的 MCP 服务（标准输入输出）',
      en: 'MCP server for assistants, over standard input and output',
    },
    details: {
      zh: '把消息转给运行中的守护进程的 /mcp；可做什么由令牌的角色和配置的 mcp 决定。',
      en: 'Hands messages to /mcp of the running daemon: the role of the token and `mcp` of the config say what it may do.',
    },
    run: async (context) => {
      await bridge(context, lines(process.stdin));
    },
  }),
];

/** Line by line: what is too long to be a message is the daemon's to refuse. */
async function* lines(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield line;
  }
}

async function bridge(context: CliContext, input: AsyncIterable<string>): Promise<void> {
  const running = new Set<Promise<void>>();
  let version: string | undefined;
  for await (const line of input) {
    const work = hand(context, line, version).then((answer) => {
      if (answer === undefined) return;
      version = negotiated(answer) ?? version;
      process.stdout.write(`${answer}\n`);
    });
    running.add(work);
    void work.finally(() => running.delete(work));
    if (running.size >= mostAtOnce) await Promise.race(running);
  }
  await Promise.all(running);
}

/** One message; undefined: it is not answered. A daemon that is away is an answer, too: it may come back. */
async function hand(
  context: CliContext,
  line: string,
  version: string | undefined,
): Promise<string | undefined> {
  try {
    const response = await context.client().ask('POST', '/mcp', {
      bytes: { data: Buffer.from(line), type: 'application/json' },
      ...(version !== undefined && { headers: { 'mcp-protocol-version': version } }),
      withinMs: 120_000,
    });
    if (response.status === 202) return undefined;
    const isOurs = (response.headers.get('content-type') ?? '').startsWith('application/json');
    if (isOurs) return (await response.text()).replaceAll('\n', ' ');
    throw await failureOf(response);
  } catch (error) {
    context.reconnect();
    const message = error instanceof CliFailure ? context.say(error.text) : 'internal error';
    const id = idOf(line);
    if (id === undefined) return undefined;
    return JSON.stringify({ jsonrpc: '2.0', id, error: { code: inner, message } });
  }
}

/** Undefined: nobody waits for an answer. */
function idOf(line: string): string | number | null | undefined {
  try {
    const { id } = JSON.parse(line) as { id?: unknown };
    return typeof id === 'string' || typeof id === 'number' ? id : undefined;
  } catch {
    return null;
  }
}

/** What an answer to `initialize` agreed on. */
function negotiated(answer: string): string | undefined {
  if (!answer.includes('protocolVersion')) return undefined;
  const { result } = JSON.parse(answer) as { result?: { protocolVersion?: unknown } };
  return typeof result?.protocolVersion === 'string' ? result.protocolVersion : undefined;
}
