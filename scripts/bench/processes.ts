import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A server under measurement: its own process, pinned to core 0 where `taskset` is there. */
export interface Measured {
  name: string;
  port: number;
  child: ChildProcess;
  /** Milliseconds from start to the ready line. */
  readyMs: number;
  /** User and system CPU seconds so far. */
  cpuSeconds(): number;
  rssBytes(): number;
  /** What it prints, as soon as this stands in it. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

const hasTaskset = spawnSync('taskset', ['-V']).status === 0;

export function pinned(core: number, command: string[]): string[] {
  return hasTaskset ? ['taskset', '-c', String(core), ...command] : command;
}

/** Starts a Node program and waits for `ready …port`. */
export async function startServer(
  name: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<Measured> {
  const [command = '', ...rest] = pinned(0, [process.execPath, ...args]);
  const began = performance.now();
  const child = spawn(command, rest, {
    env: { ...process.env, WXRC_LOG: 'error', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const printed = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text);
        if (found === null) return;
        child.stdout.off('data', look);
        resolve(found);
      };
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${text}`)));
      child.stdout.on('data', look);
      look();
    });
  const port = Number((await printed(/ready .*?(\d+)\s/))[1]);
  const readyMs = performance.now() - began;
  return {
    name,
    port,
    child,
    readyMs,
    cpuSeconds: () => cpuSeconds(child.pid ?? 0),
    rssBytes: () => rssBytes(child.pid ?? 0),
    printed,
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs a Node program on core 1 and returns the JSON of its last line. */
export function runLoad<T>(args: string[]): Promise<T> {
  const [command = '', ...rest] = pinned(1, [process.execPath, ...args]);
  return new Promise((resolve, reject) => {
    const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once('exit', (code) => {
      if (code === 0) resolve(JSON.parse(text.trim().split('\n').at(-1) ?? '') as T);
      else reject(new Error(`load ended with ${code}`));
    });
  });
}

/** Builds the slow-disk shim; undefined where there is no C compiler. */
export function buildSlowSync(): string | undefined {
  const source = join(import.meta.dirname, 'slow-sync.c');
  const library = join(mkdtempSync(join(tmpdir(), 'wxrc-shim-')), 'slow-sync.so');
  const built = spawnSync('cc', ['-O2', '-shared', '-fPIC', '-o', library, source, '-ldl']);
  return built.status === 0 && existsSync(library) ? library : undefined;
}

/** CPU seconds (user and system) of a process; 0 where /proc is not there. */
export function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond();
  } catch {
    return 0;
  }
}

export function rssBytes(pid: number): number {
  try {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(line ?? 0) * 1024;
  } catch {
    return 0;
  }
}

let ticks: number | undefined;
function ticksPerSecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK']).toString());
  return ticks;
}
