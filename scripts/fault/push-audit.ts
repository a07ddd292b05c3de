import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { PushUser } from './push-users.ts';

/** What a dead daemon left behind, against what it has answered. */
export function auditPushes(
  dataDir: string,
  users: readonly PushUser[],
  isLast: boolean,
): string[] {
  const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
  try {
    const pushes = readPushes(db);
    const said = readSaid(db);
    const broken: string[] = [];
    for (const user of users) broken.push(...auditUser(user, pushes, said, isLast));
    const known = new Set(users.flatMap((user) => [...user.promised, ...user.unsure]));
    if (isLast) {
      for (const mark of said.keys()) if (!known.has(mark)) broken.push(`nobody wrote ${mark}`);
    }
    return broken;
  } finally {
    db.close();
  }
}

/** How many are not worked off yet. */
export function countDue(dataDir: string): number {
  const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
  try {
    const sql = `SELECT count(*) FROM wechat_pushes WHERE state = 'due'`;
    return db.prepare<[], number>(sql).pluck().get() ?? 0;
  } finally {
    db.close();
  }
}

const marks = /u\d+-\d+/;

/** State of each push, by its mark. */
function readPushes(db: Sqlite.Database): Map<string, string> {
  const rows = db
    .prepare<[], [string, string]>('SELECT body, state FROM wechat_pushes')
    .raw()
    .all();
  return new Map(rows.map(([body, state]) => [marks.exec(body)?.[0] ?? body, state]));
}

/** Where what was pushed lies in the log, by its mark. */
function readSaid(db: Sqlite.Database): Map<string, number[]> {
  const rows = db
    .prepare<[], [number, Buffer]>('SELECT id, content FROM im_messages ORDER BY id')
    .raw()
    .all();
  const said = new Map<string, number[]>();
  for (const [id, content] of rows) {
    const mark = marks.exec(content.toString('utf8'))?.[0] ?? `message ${id}`;
    said.set(mark, [...(said.get(mark) ?? []), id]);
  }
  return said;
}

function auditUser(
  user: PushUser,
  pushes: ReadonlyMap<string, string>,
  said: ReadonlyMap<string, number[]>,
  isLast: boolean,
): string[] {
  const broken: string[] = [];
  let before = 0;
  const written = [...user.promised, ...user.unsure].sort((a, b) => numberOf(a) - numberOf(b));
  for (const mark of written) {
    const state = pushes.get(mark);
    const places = said.get(mark) ?? [];
    const isPromised = !user.unsure.has(mark);
    if (isPromised && state === undefined) broken.push(`${mark} was answered and is not there`);
    // What is caused and that it is done are one.
    const expected = state === 'done' ? 1 : 0;
    if (places.length !== expected) broken.push(`${mark} is ${state}, said ${places.length} times`);
    if (isLast && state !== undefined && state !== 'done') broken.push(`${mark} stays ${state}`);
    const [place] = places;
    if (place === undefined) continue;
    if (place < before) broken.push(`${mark} was said before what was written earlier`);
    before = place;
  }
  return broken;
}

function numberOf(mark: string): number {
  return Number(mark.slice(mark.indexOf('-') + 1));
}
