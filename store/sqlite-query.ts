import { fork } from 'node:child_process';
import {
  ForeignFault,
  type ForeignParam,
  type ForeignQuery,
  type ForeignRows,
} from './foreign-query.ts';

export interface SqliteQueryJob {
  file: string;
  sql: string;
  params: readonly ForeignParam[];
  maxRows: number;
}

export type SqliteQueryAnswer = ForeignRows | { fault: string };

const program = new URL('./sqlite-query-child.ts', import.meta.url);

/**
 * Runs one statement on a SQLite file, for reading only, in a process of its own: a statement that
 * goes on for ever can be ended in no other way, as SQLite does not look up from its work.
 * @throws ForeignFault
 */
export function querySqlite(
  file: string,
  query: ForeignQuery,
  signal: AbortSignal,
): Promise<ForeignRows> {
  const { sql, params, maxRows, timeoutMs } = query;
  return new Promise((resolve, reject) => {
    const child = fork(program, [], {
      execArgv: ['--max-old-space-size=256'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      // It needs nothing of ours.
      env: {},
    });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      child.removeAllListeners();
      child.on('error', () => {});
      child.kill('SIGKILL');
      settle();
    };
    const fail = (reason: string): void => end(() => reject(new ForeignFault(reason)));
    const abort = (): void => fail('it took too long');
    const timer = setTimeout(() => fail(`nothing in ${timeoutMs} ms`), timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    child.once('message', (answer: SqliteQueryAnswer) => {
      if ('fault' in answer) fail(answer.fault);
      else end(() => resolve(answer));
    });
    child.once('error', () => fail('it cannot be run'));
    child.once('exit', () => fail('it needed too much memory'));
    if (signal.aborted) abort();
    else child.send({ file, sql, params, maxRows } satisfies SqliteQueryJob);
  });
}
