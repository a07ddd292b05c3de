import { join } from 'node:path';
import type { CrowdOrder, LoginsResult, ReturnResult } from './im-load-crowd.ts';
import { columns, kilobytes, middle, whole } from './im-report.ts';
import { seedWaiting } from './im-seed.ts';
import { grantUsers, type ImDaemon, LoadProcess, startImDaemon } from './im-servers.ts';
import type { Transport } from './im-socket.ts';
import type { LineOptions } from './lines.ts';

const transports = { TCP: 'tcp', WebSocket: 'websocket' } as const;
const entries = Object.entries(transports) as [string, Transport][];

/** (c) What a connection costs that is logged in and silent. */
export async function lineIdle(options: LineOptions): Promise<void> {
  const { folder, crowd, print } = options;
  const dataDir = join(folder, 'idle');
  const first = await startImDaemon(dataDir);
  const tokens = await grantUsers(first, crowd);
  await first.stop();
  const table = [['', 'connections', 'before', 'with all', 'per connection', 'CPU when idle']];
  for (const [name, transport] of entries) {
    // A fresh process each time: nothing that was needed before is used again.
    const daemon = await startImDaemon(dataDir);
    try {
      await pause(2000);
      const before = daemon.rssBytes();
      const load = new LoadProcess(orderOf('idle', options, daemon, transport, tokens));
      const { clients } = await load.next<{ clients: number }>();
      await pause(12_000);
      const cpu = daemon.cpuSeconds();
      await pause(5000);
      const idle = ((daemon.cpuSeconds() - cpu) / 5) * 100;
      const after = daemon.rssBytes();
      table.push([
        name,
        whole(clients),
        `${whole(before / 1_000_000)} MB`,
        `${whole(after / 1_000_000)} MB`,
        kilobytes((after - before) / clients),
        `${idle.toFixed(1)} %`,
      ]);
      await load.end();
    } finally {
      await daemon.stop();
    }
  }
  print(`\n## (c) idle logged-in connections, resident memory of the server process`);
  print(columns(table));
  print('checked: each got AUTH_STATUS 0 and the end of its SYNC; all open at the end');
}

/** (d) Connection and login, again and again. */
export async function lineLogins(options: LineOptions): Promise<void> {
  const { folder, rounds, seconds, crowd, print } = options;
  const daemon = await startImDaemon(join(folder, 'logins'));
  try {
    const tokens = await grantUsers(daemon, crowd);
    const runs = entries.map(([name, transport]) => ({
      name,
      transport,
      results: [] as { perSecond: number; perCpu: number; load: number }[],
    }));
    for (let round = -1; round < rounds; round += 1) {
      for (const { transport, results } of runs) {
        const order = orderOf('logins', options, daemon, transport, tokens);
        const load = new LoadProcess({ ...order, atOnce: 64 });
        await load.next();
        const [cpu, loadCpu] = [daemon.cpuSeconds(), load.cpuSeconds()];
        await load.next();
        const used = daemon.cpuSeconds() - cpu;
        const busy = (load.cpuSeconds() - loadCpu) / seconds;
        const result = await load.next<LoginsResult>();
        await load.end();
        const perSecond = result.logins / result.seconds;
        if (round >= 0) results.push({ perSecond, perCpu: result.logins / used, load: busy });
      }
    }
    print(`\n## (d) logins, 64 at once (${rounds} interleaved rounds of ${seconds} s, medians)`);
    print(
      columns([
        ['', 'logins/s', 'logins per CPU-s', 'load CPU'],
        ...runs.map(({ name, results }) => [
          name,
          whole(middle(results, (run) => run.perSecond)),
          whole(middle(results, (run) => run.perCpu)),
          `${whole(middle(results, (run) => run.load * 100))} %`,
        ]),
      ]),
    );
    print(`checked: each got AUTH_STATUS 0; ${whole(crowd)} users in turn`);
  } finally {
    await daemon.stop();
  }
}

/** (g) All come back at once, to a server that has just started, and fetch what waits for them. */
export async function lineReturn(options: LineOptions): Promise<void> {
  const { folder, rounds, crowd, print } = options;
  const waiting = 5;
  const dataDir = join(folder, 'return');
  const first = await startImDaemon(dataDir);
  const tokens = await grantUsers(first, crowd);
  await first.stop();
  const uids = Array.from({ length: crowd }, (_, index) => index + 1);
  const table = [['', 'seconds', 'server CPU s', 'load CPU s']];
  let messages = 0;
  for (const [name, transport] of entries) {
    const results: { seconds: number; cpu: number; load: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      seedWaiting(dataDir, uids, waiting);
      const daemon = await startImDaemon(dataDir);
      try {
        const order = orderOf('return', options, daemon, transport, tokens);
        const load = new LoadProcess({ ...order, atOnce: crowd, waiting });
        await load.next();
        const [cpu, loadCpu] = [daemon.cpuSeconds(), load.cpuSeconds()];
        await load.next();
        const used = { cpu: daemon.cpuSeconds() - cpu, load: load.cpuSeconds() - loadCpu };
        const result = await load.next<ReturnResult>();
        await load.end();
        if (result.wrong > 0) throw new Error(`${result.wrong} clients did not get what waited`);
        messages += result.messages;
        results.push({ seconds: result.seconds, ...used });
      } finally {
        await daemon.stop();
      }
    }
    table.push([
      name,
      middle(results, (run) => run.seconds).toFixed(1),
      middle(results, (run) => run.cpu).toFixed(1),
      middle(results, (run) => run.load).toFixed(1),
    ]);
  }
  print(
    `\n## (g) ${whole(crowd)} clients at once: connection, login, sync of ${waiting} messages each, right after a start (${rounds} rounds, medians)`,
  );
  print(columns(table));
  print(`checked: each got exactly what waited for it, in order: ${whole(messages)} messages`);
}

function orderOf(
  kind: CrowdOrder['kind'],
  { crowd, seconds }: LineOptions,
  daemon: ImDaemon,
  transport: Transport,
  tokens: string,
): CrowdOrder {
  const place = daemon.place(transport);
  return {
    ...{ kind, tokens, place, seconds, confirms: 'each', count: crowd },
    ...{ atOnce: 256, waiting: 0 },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
