import { type Arguments, readArguments } from './arguments.ts';
import { help, howTo } from './how-to.ts';
import { type Sandbox, startSandbox } from './sandbox.ts';

const given = orExit(2, () => readArguments(process.argv.slice(2)));
if (given.help) {
  process.stdout.write(help(given.language));
  process.exit(0);
}
const sandbox = await start(given);
process.stdout.write(`wechat-sandbox ready ${sandbox.url}\n`);
process.stdout.write(howTo(sandbox, given.options.accounts, given.language));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    sandbox.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}

async function start({ options }: Arguments): Promise<Sandbox> {
  try {
    return await startSandbox(options);
  } catch (error) {
    return fail(1, isInUse(error) ? inUse(options.port ?? 0, given.language) : error);
  }
}

function orExit<T>(code: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    return fail(code, error);
  }
}

function fail(code: number, error: unknown): never {
  const said = error instanceof Error ? error.message : String(error);
  // Of several sentences, as parseArgs makes them, the first says it.
  process.stderr.write(`wechat-sandbox: ${said.split(/\. |\n/)[0]} (--help)\n`);
  process.exit(code);
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function inUse(port: number, language: Arguments['language']): string {
  return language === 'zh'
    ? `端口 ${port} 已被占用：用 --port 指定另一个`
    : `port ${port} is in use: choose another with --port`;
}
