import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { syncCost } from './database.ts';

export interface LineOptions {
  /** For what is made on the way. */
  folder: string;
  rounds: number;
  seconds: number;
  /** Connections of a crowd. */
  crowd: number;
  print: (text: string) => void;
}

/** A bench in lines, of which some can be wanted: each prints figures and what was checked. */
export async function runLines(
  args: string[],
  bench: {
    name: string;
    lines: Record<string, (options: LineOptions) => Promise<void>>;
    rounds: number;
    /** What holds for all figures. */
    about: readonly string[];
  },
): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: String(bench.rounds) },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '10000' },
    },
  });
  const { lines } = bench;
  const wanted = values.only?.split(',') ?? Object.keys(lines);
  const unknown = wanted.filter((name) => lines[name] === undefined);
  if (unknown.length > 0) throw new Error(`no line ${unknown}; there are ${Object.keys(lines)}`);
  const cost = await syncCost();
  print(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`);
  print(`disk: fdatasync of 4 KiB p50 ${cost.p50} µs, p99 ${cost.p99} µs`);
  for (const text of bench.about) print(text);
  const folder = mkdtempSync(join(tmpdir(), `wxrc-bench-${bench.name}-`));
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
function openFiles(): number {
  const limit = Number(execFileSync('sh', ['-c', 'ulimit -Hn']).toString());
  return Number.isNaN(limit) ? Number.POSITIVE_INFINITY : limit;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
