import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { migrate } from '../migrator.ts';
import { SqliteDatabase } from '../sqlite.ts';
import { imKeys } from './008-im-keys.ts';
import { migrations } from './index.ts';

it('forgets who has confirmed what there never was, and nobody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'wxrc-migrate-'));
  const db = new SqliteDatabase({ file: join(folder, 'a.db') });
  const before = migrations.filter(({ version }) => version < imKeys.version);
  await migrate(db, { now: 1, known: before });
  const cursors = [
    [7, 1, 0, 3],
    [7, 2, 0, 4],
    [7, 3, 0, 1],
    [7, 1, 9, 2],
    [7, 2, 9, 3],
    [7, 1, 8, 1],
    // Devices of the official-account component, numbered where groups are.
    [-1, 5, 1, 7],
  ];
  await db.transaction(async (tx) => {
    const place = 'INSERT INTO im_inbox (appid, uid, seq, message_id) VALUES (7, ?, 3, 1)';
    for (const uid of [1, 2]) await tx.run(place, [uid]);
    await tx.run('INSERT INTO im_group_inbox (gid, seq, message_id) VALUES (9, 2, 1)');
    for (const row of cursors) {
      await tx.run('INSERT INTO im_cursors (appid, uid, gid, seq) VALUES (?, ?, ?, ?)', row);
    }
  });
  await migrate(db, { now: 2, known: [...before, imKeys] });
  const left = await db.read<Record<string, number>>(
    'SELECT * FROM im_cursors ORDER BY appid, gid',
  );
  expect(left.map((row) => Object.values(row))).toEqual([cursors[6], cursors[0], cursors[3]]);
  await db.close();
  rmSync(folder, { recursive: true, force: true });
});
