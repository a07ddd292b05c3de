import type { Database } from './database.ts';
import type { SendRow } from './sends.ts';

export interface SendFilter {
  botcode?: string | undefined;
  chid?: string | undefined;
  state?: string | undefined;
}

/** States of which an index holds the rows. */
const openStates = ['sending', 'unknown'];

/** What is asked about sends: by number, by request, page by page. Reads only. */
export class SendViews {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async get(msgid: number): Promise<SendRow | undefined> {
    const rows = await this.#db.read<SendRow>('SELECT * FROM sends WHERE msgid = ?', [msgid]);
    return rows[0];
  }

  /** Every send a request number led to: one a day at most. */
  byRequest(chid: string, txcode: string): Promise<SendRow[]> {
    return this.#db.read(
      `SELECT * FROM sends WHERE chid = ? AND txcode = ? AND day IS NOT NULL ORDER BY msgid`,
      [chid, txcode],
    );
  }

  /** Queued sends of the same lane that were accepted earlier. */
  async ahead(row: { botcode: string; lane: string; msgid: number }): Promise<number> {
    const rows = await this.#db.read<{ ahead: number }>(
      `SELECT count(*) AS ahead FROM sends
       WHERE state = 'queued' AND botcode = ? AND lane = ? AND msgid < ?`,
      [row.botcode, row.lane, row.msgid],
    );
    return rows[0]?.ahead ?? 0;
  }

  /**
   * Newest first, from below `before`. Looks at no more than `window` sends, so that a
   * filter that fits little stays cheap: `next` says where to go on, and may come with no rows.
   */
  async page(
    filter: SendFilter,
    before: number | undefined,
    limit: number,
    window = 5000,
  ): Promise<{ rows: SendRow[]; next: number | undefined }> {
    const top = before ?? (await this.#newest()) + 1;
    const open = filter.state !== undefined && openStates.includes(filter.state);
    // Few rows are open at any time, and an index holds them: no window needed.
    const bottom = open ? 0 : await this.#below(top, window);
    // The one that stands for numbers given out before a restoration (store/restore.ts) has no bot.
    const where = ['msgid < ?', 'msgid >= ?', "botcode <> ''"];
    const params: (string | number)[] = [top, bottom];
    if (open) {
      where.push(`msgid IN (SELECT msgid FROM sends WHERE state IN ('sending', 'unknown'))`);
    }
    for (const column of ['botcode', 'chid', 'state'] as const) {
      const value = filter[column];
      if (value === undefined) continue;
      where.push(`${column} = ?`);
      params.push(value);
    }
    const rows = await this.#db.read<SendRow>(
      `SELECT * FROM sends WHERE ${where.join(' AND ')} ORDER BY msgid DESC LIMIT ?`,
      [...params, limit],
    );
    const last = rows.at(-1);
    if (rows.length === limit && last !== undefined) return { rows, next: last.msgid };
    return { rows, next: bottom > 0 ? bottom : undefined };
  }

  /** Number of the send that so many others lie between; 0: there are not so many below. Numbers leap. */
  async #below(top: number, sends: number): Promise<number> {
    const rows = await this.#db.read<{ msgid: number }>(
      'SELECT msgid FROM sends WHERE msgid < ? ORDER BY msgid DESC LIMIT 1 OFFSET ?',
      [top, sends - 1],
    );
    return rows[0]?.msgid ?? 0;
  }

  async #newest(): Promise<number> {
    const rows = await this.#db.read<{ msgid: number | null }>(
      'SELECT max(msgid) AS msgid FROM sends',
    );
    return rows[0]?.msgid ?? 0;
  }
}
