import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RealClock } from '../../../clock.ts';
import { type HostAnswer, type HostOrder, hostAnswerSchema } from './host-protocol.ts';
import { birthOf, type HostRecord, writePrivateFile } from './host-record.ts';

/** A host that starts reports within this; the puppet's own limit is shorter. */
export const spawnMs = 70_000;

const program = fileURLToPath(new URL('./puppet-host.ts', import.meta.url));

/**
 * Starts a host process that does not depend on this one, and waits for what it answers. Its record
 * is on disk from its first moment, so that it is found even if we do not live to hear the answer.
 */
export async function spawnHost(options: {
  /** Its working directory. */
  dir: string;
  order: HostOrder;
  signal: AbortSignal;
}): Promise<HostAnswer> {
  const { dir, order, signal } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const log = openSync(order.logFile, 'a', 0o600);
  const child = fork(program, [order.botcode], {
    cwd: dir,
    detached: true,
    execPath: process.execPath,
    execArgv: [],
    // Errors from before the host has its own log; the order itself comes over IPC.
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  if (child.pid !== undefined) {
    const { botcode, sealed, settingsDigest } = order;
    const record: HostRecord = {
      botcode,
      pid: child.pid,
      birth: birthOf(child.pid),
      sealed,
      settingsDigest,
      startedAt: Date.now(),
    };
    writePrivateFile(order.recordFile, JSON.stringify(record));
    child.send(order);
  }
  const answer = await answerOf(child, signal);
  if (child.connected) child.disconnect();
  child.unref();
  return answer;
}

async function answerOf(child: ChildProcess, signal: AbortSignal): Promise<HostAnswer> {
  const answer = Promise.withResolvers<HostAnswer>();
  // Stays: an error nobody listens to would end the daemon.
  child.on('error', (error) => answer.resolve({ type: 'failed', reason: error.message }));
  child.once('exit', (code, by) =>
    answer.resolve({ type: 'failed', reason: `the puppet host ended (${by ?? code})` }),
  );
  child.once('message', (message) => answer.resolve(hostAnswerSchema.parse(message)));
  const heard = new AbortController();
  const late = new RealClock()
    .sleep(spawnMs, AbortSignal.any([signal, heard.signal]))
    .then((): HostAnswer => ({ type: 'failed', reason: 'the puppet host does not answer' }));
  try {
    return await Promise.race([answer.promise, late]);
  } finally {
    heard.abort();
  }
}
