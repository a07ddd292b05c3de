import type { Database, Param, Tx } from './database.ts';

export const pushStates = ['due', 'done', 'failed'] as const;
export type PushState = (typeof pushStates)[number];

/** A row of `wechat_pushes`. */
export interface PushRow {
  id: number;
  account: string;
  key: string;
  kind: string;
  open_id: string;
  format: 'xml' | 'json';
  /** null: forgotten */
  body: string | null;
  received_at: number;
  tries: number;
  state: PushState;
  answer: string | null;
  took_ms: number | null;
  error: string | null;
}

export type NewPush = Pick<
  PushRow,
  'account' | 'key' | 'kind' | 'open_id' | 'format' | 'received_at'
> & { body: string; answer: string };

export type DuePush = Pick<PushRow, 'id' | 'account' | 'open_id'>;
/** Without what may be long. */
export type PushHead = Omit<PushRow, 'body' | 'answer' | 'key'> & { has_body: number };

export interface PushFilter {
  account?: string | undefined;
  /** Only together with an account. */
  openId?: string | undefined;
  state?: PushState | undefined;
  /** Behind this one. */
  before?: number | undefined;
  limit: number;
}

/** What WeChat has pushed. Each statement of the daily work reads through an index. */
export class WechatPushStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Keeps a push, once; of a repeated one the answer it got before. */
  async add(tx: Tx, push: NewPush): Promise<{ id: number; isNew: boolean; answer: string }> {
    const id = (await this.#lastId(tx)) + 1;
    const added = await tx.run(
      `INSERT INTO wechat_pushes (id, account, key, kind, open_id, format, body, received_at, tries,
         state, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 'due', ?) ON CONFLICT (key) DO NOTHING`,
      [
        ...[id, push.account, push.key, push.kind, push.open_id],
        ...[push.format, push.body, push.received_at, push.answer],
      ],
    );
    if (added > 0) return { id, isNew: true, answer: push.answer };
    await tx.run('UPDATE wechat_pushes SET tries = tries + 1 WHERE key = ?', [push.key]);
    const row = await tx.get<{ id: number; answer: string | null }>(
      'SELECT id, answer FROM wechat_pushes WHERE key = ?',
      [push.key],
    );
    if (row === undefined) throw new Error('a push that was stored is not there');
    return { id: row.id, isNew: false, answer: row.answer ?? push.answer };
  }

  /** Waiting to be worked off, oldest first. */
  due(after: number, limit: number): Promise<DuePush[]> {
    return this.db.read(
      `SELECT id, account, open_id FROM wechat_pushes WHERE state = 'due' AND id > ?
       ORDER BY id LIMIT ?`,
      [after, limit],
    );
  }

  /** Counted by the indexes over these states alone. */
  async backlog(): Promise<{ due: number; failed: number }> {
    const [row] = await this.db.read<{ due: number; failed: number }>(
      `SELECT (SELECT count(*) FROM wechat_pushes WHERE state = 'due') AS due,
         (SELECT count(*) FROM wechat_pushes WHERE state = 'failed') AS failed`,
    );
    return { due: Number(row?.due ?? 0), failed: Number(row?.failed ?? 0) };
  }

  async get(id: number): Promise<PushRow | undefined> {
    const [row] = await this.db.read<PushRow>('SELECT * FROM wechat_pushes WHERE id = ?', [id]);
    return row;
  }

  /** @returns false when it is not due any more: somebody else has settled it */
  async settle(
    tx: Tx,
    id: number,
    end: { state: 'done' | 'failed'; error: string | null; tookMs: number | null },
  ): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE wechat_pushes SET state = ?, error = ?, took_ms = coalesce(?, took_ms)
       WHERE id = ? AND state = 'due'`,
      [end.state, end.error, end.tookMs, id],
    );
    return changed > 0;
  }

  /** A failed one is due again. @returns false when it has not failed, or its body is forgotten */
  async revive(tx: Tx, id: number): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE wechat_pushes SET state = 'due', error = NULL
       WHERE id = ? AND state = 'failed' AND body IS NOT NULL`,
      [id],
    );
    return changed > 0;
  }

  /** What one user wrote is not kept any longer; how it went is. */
  async forgetBodies(tx: Tx, account: string, openId: string): Promise<void> {
    await tx.run(
      `UPDATE wechat_pushes SET body = NULL
       WHERE account = ? AND open_id = ? AND state <> 'due' AND body IS NOT NULL`,
      [account, openId],
    );
  }

  /** Newest first. */
  list(filter: PushFilter): Promise<PushHead[]> {
    const { sql, params } = listStatement(filter);
    return this.db.readLong(sql, params);
  }

  /** Number of the oldest of the newest `count`; undefined: there are no more than these. */
  async oldestOfNewest(count: number): Promise<number | undefined> {
    const [row] = await this.db.readLong<{ id: number }>(
      'SELECT id FROM wechat_pushes ORDER BY id DESC LIMIT 1 OFFSET ?',
      [count],
    );
    return row === undefined ? undefined : row.id + 1;
  }

  /** Those with a body behind a number, oldest first. */
  withBody(
    after: number,
    limit: number,
  ): Promise<{ id: number; received_at: number; state: PushState }[]> {
    return this.db.readLong(
      `SELECT id, received_at, state FROM wechat_pushes WHERE body IS NOT NULL AND id > ?
       ORDER BY id LIMIT ?`,
      [after, limit],
    );
  }

  async forgetBody(tx: Tx, id: number): Promise<void> {
    await tx.run(`UPDATE wechat_pushes SET body = NULL WHERE id = ? AND state <> 'due'`, [id]);
  }

  /** All that is behind a number, oldest first; the newest is left out: numbers go on from it. */
  after(
    id: number,
    limit: number,
  ): Promise<{ id: number; received_at: number; state: PushState; has_body: number }[]> {
    return this.db.readLong(
      `SELECT id, received_at, state, body IS NOT NULL AS has_body FROM wechat_pushes
       WHERE id > ? AND id < (SELECT max(id) FROM wechat_pushes) ORDER BY id LIMIT ?`,
      [id, limit],
    );
  }

  async remove(tx: Tx, id: number): Promise<void> {
    await tx.run(`DELETE FROM wechat_pushes WHERE id = ? AND state <> 'due'`, [id]);
  }

  async #lastId(tx: Tx): Promise<number> {
    const row = await tx.get<{ id: number | null }>('SELECT max(id) AS id FROM wechat_pushes');
    return Number(row?.id ?? 0);
  }
}

/** The statement of `list`; its conditions are those that an index begins with. */
export function listStatement(filter: PushFilter): { sql: string; params: Param[] } {
  const { account, openId, state, before, limit } = filter;
  const conditions: string[] = [];
  const params: Param[] = [];
  const where = (condition: string, value: Param | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    params.push(value);
  };
  where('account = ?', account);
  where('open_id = ?', account === undefined ? undefined : openId);
  // Spelled out: that is how the indexes over some states are known.
  if (state !== undefined) conditions.push(`state = '${state}'`);
  where('id < ?', before);
  const all = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT id, account, kind, open_id, format, received_at, tries, state, took_ms, error,
        body IS NOT NULL AS has_body FROM wechat_pushes ${all} ORDER BY id DESC LIMIT ?`,
    params: [...params, limit],
  };
}
