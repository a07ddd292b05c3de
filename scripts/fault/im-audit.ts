import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { appid } from '../bench/im-rest.ts';
import { readNotice } from './im-names.ts';
import type { Person } from './im-person.ts';
import type { World } from './im-world.ts';

/** Each finds what must not be; the first column says where. */
const faults: Record<string, string> = {
  'an inbox with a gap': `SELECT uid, count(*), min(seq), max(seq) FROM im_inbox GROUP BY appid, uid
    HAVING min(seq) <> 1 OR max(seq) <> count(*)`,
  'a super group with a gap': `SELECT gid, count(*), min(seq), max(seq) FROM im_group_inbox
    GROUP BY gid HAVING min(seq) <> 1 OR max(seq) <> count(*)`,
  'an inbox out of order': `SELECT uid, seq FROM (SELECT uid, seq, message_id -
      lag(message_id) OVER (PARTITION BY appid, uid ORDER BY seq) AS step FROM im_inbox)
    WHERE step <= 0`,
  'a super group out of order': `SELECT gid, seq FROM (SELECT gid, seq, message_id -
      lag(message_id) OVER (PARTITION BY gid ORDER BY seq) AS step FROM im_group_inbox)
    WHERE step <= 0`,
  'a place without a message': `SELECT uid, seq FROM im_inbox
    WHERE message_id NOT IN (SELECT id FROM im_messages)`,
  'a message without a place': `SELECT id FROM im_messages
    WHERE id NOT IN (SELECT message_id FROM im_inbox)
      AND id NOT IN (SELECT message_id FROM im_group_inbox)`,
};

/** What a dead daemon left behind, against what its users have seen. */
export class Audit {
  readonly #world: World;
  /** How far each person's places were compared. */
  readonly #compared = new Map<Person, Map<number, number>>();

  constructor(world: World) {
    this.#world = world;
  }

