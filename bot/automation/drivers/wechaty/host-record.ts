import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { Clock } from '../../../clock.ts';

/** What is known of the host process of a bot's puppet: `hosts/<botcode>.json`, mode 0600. */
const recordSchema = z.object({
  botcode: z.string(),
  pid: z.int(),
  /** When the process was born, as the system counts it; a pid alone may be another's by now. */
  birth: z.string().optional(),
  /** Absent while the host starts. */
  port: z.int().optional(),
  /** Sealed: the token of its server and the key of its card. */
  sealed: z.string(),
  /** Of the settings it was started with. */
  settingsDigest: z.string(),
  startedAt: z.number(),
});
export type HostRecord = z.infer<typeof recordSchema>;

export function readHostRecord(file: string): HostRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    // None, or half of one: the same as none.
    return undefined;
  }
}

/** Whole or not at all, whatever happens meanwhile. */
export function writePrivateFile(file: string, content: string | Uint8Array): void {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** Linux tells when a process was born; elsewhere this is undefined. */
export function birthOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold blanks; the birth is field 22, the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Whether the very process of the record runs. */
export function isRunning({ pid, birth }: Pick<HostRecord, 'pid' | 'birth'>): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (birth === undefined) return true;
  return birthOf(pid) === birth && !isZombie(pid);
}

/** Ends the process of a record: asks first, does not ask again after 1 s. */
export async function endProcess(record: HostRecord, clock: Clock): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGTERM', 1000],
    ['SIGKILL', 2000],
  ] as const) {
    for (let waited = 0; isRunning(record); waited += 20) {
      if (waited === 0) kill(record.pid, signal);
      if (waited >= waitMs) break;
      await clock.sleep(20);
    }
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was faster.
  }
}

/** Dead, but its parent has not looked yet. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.charAt(stat.lastIndexOf(')') + 2) === 'Z';
  } catch {
    return false;
  }
}
