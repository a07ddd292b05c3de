import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { OfficialPerson } from './official-person.ts';
import type { Pusher } from './official-pusher.ts';

/** Each finds what must not be; the first column says where. */
const faults: Record<string, string> = {
  'an inbox with a gap': `SELECT uid, count(*), min(seq), max(seq) FROM im_inbox GROUP BY appid, uid
    HAVING min(seq) <> 1 OR max(seq) <> count(*)`,
  'an inbox out of order': `SELECT uid, seq FROM (SELECT uid, seq, message_id -
      lag(message_id) OVER (PARTITION BY appid, uid ORDER BY seq) AS step FROM im_inbox)
    WHERE step <= 0`,
  'a message for nobody': `SELECT id FROM im_messages
    WHERE id NOT IN (SELECT message_id FROM im_inbox)
      AND id NOT IN (SELECT message_id FROM official_many)`,
  'a message said twice': `SELECT CAST(content AS TEXT) FROM im_messages GROUP BY
      json_extract(CAST(content AS TEXT), '$.data.msg.content') HAVING count(*) > 1`,
  'a name of nothing': `SELECT key FROM official_keys
    WHERE message_id NOT IN (SELECT id FROM im_messages)`,
};

/** What a dead daemon left behind. */
export function auditStore(dataDir: string): string[] {
  const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
  try {
    return Object.entries(faults).flatMap(([what, sql]) =>
      db
        .prepare(`${sql} LIMIT 3`)
        .raw()
        .all()
        .map((row) => `${what}: ${JSON.stringify(row)}`),
    );
  } finally {
    db.close();
  }
}

/** Everything that lies there, against what was promised, and against what everybody got. */
export async function auditOfficial(
  port: number,
  persons: readonly OfficialPerson[],
  pushers: readonly Pusher[],
): Promise<string[]> {
  const broken: string[] = [];
  for (const name of new Set(persons.map((person) => person.name))) {
    const truth = await readAll(port, name);
    broken.push(...comparePushes(name, truth, pushers));
    const owed = [...truth.keys()];
    for (const person of persons.filter((one) => one.name === name)) {
      await person.enter(port);
      await settled(
        () => person.last === owed.at(-1) || person.connections.at(-1)?.confirmed === owed.at(-1),
      );
      person.leave();
      broken.push(...comparePerson(person, owed));
    }
  }
  return broken;
}

/** All frames of a user, by id, as the server gives them to somebody who has nothing. */
async function readAll(port: number, name: string): Promise<Map<number, string>> {
  const reader = new OfficialPerson(name, 'since', () => 0);
  await reader.enter(port);
  let count = -1;
  await settled(() => {
    const same = reader.received === count;
    count = reader.received;
    return same;
  });
  reader.leave();
  return reader.contents;
}

/** Each promised push is there once, under its id; what was not promised is there once at most. */
function comparePushes(
  name: string,
  truth: ReadonlyMap<number, string>,
  pushers: readonly Pusher[],
): string[] {
  const broken: string[] = [];
  const there = new Map<string, number[]>();
  for (const [id, content] of truth) there.set(content, [...(there.get(content) ?? []), id]);
  for (const { promised, maybe } of pushers) {
    for (const [content, { id, to }] of promised) {
      const found = there.get(content)?.join() ?? '';
      const expected = to.includes(name) ? String(id) : '';
      if (found !== expected) broken.push(`${name}: ${content} lies at ${found}, not ${expected}`);
      there.delete(content);
    }
    for (const content of maybe) {
      if ((there.get(content)?.length ?? 0) > 1) broken.push(`${name}: ${content} is there twice`);
      there.delete(content);
    }
  }
  for (const [content] of there) broken.push(`${name}: nobody said ${content}`);
  return broken;
}

function comparePerson(person: OfficialPerson, owed: readonly number[]): string[] {
  const { name, keeping, connections } = person;
  const broken: string[] = [...person.broken];
  const who = `${name} (${keeping})`;
  for (const { ids, confirmed } of connections) {
    const [first] = ids;
    if (first === undefined) continue;
    const from = owed.indexOf(first);
    const isPiece = ids.every((id, at) => owed[from + at] === id);
    if (from === -1 || !isPiece) broken.push(`${who}: a gap between ${first} and ${ids.at(-1)}`);
    // Nothing that was not confirmed is left out.
    const next = owed.find((id) => id > confirmed) ?? Number.POSITIVE_INFINITY;
    if (keeping !== 'since' && first > next) {
      broken.push(`${who}: began with ${first}, and had confirmed ${confirmed} only`);
    }
  }
  const got = connections.flatMap(({ ids }) => ids);
  const all = keeping === 'since' ? got : [...new Set(got)].sort((one, other) => one - other);
  if (all.join() !== owed.join()) {
    const lost = owed.filter((id) => !all.includes(id));
    broken.push(`${who}: has ${all.length} of ${owed.length}; lost ${lost.slice(0, 5)}`);
  }
  return broken;
}

/** For some hundred milliseconds on end. */
async function settled(isSo: () => boolean): Promise<void> {
  let times = 0;
  for (let tries = 0; times < 10 && tries < 1000; tries += 1) {
    times = isSo() ? times + 1 : 0;
    await pause(20);
  }
}
