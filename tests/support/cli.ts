import { spawn } from 'node:child_process';
import { readEnv } from '../../config/env.ts';
import { runCli } from '../../scripts/cli/main.ts';

export interface CliResult {
  code: number;
  out: string;
  err: string;
}

const script = new URL('../../scripts/wxrc.ts', import.meta.url).pathname;

/** Runs the command line in a process of its own, as a user would. */
export async function spawnCli(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CliResult> {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...cleanEnv(), ...env },
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  const code = await new Promise<number>((resolve) => {
    child.on('close', (ended) => resolve(ended ?? -1));
  });
  return { code, out, err };
}

/** The same command line in this process, which is faster. */
export async function runInProcess(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CliResult> {
  const result = { code: 0, out: '', err: '' };
  result.code = await runCli(args, readEnv(env), {
    out: { write: (text) => (result.out += text) },
    err: { write: (text) => (result.err += text) },
  });
  return result;
}

/** The environment of this process without anything that speaks to us. */
function cleanEnv(): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name, value]) => value !== undefined && !/^(WXRC_|LC_|LANG$|VITEST|NODE_)/.test(name),
  );
  return Object.fromEntries(kept) as Record<string, string>;
}
