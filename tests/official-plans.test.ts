import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { OfficialRig } from './support/official-rig.ts';

/** Tables that grow with use. */
const growing = /official_|im_messages|im_inbox|im_cursors|im_names/;

it('no statement of the official-account component looks through a table', async () => {
  const rig = await OfficialRig.open();
  try {
    const { readers, retention, frames } = rig.official;
    for (let at = 0; at < 40; at += 1) await rig.push(['u'], `${at}`, false, `key ${at}`);
    await rig.push(['u', 'v', 'w'], 'many', true);
    const user = await rig.im.names.get('u');
    for (const device of ['', 'phone', 'phone']) {
      const reader = await readers.open(user, device);
      readers.acked(reader, 3);
      readers.close(reader);
    }
    await rig.im.cursors.write();
    for (const id of [0, 7, 1000]) await frames.read(user, await frames.after(user, id), 10);
    await rig.clock.advance(100 * 86_400_000);
    await retention.run();
    await rig.restart();
    await rig.push(['u', 'v'], 'many', true);
    expect(rig.db.statements.size).toBeGreaterThan(25);

    const db = new Sqlite(rig.file, { readonly: true });
    const scans: string[] = [];
    for (const sql of rig.db.statements) {
      if (!growing.test(sql) || !/^\s*(SELECT|INSERT|UPDATE|DELETE)/.test(sql)) continue;
      const parameters = Array.from({ length: sql.split('?').length - 1 }, () => null);
      const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters);
      for (const { detail } of plan as { detail: string }[]) {
        // An index that holds only what is looked for is read from its beginning.
        const isPart = detail.includes('im_messages_to_many');
        if (/^SCAN |TEMP B-TREE/.test(detail) && !isPart) scans.push(`${detail}: ${sql}`);
      }
    }
    db.close();
    expect(scans).toEqual([]);
  } finally {
    await rig.close();
  }
});
