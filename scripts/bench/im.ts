import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { syncCost } from './database.ts';
import { lineSync } from './im-line-sync.ts';
import { lineIdle, lineLogins, lineReturn } from './im-lines-crowd.ts';
import { type LineOptions, lineGroups, linePeers, lineStored } from './im-lines-talk.ts';

const lines: Record<string, (options: LineOptions) => Promise<void>> = {
  a: linePeers,
  b: lineGroups,
  c: lineIdle,
  d: lineLogins,
  e: lineStored,
  f: lineSync,
  g: lineReturn,
};

/**
 * `npm run bench -- im`: clients of the GoBelieve protocol against the daemon as users run it, one
 * core for it and one for them. Every acknowledged message is on disk. A figure is printed only
 * with what was checked about it; what is lost, repeated or out of order ends the run.
 */
export async function benchIm(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '10000' },
    },
  });
  const wanted = values.only?.split(',') ?? Object.keys(lines);
  const unknown = wanted.filter((name) => lines[name] === undefined);
  if (unknown.length > 0) throw new Error(`no line ${unknown}; there are ${Object.keys(lines)}`);
  const cost = await syncCost();
  print(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`);
  print(`disk: fdatasync of 4 KiB p50 ${cost.p50} µs, p99 ${cost.p99} µs`);
  print('durability: WAL, one fdatasync per group commit before any ACK of it (= FULL)');
  print('messages of 60 bytes; “receivers only listen”: they send no ACK and SYNC_KEY as SDKs do');
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-bench-im-'));
  const options: LineOptions = {
    folder,
    rounds: Number(values.rounds),
    seconds: Number(values.seconds),
    crowd: Math.min(Number(values.connections), openFiles() - 500),
    print,
  };
  try {
    for (const name of wanted) await lines[name]?.(options);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many connections a process may have; Node raises its own limit to this. */
export function openFiles(): number {
  const limit = Number(execFileSync('sh', ['-c', 'ulimit -Hn']).toString());
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
