import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ChatCareStore } from '../store/chat-care.ts';
import { ChatStore, type TurnEnd } from '../store/chats.ts';
import type { Database, Param, Tx } from '../store/database.ts';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';

// No statement of a question, a poll or a round of care looks through a table.

let folder: string;
let db: SqliteDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-plans-'));
  db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  await migrate(db, { now: 0 });
});
afterAll(async () => {
  await db.close();
  rmSync(folder, { recursive: true });
});

/** A database that remembers what it was asked, and finds nothing. */
function recorder(): { seen: [string, readonly Param[]][]; db: Database; tx: Tx } {
  const seen: [string, readonly Param[]][] = [];
  const finds =
    <T>(found: T) =>
    async (sql: string, params: readonly Param[] = []): Promise<T> => {
      seen.push([sql, params]);
      return found;
    };
  const tx = { run: finds(0), get: finds(undefined), all: finds([]) };
  const read = finds([]);
  return { seen, db: { read, readLong: read } as unknown as Database, tx: tx as unknown as Tx };
}

test('through indexes alone', async () => {
  const { seen, db: recording, tx } = recorder();
  const chats = new ChatStore(recording);
  const care = new ChatCareStore(recording);
  const end: TurnEnd = {
    ...{ state: 'done', reply: '', reply_kind: null, finish: null, done_at: 1 },
    ...{ options: null, trace: null },
  };
  await chats.byId('c');
  await chats.find(tx, 'c');
  await chats.findByKey(tx, 'c', 'k');
  await chats.byReply('r');
  await chats.findByReply(tx, 'r');
  await chats.last('c');
  await chats.atStamp('c', 1);
  await chats.afterStamp('c', 1);
  await chats.page('c', 9, 5);
  await chats.recentIn(tx, 'c', 5, 3);
  await chats.makingOf(tx, 'c');
  await chats.endTurn(tx, 'c', 1, end);
  await chats.like(tx, 'c', 1, true);
  await chats.unaskedFrom('c', 1);
  await chats.keepPart(tx, 'c', 1, '');
  await chats.retrace(tx, 'c', 1, null);
  await care.partOf(tx, 'c', 1);
  await care.halfMade(5);
  await care.idle('open', 1, 5);
  await care.forgetTurns(tx, 1, 5);
  await care.forgetChats(tx, 1, 5);
  await care.list(undefined, { lastAt: 9, id: 'c' }, 5);
  await care.list('open', { lastAt: 9, id: 'c' }, 5);
  expect(seen.length).toBe(23);
  for (const [sql, params] of seen) {
    const plan = await db.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
    for (const { detail } of plan) {
      expect(detail, sql).not.toMatch(/^SCAN (?!t USING COVERING INDEX chat_turns_making)/);
      expect(detail, sql).not.toContain('TEMP B-TREE');
    }
  }
});
