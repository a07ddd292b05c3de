import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { textOf } from './im-load-tools.ts';
import { appid } from './im-rest.ts';

/** Fills the database of a stopped daemon with messages between `users` users, at random. */
export function seedTalk(dataDir: string, users: number, count: number): void {
  seed(dataDir, (say) => {
    // The same each time.
    let state = 1;
    const anybody = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return 1 + ((state >>> 8) % users);
    };
    for (let number = 1; number <= count; number += 1) say(anybody(), anybody(), number);
  });
}

/** For each of these users so many messages, numbered from 1, that it has not read. */
export function seedWaiting(dataDir: string, uids: Iterable<number>, each: number): void {
  const sender = 1_000_000;
  seed(dataDir, (say) => {
    for (const uid of uids)
      for (let number = 1; number <= each; number += 1) say(sender, uid, number);
  });
}

type Say = (sender: number, receiver: number, number: number) => void;

function seed(dataDir: string, work: (say: Say) => void): void {
  const db = new Sqlite(join(dataDir, 'wxrc.db'));
  db.pragma('synchronous = OFF');
  const message = db.prepare(
    `INSERT INTO im_messages (id, appid, kind, sender, receiver, device, client_id, parties, content, at)
     VALUES (?, ${appid}, 'peer', ?, ?, 0, ?, NULL, ?, ?)`,
  );
  const place = db.prepare(
    `INSERT INTO im_inbox (appid, uid, seq, message_id) VALUES (${appid}, ?, ?, ?)`,
  );
  const text = textOf(60);
  const heads = new Map(
    db
      .prepare<[], [number, number]>(
        `SELECT uid, max(seq) FROM im_inbox WHERE appid = ${appid} GROUP BY uid`,
      )
      .raw()
      .all(),
  );
  let id =
    db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM im_messages').pluck().get() ?? 0;
  const now = Date.now();
  const put = (uid: number): void => {
    const seq = (heads.get(uid) ?? 0) + 1;
    heads.set(uid, seq);
    place.run(uid, seq, id);
  };
  db.transaction(() => {
    work((sender, receiver, number) => {
      id += 1;
      message.run(id, sender, receiver, number, text, now);
      put(sender);
      if (receiver !== sender) put(receiver);
    });
  })();
  db.close();
}
