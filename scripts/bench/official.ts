import { join } from 'node:path';
import { pause } from './im-load-tools.ts';
import { columns, kilobytes, middle, whole } from './im-report.ts';
import { LoadProcess } from './im-servers.ts';
import { type LineOptions, runLines } from './lines.ts';
import type { OfficialOrder, OfficialResult } from './official-load.ts';
import { type Measured, startServer } from './processes.ts';
import { startDaemonProcess } from './servers.ts';

interface Run extends OfficialResult {
  cpuSeconds: number;
  loadCpuSeconds: number;
}

/**
 * `npm run bench -- official`: sockets of the official-account component, and a bare `ws` server
 * beside it that sends the same frames and keeps nothing. One core for the server, one for the load.
 * What is lost, repeated or out of order ends the run.
 */
export function benchOfficial(args: string[]): Promise<void> {
  return runLines(args, {
    name: 'official',
    rounds: 5,
    lines: {
      a: (options) => lineFan(options, 1000),
      b: (options) => lineFan(options, options.crowd),
      c: lineRate,
      d: lineIdle,
    },
    about: ['wxrc: a push is on disk for every receiver before its answer and before any frame'],
  });
}

/** (a), (b) One push to all who are connected, again and again. */
async function lineFan(options: LineOptions, users: number): Promise<void> {
  const runs = await compare(options, {
    ...{ kind: 'fan', users, seconds: options.seconds, warmSeconds: 1, perSecond: 0 },
  });
  options.print(title(`one push to ${whole(users)} connected users`, options));
  report(options.print, runs, 'frames');
}

/** (c) A thousand pushes a second, each to one of a thousand users. */
async function lineRate(options: LineOptions): Promise<void> {
  const order = { kind: 'rate', users: 1000, seconds: options.seconds, warmSeconds: 1 } as const;
  const runs = await compare(options, { ...order, perSecond: 1000 });
  options.print(title('1,000 pushes/s over HTTP, each to one of 1,000 users', options));
  report(options.print, runs, 'pushes');
  for (const { name, results } of runs) {
    const p50 = middle(results, (run) => run.answered.p50);
    const p99 = middle(results, (run) => run.answered.p99);
    options.print(`${name}: push to answer p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`);
  }
}

/** (d) What a connection costs that says nothing. */
async function lineIdle(options: LineOptions): Promise<void> {
  const { crowd, print } = options;
  const table = [['', 'before', 'with all', 'per socket', 'CPU when idle']];
  const each: number[] = [];
  for (const start of [startOurs, startBare]) {
    const server = await start(join(options.folder, `idle-${start.name}`));
    try {
      await pause(2000);
      const before = server.rssBytes();
      const order = { kind: 'idle', seconds: 0, warmSeconds: 0, perSecond: 0 } as const;
      const load = loadOf({ ...order, port: server.port, users: crowd });
      await load.next();
      await pause(12_000);
      const cpu = server.cpuSeconds();
      await pause(25_000);
      const idle = ((server.cpuSeconds() - cpu) / 25) * 100;
      const after = server.rssBytes();
      each.push((after - before) / crowd);
      table.push([
        server.name,
        `${whole(before / 1_000_000)} MB`,
        `${whole(after / 1_000_000)} MB`,
        kilobytes((after - before) / crowd),
        `${idle.toFixed(1)} %`,
      ]);
      await load.end();
    } finally {
      await server.stop();
    }
  }
  print(`\n## ${whole(crowd)} idle sockets, resident memory of the server process`);
  print(columns(table));
  const [ours = 0, bare = 1] = each;
  print(`memory of a socket: ${(ours / bare).toFixed(2)} of bare ws`);
  print('checked: all open at the end; wxrc sends heartbeats to them, bare ws nothing');
}

interface Row {
  name: string;
  server: Measured;
  results: Run[];
}

async function compare(options: LineOptions, order: Omit<OfficialOrder, 'port'>): Promise<Row[]> {
  const folder = join(options.folder, `${order.kind}-${order.users}`);
  const rows: Row[] = [];
  try {
    for (const start of [startOurs, startBare]) {
      const server = await start(folder);
      rows.push({ name: server.name, server, results: [] });
    }
    // Round -1 warms up and is not counted.
    for (let round = -1; round < options.rounds; round += 1) {
      for (const { server, results } of rows) {
        const run = await measure(server, order);
        if (round >= 0) results.push(run);
      }
    }
  } finally {
    for (const { server } of rows) await server.stop();
  }
  return rows;
}

async function measure(server: Measured, order: Omit<OfficialOrder, 'port'>): Promise<Run> {
  const load = loadOf({ ...order, port: server.port });
  await load.next();
  await load.next();
  const [cpu, loadCpu] = [server.cpuSeconds(), load.cpuSeconds()];
  await load.next();
  const cpuSeconds = server.cpuSeconds() - cpu;
  const loadCpuSeconds = load.cpuSeconds() - loadCpu;
  const result = await load.next<OfficialResult>();
  await load.end();
  return { ...result, cpuSeconds, loadCpuSeconds };
}

function report(
  print: (text: string) => void,
  rows: readonly Row[],
  unit: 'frames' | 'pushes',
): void {
  const head = ['', `${unit}/s`, '×', `${unit} per CPU-s`, '×', 'p50 ms', 'p99 ms'];
  const table = [[...head, 'server CPU', 'load CPU']];
  const bare = rows[1]?.results ?? [];
  for (const { name, results } of rows) {
    const rate = (run: Run): number => run[unit] / run.seconds;
    const perCpu = (run: Run): number => run[unit] / Math.max(run.cpuSeconds, 0.01);
    const ratio = (pick: (run: Run) => number): string =>
      middle(
        results.map((run, at) => pick(run) / pick(bare[at] ?? run)),
        (value) => value,
      ).toFixed(2);
    table.push([
      name,
      whole(middle(results, rate)),
      ratio(rate),
      whole(middle(results, perCpu)),
      ratio(perCpu),
      middle(results, (run) => run.p50).toFixed(1),
      middle(results, (run) => run.p99).toFixed(1),
      `${whole(middle(results, (run) => (run.cpuSeconds / run.seconds) * 100))} %`,
      `${whole(middle(results, (run) => (run.loadCpuSeconds / run.seconds) * 100))} %`,
    ]);
  }
  print(columns(table));
  const frames = rows.reduce(
    (sum, row) => sum + row.results.reduce((of, run) => of + run.frames, 0),
    0,
  );
  print(`checked: ${whole(frames)} frames came, each once, in order, with rising ids`);
}

function title(what: string, { rounds, seconds }: LineOptions): string {
  return `\n## ${what} (${rounds} interleaved rounds of ${seconds} s, medians)`;
}

function loadOf(order: OfficialOrder): LoadProcess {
  return new LoadProcess(order, 0, 'official-load.ts');
}

/** The daemon as users run it, without bots. */
function startOurs(folder: string): Promise<Measured> {
  return startDaemonProcess(folder, { bots: 0, config: { channels: [] } });
}

function startBare(): Promise<Measured> {
  return startServer('bare ws', [join(import.meta.dirname, 'official-bare.ts')]);
}
