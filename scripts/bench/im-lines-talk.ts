import { join } from 'node:path';
import type { Confirms } from './im-client-types.ts';
import type { TalkOrder, TalkResult } from './im-load-talk.ts';
import { columns, middle, whole } from './im-report.ts';
import { ImRest } from './im-rest.ts';
import { seedTalk } from './im-seed.ts';
import { grantUsers, type ImDaemon, LoadProcess, startImDaemon } from './im-servers.ts';
import type { Transport } from './im-socket.ts';
import type { LineOptions } from './lines.ts';

interface TalkRun extends TalkResult {
  cpuSeconds: number;
  loadCpuSeconds: number;
}

/** One row of a table: the same talk, round after round. */
interface Row {
  name: string;
  daemon: ImDaemon;
  order: Omit<TalkOrder, 'kind' | 'seconds' | 'warmSeconds' | 'bytes'>;
  runs: TalkRun[];
}

const oneToOne = { connections: 200, senders: 50, window: 4 };
const inGroup = { connections: 100, senders: 10, window: 1 };

/** (a) 1:1, as fast as it is acknowledged. */
export async function linePeers(options: LineOptions): Promise<void> {
  const daemon = await startImDaemon(join(options.folder, 'peers'));
  try {
    const tokens = await grantUsers(daemon, oneToOne.connections);
    const row = (name: string, transport: Transport, confirms: Confirms): Row => ({
      name,
      daemon,
      order: { ...oneToOne, tokens, place: daemon.place(transport), confirms },
      runs: [],
    });
    const rows = [
      row('TCP', 'tcp', 'each'),
      row('WebSocket', 'websocket', 'each'),
      row('TCP, receivers only listen', 'tcp', 'syncs'),
      row('WebSocket, receivers only listen', 'websocket', 'syncs'),
    ];
    await measure(rows, options);
    options.print(title('(a) 1:1, 200 connections, 50 senders × window 4', options));
    report(rows, options.print, 'messages');
  } finally {
    await daemon.stop();
  }
}

/** (b) Groups of 100, everybody online. */
export async function lineGroups(options: LineOptions): Promise<void> {
  const daemon = await startImDaemon(join(options.folder, 'groups'));
  const rest = new ImRest(daemon.port);
  try {
    const tokens = await grantUsers(daemon, inGroup.connections);
    const rows: Row[] = [];
    const uids = Array.from({ length: inGroup.connections }, (_, index) => index + 1);
    for (const isSuper of [false, true]) {
      const gid = await rest.makeGroup(isSuper ? 'super' : 'normal', uids, isSuper);
      for (const confirms of ['each', 'syncs'] as const) {
        for (const transport of ['tcp', 'websocket'] as const) {
          const words = [
            isSuper ? 'super group' : 'normal group',
            transport === 'tcp' ? 'TCP' : 'WebSocket',
            ...(confirms === 'each' ? [] : ['receivers only listen']),
          ];
          const group = { gid, super: isSuper };
          const place = daemon.place(transport);
          const order = { ...inGroup, tokens, place, confirms, group };
          rows.push({ name: words.join(', '), daemon, order, runs: [] });
        }
      }
    }
    await measure(rows, options);
    options.print(title('(b) groups of 100, 10 senders × window 1, 100 online', options));
    report(rows, options.print, 'deliveries');
  } finally {
    rest.close();
    await daemon.stop();
  }
}

