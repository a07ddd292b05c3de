import { setImmediate } from 'node:timers/promises';
import type { Database } from './database.ts';
import type { SendRow } from './sends.ts';

export interface SendFilter {
  botcode?: string | undefined;
  chid?: string | undefined;
  /** A state, or `troubled`: those that ended without being sent, and were not called back. */
  state?: string | undefined;
  /** False: nobody has dealt with it so far. */
  cleared?: boolean | undefined;
  /** Only those that ended for the same reason as this one. */
  like?: number | undefined;
}

/** Few rows are in these at any time, and an index of its own (migrations 001, 019) holds those. */
const openStates = ['sending', 'unknown'];
const troubledStates = ['absent', 'failed', 'expired'];
const rareStates = [...troubledStates, 'cancelled'];
/** A page whose filter fits little looks at so many times `window` sends, one read after another. */
const mostWindows = 20;

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
   * Newest first, from below `before`. Looks at no more than `window` sends at a time, so that a
   * filter that fits little holds nobody up, and gives up after some: `next` says where to go on, and
   * may come with no rows.
   */
  async page(
    filter: SendFilter,
    before: number | undefined,
    limit: number,
    window = 5000,
  ): Promise<{ rows: SendRow[]; next: number | undefined }> {
    let top = before ?? (await this.#newest()) + 1;
    const like = filter.like === undefined ? undefined : await this.get(filter.like);
    if (filter.like !== undefined && like === undefined) return { rows: [], next: undefined };
    const indexed = indexOf(filter.state);
    const rows: SendRow[] = [];
    for (let windows = 0; windows < mostWindows; windows += 1) {
      const bottom = indexed === undefined ? await this.#below(top, window) : 0;
      const found = await this.#between(
        { ...filter, like },
        indexed,
        ...([bottom, top, limit - rows.length] as const),
      );
      rows.push(...found);
      const last = rows.at(-1);
      if (rows.length === limit && last !== undefined) return { rows, next: last.msgid };
      if (bottom === 0) return { rows, next: undefined };
      top = bottom;
      // A read that needs no waiting gives nobody else a turn.
      await setImmediate();
    }
    return { rows, next: top };
  }

  #between(
    filter: Omit<SendFilter, 'like'> & { like: SendRow | undefined },
    indexed: string | undefined,
    bottom: number,
    top: number,
    limit: number,
  ): Promise<SendRow[]> {
    // The one that stands for numbers given out before a restoration (store/restore.ts) has no bot.
    const where = ['msgid < ?', 'msgid >= ?', "botcode <> ''"];
    const params: (string | number)[] = [top, bottom];
    if (indexed !== undefined) where.push(indexed);
    for (const column of ['botcode', 'chid', 'state'] as const) {
      const value = filter[column];
      if (value === undefined || (column === 'state' && indexed !== undefined)) continue;
      where.push(`${column} = ?`);
      params.push(value);
    }
    if (filter.cleared === false) where.push('cleared_at IS NULL');
    if (filter.like !== undefined) {
      where.push("COALESCE(reason, '') = ?");
      params.push(filter.like.reason ?? '');
    }
    return this.#db.read<SendRow>(
      `SELECT * FROM sends WHERE ${where.join(' AND ')} ORDER BY msgid DESC LIMIT ?`,
      [...params, limit],
    );
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

/** A condition that an index of few rows answers alone; undefined: there is none for this state. */
function indexOf(state: string | undefined): string | undefined {
  if (state === undefined) return undefined;
  const list = (states: readonly string[]): string => states.map((one) => `'${one}'`).join(', ');
  if (openStates.includes(state)) {
    return `msgid IN (SELECT msgid FROM sends WHERE state IN (${list(openStates)})) AND state = '${state}'`;
  }
  const wanted = state === 'troubled' ? troubledStates : [state];
  if (!wanted.every((one) => rareStates.includes(one))) return undefined;
  // Told twice, so that the index is seen to hold them.
  return `state IN (${list(rareStates)}) AND state IN (${list(wanted)})`;
}
