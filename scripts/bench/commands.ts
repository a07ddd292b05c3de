import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { accepted, seedFinishedSends, syncCost } from './database.ts';
import type { LoadOrder, LoadResult } from './load.ts';
import { peerServers } from './peers.ts';
import { buildSlowSync, type Measured, runLoad, startServer } from './processes.ts';
import { benchDelivery, benchIdle } from './quiet.ts';
import { type Run, row, table } from './report.ts';
import { startDaemonProcess, txtime } from './servers.ts';

/** One line of the result: the same load on each server in turn, round after round. */
interface Line {
  name: string;
  connections: number;
  rate?: number;
  environment?: Record<string, string>;
  peers?: boolean;
}

/**
 * `npm run bench -- commands`: signed, validated, durable `roomSendText` against bare Koa answering
 * the same JSON without doing anything. Interleaved rounds, one core for the server, one for load.
 */
export async function benchCommands(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      only: { type: 'string' },
      'no-peers': { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  const wanted = (name: string): boolean => values.only === undefined || values.only === name;
  const shim = buildSlowSync();
  const slow = shim === undefined ? undefined : { LD_PRELOAD: shim, SLOW_SYNC_US: '1000' };
  const cost = await syncCost();
  print(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`);
  print(`disk: fdatasync of 4 KiB p50 ${cost.p50} µs, p99 ${cost.p99} µs`);
  print('durability: WAL, one fdatasync per group commit before any of its answers (= FULL)');

  const folder = mkdtempSync(join(tmpdir(), 'wxrc-bench-'));
  try {
    if (wanted('64')) {
      await compare(
        folder,
        { name: '64 connections', connections: 64, peers: !values['no-peers'] },
        rounds,
        seconds,
      );
    }
    if (wanted('256') && slow !== undefined) {
      const line = { name: '256 connections, +1 ms a sync', connections: 256, environment: slow };
      await compare(folder, line, rounds, seconds);
    } else if (slow === undefined) print('no C compiler: lines with a slow disk left out');
    if (wanted('rate')) {
      await compare(folder, { name: '2,000/s', connections: 64, rate: 2000 }, rounds, seconds);
      if (slow !== undefined) {
        const line = {
          name: '2,000/s, +1 ms a sync',
          connections: 64,
          rate: 2000,
          environment: slow,
        };
        await compare(folder, line, rounds, seconds);
      }
    }
    if (wanted('full')) await compareFull(folder, rounds, seconds);
    if (wanted('delivery')) await benchDelivery(folder, print);
    if (wanted('idle')) await benchIdle(folder, print);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compare(folder: string, line: Line, rounds: number, seconds: number): Promise<void> {
  const daemon = await startDaemonProcess(join(folder, line.name.replace(/\W+/g, '-')), {
    environment: line.environment ?? {},
  });
  const servers: Measured[] = [
    await startServer('bare Koa', [join(import.meta.dirname, 'bare-koa.ts')]),
    daemon,
    ...(line.peers === true ? await peerServers(print) : []),
  ];
  try {
    const results = await measure(servers, line, rounds, seconds);
    print(`\n## ${line.name} (${rounds} interleaved rounds of ${seconds} s, medians)`);
    print(table(servers.map((server) => row(server.name, results, 'bare Koa'))));
    const runs = results.get(daemon.name) ?? [];
    const checked = accepted(
      daemon.dataDir,
      runs.map((run) => run.load),
    );
    print(`accepted msgids checked in the database: ${checked.found} of ${checked.asked}`);
    if (checked.found !== checked.asked) throw new Error('accepted sends are missing');
  } finally {
    for (const server of servers) await server.stop();
  }
}

/** The first line with an empty database and with a million finished sends, interleaved. */
async function compareFull(folder: string, rounds: number, seconds: number): Promise<void> {
  const fullDir = join(folder, 'full');
  await (await startDaemonProcess(fullDir, { environment: {} })).stop();
  seedFinishedSends(fullDir, 1_000_000);
  const empty = await startDaemonProcess(join(folder, 'empty'), { environment: {} });
  const full = await startDaemonProcess(fullDir, { environment: {} });
  empty.name = 'wxrc, empty';
  full.name = 'wxrc, 1,000,000 finished sends';
  try {
    const line = { name: 'stored sends', connections: 64 };
    const results = await measure([empty, full], line, rounds, seconds);
    print(
      `\n## 64 connections, empty and with 1,000,000 finished sends (ready after ${Math.round(full.readyMs)} ms)`,
    );
    print(table([empty, full].map((server) => row(server.name, results, 'wxrc, empty'))));
  } finally {
    await empty.stop();
    await full.stop();
  }
}

async function measure(
  servers: Measured[],
  line: Line,
  rounds: number,
  seconds: number,
): Promise<Map<string, Run[]>> {
  const results = new Map<string, Run[]>(servers.map((server) => [server.name, []]));
  for (let round = -1; round < rounds; round += 1) {
    for (const server of servers) {
      const order: LoadOrder = {
        port: server.port,
        connections: line.connections,
        // Round -1 warms up and is not counted.
        seconds: round === -1 ? Math.min(2, seconds) : seconds,
        ...(line.rate === undefined ? {} : { rate: line.rate }),
        chid: 'bench',
        key: 'bench-key',
        botcodes: ['bot01'],
        room: '测试群',
        prefix: `${Date.now()}`,
        txtime: txtime(),
      };
      const before = server.cpuSeconds();
      const load = await runLoad<LoadResult>([
        join(import.meta.dirname, 'load.ts'),
        JSON.stringify(order),
      ]);
      const cpuSeconds = server.cpuSeconds() - before;
      if (round >= 0) results.get(server.name)?.push({ load, cpuSeconds });
    }
  }
  return results;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
