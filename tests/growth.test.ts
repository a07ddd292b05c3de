import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate } from '../store/migrator.ts';
import { SqliteDatabase } from '../store/sqlite.ts';

/** Rows that time brings: something takes them away again. */
const forgotten = [
  ...['sends', 'send_steps', 'commands', 'events', 'delivery_attempts', 'bot_waits', 'pacing'],
  ...['qr_codes', 'qr_shares', 'admin_tokens', 'audit', 'channel_keys', 'files', 'bot_sessions'],
  ...['im_messages', 'im_push_tokens', 'official_many'],
  ...['official_keys', 'official_readers', 'imbot_bodies', 'imbot_handed', 'imbot_notices'],
  ...['imbot_times', 'wechat_outbox', 'wechat_pushes', 'wechat_windows'],
  ...['wechat_credits', 'wechat_media', 'wechat_sessions', 'chats', 'chat_turns', 'kb_unanswered'],
  ...['runs', 'scheduled_sends', 'alarms', 'alarm_messages', 'alarm_tries', 'alarm_silences'],
  ...['backup_runs', 'rooms', 'operator_recovery_codes'],
];

/** The same, in statements that are made for both. */
const places = ['im_inbox', 'im_group_inbox'];

/** As many as there are people, groups, bots, settings; nothing that time alone brings. */
const kept = [
  ...['bots', 'channels', 'settings', 'migrations', 'schedules', 'rules', 'room_chat'],
  ...[
    'operator_users',
    'wechat_tokens',
    'imbot_users',
    'imbot_pairs',
    'im_apps',
    'im_users',
    'im_names',
  ],
  ...['im_desks', 'im_sellers', 'im_customers', 'im_conversations', 'im_assignments'],
  ...['im_groups', 'im_members', 'im_quiet', 'im_cursors', 'im_devices'],
  ...['kb_entries', 'kb_phrases', 'kb_meta', 'kb_vectors'],
  // A row a day.
  'chat_usage',
];

test('every table is kept small by something, or by what it holds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-growth-'));
  const db = new SqliteDatabase({ file: join(folder, 'wxrc.db') });
  try {
    await migrate(db, { now: Date.now() });
    const tables = await db.read<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'
       AND name NOT LIKE 'kb_index%' AND name NOT LIKE 'kb_words%' AND name <> 'wal_opened'`,
    );
    expect(tables.map((one) => one.name).sort()).toEqual([...forgotten, ...places, ...kept].sort());
  } finally {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const store = join(import.meta.dirname, '..', 'store');
  const sql = readdirSync(store)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(store, name), 'utf8'))
    .join('\n');
  // Those of places are named as the statement is made.
  expect(sql).toMatch(/DELETE FROM \$\{/);
  const never = forgotten.filter((name) => !new RegExp(`DELETE FROM ${name}\\b`).test(sql));
  expect(never).toEqual([]);
});
