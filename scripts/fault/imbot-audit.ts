import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { ImbotWorld } from './imbot-world.ts';

/** Each finds what must not be; the first column says where. */
const faults: Record<string, string> = {
  'a queue with a gap': `SELECT uid, count(*), min(seq), max(seq) FROM im_inbox WHERE appid = -2
    GROUP BY uid HAVING min(seq) <> 1 OR max(seq) <> count(*)`,
  'a queue out of order': `SELECT uid, seq FROM (SELECT uid, seq, message_id -
      lag(message_id) OVER (PARTITION BY uid ORDER BY seq) AS step FROM im_inbox WHERE appid = -2)
    WHERE step <= 0`,
  'a message without a place in a queue': `SELECT id FROM im_messages
    WHERE kind = 'imbot' AND id NOT IN (SELECT message_id FROM im_inbox WHERE appid = -2)`,
  'a message without a place in a history': `SELECT id FROM im_messages
    WHERE kind = 'imbot' AND id NOT IN (SELECT message_id FROM imbot_times)`,
  'a place in a history without one in the queue': `SELECT pair, message_id FROM imbot_times AS t
    WHERE NOT EXISTS (SELECT 1 FROM im_inbox WHERE appid = -2 AND uid = t.pair
      AND message_id = t.message_id)`,
  'a queue that is wrong about what waits': `SELECT pair, taken, waiting FROM imbot_pairs AS p
    WHERE waiting <> (SELECT count(*) > 0 FROM im_inbox
      WHERE appid = -2 AND uid = p.pair AND seq > p.taken)`,
  'a message that is stored twice': `SELECT CAST(content AS TEXT) FROM im_messages
    WHERE kind = 'imbot' GROUP BY content HAVING count(*) > 1`,
  'a form id that is used up twice': `SELECT value FROM wechat_credits
    GROUP BY value HAVING count(*) > 1`,
};

/** What a dead daemon left behind, against what people were told. */
export function auditImbot(world: ImbotWorld, dataDir: string): string[] {
  const db = new Sqlite(join(dataDir, 'wxrc.db'), { readonly: true });
  try {
    const broken: string[] = [];
    for (const [what, sql] of Object.entries(faults)) {
      for (const row of db.prepare(`${sql} LIMIT 3`).raw().all()) {
        broken.push(`${what}: ${JSON.stringify(row)}`);
      }
    }
    const queue = db.prepare<[string, string], [string, number]>(
      `SELECT CAST(m.content AS TEXT), i.seq <= p.taken FROM imbot_pairs AS p
       JOIN im_names AS s ON s.uid = p.sender JOIN im_names AS r ON r.uid = p.receiver
       JOIN im_inbox AS i ON i.appid = -2 AND i.uid = p.pair
       JOIN im_messages AS m ON m.id = i.message_id
       WHERE s.name = ? AND r.name = ? ORDER BY i.seq`,
    );
    for (const pair of world.pairs) {
      const [from = '', to = ''] = pair.split('>');
      broken.push(...auditPair(world, pair, queue.raw().all(from, to)));
    }
    return broken;
  } finally {
    db.close();
  }
}

/** @param rows each text of a queue, in order, and whether it was given out */
function auditPair(world: ImbotWorld, pair: string, rows: [string, number][]): string[] {
  const broken: string[] = [];
  const texts = rows.map(([content]) => (JSON.parse(content) as { reply: string }).reply);
  const there = new Set(texts);
  for (const text of world.accepted.get(pair) ?? []) {
    if (!there.has(text)) broken.push(`accepted and not there: ${text}`);
  }
  for (const text of texts) if (!world.said.has(text)) broken.push(`never said: ${text}`);
  const out = texts.filter((_, at) => rows[at]?.[1] === 1);
  const taken = world.taken.get(pair) ?? [];
  if (new Set(taken).size !== taken.length) broken.push(`given out twice to ${pair}`);
  const got = new Set(taken);
  const inOrder = out.filter((text) => got.has(text));
  // Several fetch at once: their answers may cross, each is in order.
  if (inOrder.length !== taken.length) {
    broken.push(`${pair}: ${taken.length} were given out, ${inOrder.length} are marked`);
  }
  const missing = out.length - inOrder.length;
  if (missing > 0 && (world.lost.get(pair) ?? 0) === 0) {
    broken.push(`${pair}: ${missing} are marked as given out, and nobody got them`);
  }
  return broken;
}
