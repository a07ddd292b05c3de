import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Sqlite from 'better-sqlite3';
import { syncCost } from './database.ts';
import type { HttpLoadResult } from './http-load.ts';
import type { ImbotOrder } from './imbot-load.ts';
import { type Measured, runLoad, startServer } from './processes.ts';
import { type Run, row, table } from './report.ts';
import { startDaemonProcess } from './servers.ts';

/**
 * `npm run bench -- imbot`: durable `POST /api/imbot/msg` between 2,000 people against bare Koa
 * answering the same without storing anything. Interleaved rounds; afterwards every message that was
 * accepted is looked for, once in the log, in a queue and in a history.
 */
export async function benchImbot(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '64' },
    },
  });
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  const connections = Number(values.connections);
  const cost = await syncCost();
  print(`machine: ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`);
  print(`disk: fdatasync of 4 KiB p50 ${cost.p50} µs, p99 ${cost.p99} µs`);
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-bench-'));
  const daemon = await startDaemonProcess(join(folder, 'data'), {
    config: { channels: [], bots: [], imbot: { noticeWaitSeconds: 3600 } },
  });
  const koa = await startServer('bare Koa', [join(import.meta.dirname, 'bare-koa.ts')]);
  const servers: Measured[] = [koa, daemon];
  const results = new Map<string, Run<HttpLoadResult>[]>(servers.map(({ name }) => [name, []]));
  const accepted = new Map<string, number>();
  try {
    for (let round = -1; round < rounds; round += 1) {
      for (const server of servers) {
        const prefix = `round ${round + 1}/`;
        const order: ImbotOrder = {
          port: server.port,
          connections,
          // Round -1 warms up and is not counted.
          seconds: round === -1 ? Math.min(2, seconds) : seconds,
          people: 2000,
          prefix,
        };
        const before = server.cpuSeconds();
        const program = join(import.meta.dirname, 'imbot-load.ts');
        const load = await runLoad<HttpLoadResult>([program, JSON.stringify(order)]);
        const cpuSeconds = server.cpuSeconds() - before;
        if (round >= 0) results.get(server.name)?.push({ load, cpuSeconds });
        if (server === daemon) accepted.set(prefix, load.requests - load.refused);
      }
    }
    print(
      `\n## ${connections} connections (${rounds} interleaved rounds of ${seconds} s, medians)`,
    );
    print(table(servers.map(({ name }) => row(name, results, 'bare Koa'))));
    await daemon.stop();
    look(daemon.dataDir, accepted);
  } finally {
    for (const server of servers) await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @throws when something that was accepted is not there, or not once */
function look(dataDir: string, accepted: ReadonlyMap<string, number>): void {
  const db = new Sqlite(join(dataDir, 'wxrc.db'));
  // For this only: both are looked for by message.
  db.exec(
    'CREATE INDEX places ON im_inbox (message_id); CREATE INDEX times ON imbot_times (message_id)',
  );
  try {
    const found = db.prepare<[string], { texts: number; queued: number; recorded: number }>(
      `SELECT count(DISTINCT m.content) AS texts,
         sum((SELECT count(*) FROM im_inbox AS i WHERE i.message_id = m.id)) AS queued,
         sum((SELECT count(*) FROM imbot_times AS t WHERE t.message_id = m.id)) AS recorded
       FROM im_messages AS m WHERE CAST(m.content AS TEXT) LIKE ?`,
    );
    for (const [prefix, count] of accepted) {
      const row = found.get(`%"reply":"${prefix} %`);
      if (row?.texts !== count || row.queued !== count || row.recorded !== count) {
        throw new Error(`${prefix}: ${count} accepted, found ${JSON.stringify(row)}`);
      }
    }
    const sum = [...accepted.values()].reduce((all, count) => all + count, 0);
    print(`accepted messages found once in log, queue and history: ${sum} of ${sum}`);
  } finally {
    db.close();
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
