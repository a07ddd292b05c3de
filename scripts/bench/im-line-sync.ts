import { join } from 'node:path';
import type { ChatResult } from './im-load-chat.ts';
import type { SyncResult } from './im-load-syncs.ts';
import { type Times, timesOf } from './im-load-tools.ts';
import { columns, middle, whole } from './im-report.ts';
import { seedWaiting } from './im-seed.ts';
import { grantUsers, type ImDaemon, LoadProcess, startImDaemon } from './im-servers.ts';
import type { LineOptions } from './lines.ts';

interface Run {
  chat: Times;
  /** Only messages that were sent while a sync was under way. */
  meanwhile: Times;
  syncMs: number[];
}

const perSecond = 200;
const cases = [
  { name: 'nobody syncs', uid: 0, waiting: 0, everyMs: 0 },
  { name: '1,000 messages, twice a second', uid: 3, waiting: 1000, everyMs: 500 },
  { name: '10,000 messages, once a second', uid: 4, waiting: 10_000, everyMs: 1000 },
];

/** (f) Somebody who was away fetches what waits while a pair chats. */
export async function lineSync({ folder, rounds, seconds, print }: LineOptions): Promise<void> {
  const dataDir = join(folder, 'sync');
  const first = await startImDaemon(dataDir);
  const tokens = await grantUsers(first, 4);
  await first.stop();
  for (const { uid, waiting } of cases) if (waiting > 0) seedWaiting(dataDir, [uid], waiting);
  const daemon = await startImDaemon(dataDir);
  const results = cases.map(() => [] as Run[]);
  try {
    for (let round = -1; round < rounds; round += 1) {
      for (const [at, one] of cases.entries()) {
        const run = await measure(daemon, tokens, seconds, one);
        if (round >= 0) results[at]?.push(run);
      }
    }
  } finally {
    await daemon.stop();
  }
  print(
    `\n## (f) offline sync while a pair chats, ${perSecond} messages/s (${rounds} interleaved rounds of ${seconds} s, medians)`,
  );
  const table = [['', 'sync ms', 'ack p50 ms', 'p99 ms', 'p99 ×', 'p99 during a sync']];
  const calm = results[0] ?? [];
  for (const [at, { name, waiting }] of cases.entries()) {
    const runs = results[at] ?? [];
    const ratio = (run: Run, round: number): number => run.chat.p99 / (calm[round]?.chat.p99 ?? 1);
    table.push([
      name,
      waiting === 0
        ? ''
        : middle(
            runs.flatMap((run) => run.syncMs),
            (ms) => ms,
          ).toFixed(1),
      middle(runs, (run) => run.chat.p50).toFixed(2),
      middle(runs, (run) => run.chat.p99).toFixed(2),
      middle(runs.map(ratio), (value) => value).toFixed(2),
      waiting === 0 ? '' : middle(runs, (run) => run.meanwhile.p99).toFixed(2),
    ]);
  }
  print(columns(table));
  const syncs = results.flat().reduce((sum, run) => sum + run.syncMs.length, 0);
  print(
    `checked: ${whole(syncs)} syncs, each with exactly the messages that waited, in order; every chat message acknowledged and delivered once, in order`,
  );
}

async function measure(
  daemon: ImDaemon,
  tokens: string,
  seconds: number,
  { uid, waiting, everyMs }: (typeof cases)[number],
): Promise<Run> {
  const place = daemon.place('tcp');
  // The one who syncs gives way to those who chat, so that our own load does not delay them.
  const away =
    waiting === 0
      ? undefined
      : new LoadProcess(
          { kind: 'syncs', tokens, place, uid, waiting, everyMs, seconds: seconds + 1.5 },
          19,
        );
  if (away !== undefined) await away.next();
  const pair = new LoadProcess({ kind: 'chat', tokens, place, seconds, perSecond });
  const { sent } = await pair.next<ChatResult>();
  await pair.end();
  const { syncs } = away === undefined ? { syncs: [] } : await away.next<SyncResult>();
  await away?.end();
  const meanwhile = sent.filter(([at]) =>
    syncs.some(([began, ended]) => at >= began && at <= ended),
  );
  return {
    chat: timesOf(sent.map(([, ms]) => ms)),
    meanwhile: timesOf(meanwhile.map(([, ms]) => ms)),
    syncMs: syncs.map(([began, ended]) => ended - began),
  };
}