  run(dataDir: string): string[] {
    const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
    try {
      const broken: string[] = [];
      for (const [what, sql] of Object.entries(faults)) {
        for (const row of db.prepare(`${sql} LIMIT 3`).raw().all()) {
          broken.push(`${what}: ${JSON.stringify(row)}`);
        }
      }
      for (const person of this.#world.persons) broken.push(...this.#compare(db, person));
      broken.push(...this.#checkGroups(db), ...this.#checkCursors(db));
      return broken;
    } finally {
      db.close();
    }
  }

  /** Each text is there once. @returns what is there twice, and inboxes that nobody has read to the end */
  runLast(dataDir: string): string[] {
    this.#compared.clear();
    const broken = this.run(dataDir);
    const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
    try {
      const twice = db
        .prepare<[], string>(
          `SELECT CAST(content AS TEXT) FROM im_messages GROUP BY content HAVING count(*) > 1`,
        )
        .pluck()
        .all();
      broken.push(...twice.map((text) => `stored twice: ${text}`));
      const newest = db
        .prepare<[number, number], number>(
          'SELECT max(seq) FROM im_inbox WHERE appid = ? AND uid = ?',
        )
        .pluck();
      for (const { uid, key } of this.#world.persons) {
        const last = newest.get(appid, uid);
        if (last !== key) broken.push(`${uid} has read to ${key} of ${last}`);
      }
      return broken;
    } finally {
      db.close();
    }
  }

  /** What a person got at each place is what lies there. */
  #compare(db: Sqlite.Database, person: Person): string[] {
    const broken: string[] = [];
    const own = db.prepare<[number, number, number], [number, Buffer]>(
      `SELECT i.seq, m.content FROM im_inbox AS i JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.appid = ${appid} AND i.uid = ? AND i.seq > ? AND i.seq <= ? ORDER BY i.seq`,
    );
    const group = db.prepare<[number, number, number], [number, Buffer]>(
      `SELECT i.seq, m.content FROM im_group_inbox AS i JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.gid = ? AND i.seq > ? AND i.seq <= ? ORDER BY i.seq`,
    );
    const compared = this.#compared.get(person) ?? new Map<number, number>();
    this.#compared.set(person, compared);
    for (const gid of [0, this.#world.superGid]) {
      const places = person.places.get(gid) ?? [];
      const key = gid === 0 ? person.key : (person.groupKeys.get(gid) ?? 0);
      const from = compared.get(gid) ?? 1;
      let seen = from;
      const rows = gid === 0 ? own.raw() : group.raw();
      for (const [seq, content] of rows.all(gid === 0 ? person.uid : gid, from, key)) {
        const text = content.toString('utf8');
        if (places[seq] !== text) {
          broken.push(
            `${person.uid}: at ${seq} of inbox ${gid} lies ${text}, it got ${places[seq]}`,
          );
        }
        seen = seq;
      }
      if (seen !== key)
        broken.push(`${person.uid}: inbox ${gid} ends at ${seen}, it read to ${key}`);
      compared.set(gid, key);
    }
    return broken;
  }

  /** Members, names and groups are what the notices say: a change and its notice are one. */
  #checkGroups(db: Sqlite.Database): string[] {
    const broken: string[] = [];
    const { gid, superGid } = this.#world;
    const told = (sql: string, ...params: number[]): string[] =>
      db
        .prepare<number[], Buffer>(sql)
        .pluck()
        .all(...params)
        .map((content) => content.toString('utf8'));
    const ofUser = told(
      `SELECT m.content FROM im_inbox AS i JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.appid = ${appid} AND i.uid = 1 AND m.kind = 'notice' ORDER BY i.seq`,
    ).map(readNotice);
    const ofSuper = told(
      `SELECT m.content FROM im_group_inbox AS i JOIN im_messages AS m ON m.id = i.message_id
       WHERE i.gid = ? AND m.kind = 'notice' ORDER BY i.seq`,
      superGid,
    ).map(readNotice);
    for (const [group, notices] of [
      [gid, ofUser.filter((one) => one.gid === gid)],
      [superGid, ofSuper],
    ] as const) {
      const members = new Set<number>();
      let name = '';
      for (const notice of notices) {
        if (notice.kind === 'add_member') members.add(notice.member);
        else if (notice.kind === 'quit_group') members.delete(notice.member);
        else name = notice.name;
      }
      const there = db
        .prepare<[number], number>('SELECT uid FROM im_members WHERE gid = ? AND uid > 100')
        .pluck()
        .all(group);
      const expected = [...members].sort((a, b) => a - b).join();
      const found = there.sort((a, b) => a - b).join();
      if (expected !== found) broken.push(`group ${group} has ${found}, was told ${expected}`);
      const called = db
        .prepare<[number], string>('SELECT name FROM im_groups WHERE gid = ?')
        .pluck()
        .get(group);
      if (called !== name) broken.push(`group ${group} is called ${called}, was told ${name}`);
    }
    const open = new Map<number, boolean>();
    for (const { kind, gid: of } of ofUser) {
      if (kind === 'create') open.set(of, true);
      else if (kind === 'disband') open.set(of, false);
    }
    const rows = db
      .prepare<[number], [number, number]>(
        'SELECT gid, disbanded_at IS NULL FROM im_groups WHERE gid <> ?',
      )
      .raw()
      .all(superGid);
    for (const [of, is] of rows) {
      if (open.get(of) !== (is === 1)) broken.push(`group ${of}: open ${is}, told ${open.get(of)}`);
    }
    if (rows.length !== open.size) broken.push(`${rows.length} groups, ${open.size} told of`);
    return broken;
  }

  /** Nobody is taken to have read more than he has. */
  #checkCursors(db: Sqlite.Database): string[] {
    const rows = db
      .prepare<[], [number, number, number]>('SELECT uid, gid, seq FROM im_cursors')
      .raw()
      .all();
    return rows
      .filter(([uid, gid, seq]) =>
        this.#world.persons
          .filter((person) => person.uid === uid)
          .every((person) => seq > (gid === 0 ? person.key : (person.groupKeys.get(gid) ?? 0))),
      )
      .map((row) => `a cursor (uid, group, place) ahead of its user: ${row}`);
  }
}
