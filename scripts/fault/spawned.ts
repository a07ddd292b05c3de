import { type ChildProcess, spawn } from 'node:child_process';

export interface Spawned {
  child: ChildProcess;
  /** Resolves when it is over, however. */
  ended: Promise<void>;
}

/** Our own Node with a program of ours; what it says is read, what goes wrong is seen. */
export function spawnNode(args: readonly string[], input: 'ignore' | 'pipe' = 'ignore'): Spawned {
  const child = spawn(process.execPath, args, { stdio: [input, 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return { child, ended };
}

/** A daemon that says where it listens. */
export const readyPort = /ready \S*?:(\d+)\s/;
export const readyUrl = /ready (http:\S+)\s/;

/**
 * Waits until a program has said something, and gives the groups of the pattern. Undefined: it ended
 * before, which those may that are to be killed (`mayEnd`).
 */
export function said(
  { child, ended }: Spawned,
  pattern: RegExp,
  mayEnd = false,
): Promise<string[] | undefined> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const found = pattern.exec(text);
      if (found !== null) resolve(found.slice(1));
    });
    void ended.then(() =>
      mayEnd ? resolve(undefined) : reject(new Error(`did not start: ${text}`)),
    );
  });
}
