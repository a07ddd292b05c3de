import { closeSync, fdatasync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import type { LoadResult } from './load.ts';

/** What one sync of 4 KiB costs on the disk under the temporary directory, in microseconds. */
export async function syncCost(): Promise<{ p50: number; p99: number }> {
  const file = join(tmpdir(), `wxrc-sync-${process.pid}`);
  const fd = openSync(file, 'w');
  const sync = promisify(fdatasync);
  const block = Buffer.alloc(4096, 1);
  const costs: number[] = [];
  try {
    for (let index = 0; index < 200; index += 1) {
      writeSync(fd, block, 0, block.length, index * block.length);
      const began = performance.now();
      await sync(fd);
      costs.push((performance.now() - began) * 1000);
    }
  } finally {
    closeSync(fd);
    rmSync(file, { force: true });
  }
  costs.sort((a, b) => a - b);
  return { p50: Math.round(costs[100] ?? 0), p99: Math.round(costs[197] ?? 0) };
}

/** Looks every accepted msgid of these runs up in the daemon's database. */
export function accepted(
  dataDir: string,
  runs: readonly LoadResult[],
): { asked: number; found: number } {
  const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
  try {
    const count = db.prepare<[number, number], { n: number }>(
      'SELECT count(*) AS n FROM sends WHERE msgid BETWEEN ? AND ?',
    );
    let asked = 0;
    let found = 0;
    for (const run of runs) {
      asked += run.requests - run.refused;
      // Each answer had a msgid of its own, and nobody else wrote in between.
      const rows = count.get(run.firstMsgid, run.lastMsgid)?.n ?? 0;
      found += Math.min(rows, run.distinct);
    }
    return { asked, found };
  } finally {
    db.close();
  }
}

/** Fills a stopped daemon's database with sends that left long ago. */
export function seedFinishedSends(dataDir: string, count: number): void {
  const db = new Sqlite(join(dataDir, 'wxrc.db'));
  db.pragma('synchronous = OFF');
  const now = Date.now();
  const send = db.prepare(
    `INSERT INTO sends (botcode, chid, txcode, day, digest, answer, kind, lane, payload, state,
       accepted_at, expires_at, handed_at, settled_at, attempts, parts_done, room_id)
     SELECT botcode, 'bench', ?, '20260101', ?, ?, 'text', 'room:old', ?, 'sent',
       ?, ?, ?, ?, 1, 1, 'old' FROM bots LIMIT 1`,
  );
  const payload = JSON.stringify({ kind: 'text', text: 'x'.repeat(120), mentions: [] });
  db.transaction(() => {
    for (let index = 1; index <= count; index += 1) {
      const at = now - (count - index) * 10;
      const txcode = `old${String(index).padStart(9, '0')}`;
      const digest = String(index).padStart(22, 'd');
      const answer = `{"msgid":${index},"sendStatus":"0"}`;
      send.run(txcode, digest, answer, payload, at, at, at, at);
    }
  })();
  db.close();
}