/** (e) 1:1 on an empty database and on one with a million messages. */
export async function lineStored(options: LineOptions): Promise<void> {
  const stored = 1_000_000;
  const users = 10_000;
  const fullDir = join(options.folder, 'full');
  const first = await startImDaemon(fullDir);
  const tokens = await grantUsers(first, users);
  await first.stop();
  seedTalk(fullDir, users, stored);
  const empty = await startImDaemon(join(options.folder, 'empty'));
  const full = await startImDaemon(fullDir);
  try {
    const row = (name: string, daemon: ImDaemon, file: string): Row => ({
      name,
      daemon,
      order: { ...oneToOne, tokens: file, place: daemon.place('tcp'), confirms: 'each' },
      runs: [],
    });
    const rows = [
      row('empty', empty, await grantUsers(empty, oneToOne.connections)),
      row(`${whole(stored)} stored messages of ${whole(users)} users`, full, tokens),
    ];
    await measure(rows, options);
    options.print(title('(e) 1:1 over TCP, empty and with a million stored messages', options));
    report(rows, options.print, 'messages');
    const [few, many] = rows;
    const ratio = middle(
      (many?.runs ?? []).map((run, at) => run.acked / (few?.runs[at]?.acked ?? 1)),
      (value) => value,
    );
    options.print(`rate with stored messages: ${ratio.toFixed(2)} of empty (median of neighbours)`);
  } finally {
    await empty.stop();
    await full.stop();
  }
}

function title(what: string, { rounds, seconds }: LineOptions): string {
  return `\n## ${what} (${rounds} interleaved rounds of ${seconds} s, medians)`;
}

async function measure(rows: Row[], { rounds, seconds }: LineOptions): Promise<void> {
  // Round -1 warms up and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    for (const { daemon, order, runs } of rows) {
      const load = new LoadProcess({
        ...{ kind: 'talk', bytes: 60, warmSeconds: 1 },
        ...order,
        seconds: round === -1 ? Math.min(2, seconds) : seconds,
      });
      await load.next();
      const [cpu, loadCpu] = [daemon.cpuSeconds(), load.cpuSeconds()];
      await load.next();
      const cpuSeconds = daemon.cpuSeconds() - cpu;
      const loadCpuSeconds = load.cpuSeconds() - loadCpu;
      const result = await load.next<TalkResult>();
      await load.end();
      if (round >= 0) runs.push({ ...result, cpuSeconds, loadCpuSeconds });
    }
  }
}

function report(
  rows: readonly Row[],
  print: (text: string) => void,
  unit: 'messages' | 'deliveries',
): void {
  const counted = (run: TalkRun): number => (unit === 'messages' ? run.acked : run.delivered);
  const head = ['', 'acked/s', 'delivered/s', 'ack p50 ms', 'p99 ms', `CPU ms per 1,000 ${unit}`];
  const table = [[...head, `${unit} per CPU-s`, 'server CPU', 'load CPU', 'by sync']];
  for (const { name, runs } of rows) {
    table.push([
      name,
      whole(middle(runs, (run) => run.acked / run.seconds)),
      whole(middle(runs, (run) => run.delivered / run.seconds)),
      middle(runs, (run) => run.p50).toFixed(1),
      middle(runs, (run) => run.p99).toFixed(1),
      middle(runs, (run) => (run.cpuSeconds * 1_000_000) / counted(run)).toFixed(1),
      whole(middle(runs, (run) => counted(run) / run.cpuSeconds)),
      `${whole(middle(runs, (run) => (run.cpuSeconds / run.seconds) * 100))} %`,
      `${whole(middle(runs, (run) => (run.loadCpuSeconds / run.seconds) * 100))} %`,
      whole(runs.reduce((sum, run) => sum + run.dropped, 0)),
    ]);
  }
  print(columns(table));
  const all = rows.flatMap(({ runs }) => runs);
  const sum = (pick: (run: TalkRun) => number): number =>
    all.reduce((total, run) => total + pick(run), 0);
  const [acked, owed, delivered] = [
    sum((run) => run.allAcked),
    sum((run) => run.owed),
    sum((run) => run.allDelivered),
  ];
  const faults = sum((run) => run.wrong) + sum((run) => run.refused);
  print(
    `checked: ${whole(acked)} acknowledged, which make ${whole(owed)} deliveries; ${whole(delivered)} delivered, ${faults} refused, lost, repeated, altered or out of order`,
  );
  if (owed !== delivered || faults > 0) throw new Error('what was acknowledged is not what came');
}
