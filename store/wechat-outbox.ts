import type { Database, Param, Tx } from './database.ts';

/** unknown: handed over, and nobody knows whether it arrived. */
export const outboxStates = ['due', 'sending', 'sent', 'kept', 'failed', 'unknown'] as const;
export type OutboxState = (typeof outboxStates)[number];
/** custom: words of a customer-service conversation; notice: tells of a message not yet fetched. */
export type OutboxKind = 'custom' | 'notice';

export interface OutboxRow {
  id: number;
  account: string;
  open_id: string;
  kind: OutboxKind;
  /** JSON */
  content: string;
  part: number;
  parts: number;
  message_id: number | null;
  conversation: number | null;
  agent: string | null;
  state: OutboxState;
  /** 1: the oldest of its user that has not been settled. */
  head: number;
  /** Tries that came to an end. */
  attempts: number;
  run_at: number;
  locked_until: number | null;
  /** The window that its hand-over counts in, and the time of that. */
  charged: string | null;
  charged_at: number | null;
  /** The way it went, or is to go next; local: we refused it, and WeChat was not asked. */
  via: string | null;
  errcode: number | null;
  error: string | null;
  created_at: number;
  handed_at: number | null;
  settled_at: number | null;
}

export type NewOutboxRow = Pick<
  OutboxRow,
  | 'account'
  | 'open_id'
  | 'kind'
  | 'content'
  | 'part'
  | 'parts'
  | 'message_id'
  | 'conversation'
  | 'agent'
> & { at: number };

/** What becomes of a row. */
export type OutboxChange = Partial<
  Pick<
    OutboxRow,
    | 'content'
    | 'run_at'
    | 'attempts'
    | 'charged'
    | 'charged_at'
    | 'via'
    | 'errcode'
    | 'error'
    | 'handed_at'
  >
>;

export interface OutboxFilter {
  account?: string | undefined;
  openId?: string | undefined;
  state?: OutboxState | undefined;
  /** Only older ones. */
  before?: number | undefined;
  limit: number;
}

const open = `state IN ('due', 'sending')`;

/** What waits to leave for WeChat's platform, and what became of it. */
export class WechatOutboxStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Behind everything of the same user. @returns its id */
  async add(tx: Tx, row: NewOutboxRow): Promise<number> {
    const added = await tx.get<{ id: number }>(
      `INSERT INTO wechat_outbox (account, open_id, kind, content, part, parts, message_id,
         conversation, agent, state, head, run_at, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'due', 0, ?, ?) RETURNING id`,
      [
        row.account,
        row.open_id,
        row.kind,
        row.content,
        row.part,
        row.parts,
        row.message_id,
        row.conversation,
        row.agent,
        row.at,
        row.at,
      ],
    );
    await this.promote(tx, row.account, row.open_id);
    return added?.id ?? 0;
  }

  /** The oldest open row of a user gets its turn, unless one has it. */
  async promote(tx: Tx, account: string, openId: string): Promise<void> {
    const head = await tx.get(
      'SELECT id FROM wechat_outbox WHERE account = ? AND open_id = ? AND head = 1',
      [account, openId],
    );
    if (head !== undefined) return;
    const first = await tx.get<{ id: number }>(
      `SELECT id FROM wechat_outbox WHERE account = ? AND open_id = ? AND ${open}
       ORDER BY id LIMIT 1`,
      [account, openId],
    );
    if (first === undefined) return;
    await tx.run('UPDATE wechat_outbox SET head = 1 WHERE id = ?', [first.id]);
  }

  /** Takes rows whose time has come, at most one of each user; nobody else takes them meanwhile. */
  async claim(tx: Tx, now: number, until: number, limit: number): Promise<OutboxRow[]> {
    const rows = await tx.all<OutboxRow>(
      `UPDATE wechat_outbox SET locked_until = ? WHERE id IN (
         SELECT id FROM wechat_outbox WHERE state = 'due' AND head = 1 AND run_at <= ?
           AND (locked_until IS NULL OR locked_until <= ?) ORDER BY run_at, id LIMIT ?)
       RETURNING *`,
      [until, now, now, limit],
    );
    return rows.sort((a, b) => a.id - b.id);
  }

  /** When the next row that nobody has taken is due; undefined: there is none. */
  async nextAt(): Promise<number | undefined> {
    const rows = await this.db.read<{ run_at: number }>(
      `SELECT run_at FROM wechat_outbox WHERE state = 'due' AND head = 1 AND locked_until IS NULL
       ORDER BY run_at, id LIMIT 1`,
    );
    return rows[0]?.run_at;
  }

  /** What a former process had taken and not handed over is free again. */
  async unlock(tx: Tx): Promise<void> {
    await tx.run(
      `UPDATE wechat_outbox SET locked_until = NULL
       WHERE state = 'due' AND head = 1 AND locked_until IS NOT NULL`,
    );
  }

  /** Handed over, and no outcome written. */
  sending(tx: Tx, limit: number): Promise<OutboxRow[]> {
    return tx.all(`SELECT * FROM wechat_outbox WHERE state = 'sending' ORDER BY id LIMIT ?`, [
      limit,
    ]);
  }

  /** @returns false when it was not `from` any more: nothing is changed then */
  async change(
    tx: Tx,
    id: number,
    from: OutboxState,
    to: OutboxState,
    change: OutboxChange & { locked_until?: null; settled_at?: number | null } = {},
  ): Promise<boolean> {
    const sets = Object.entries(change).filter(([, value]) => value !== undefined);
    const settled = to !== 'due' && to !== 'sending';
    const columns = ['state = ?', ...(settled ? ['head = 0'] : [])];
    columns.push(...sets.map(([column]) => `${column} = ?`));
    const params: Param[] = [to, ...sets.map(([, value]) => value ?? null), id, from];
    const changed = await tx.run(
      `UPDATE wechat_outbox SET ${columns.join(', ')} WHERE id = ? AND state = ?`,
      params,
    );
    return changed > 0;
  }

  /** Parts of one text: their rows follow each other. */
  siblings(tx: Tx, row: Pick<OutboxRow, 'id' | 'part' | 'parts'>): Promise<OutboxRow[]> {
    const first = row.id - row.part;
    return tx.all('SELECT * FROM wechat_outbox WHERE id >= ? AND id < ? ORDER BY id', [
      first,
      first + row.parts,
    ]);
  }

  find(tx: Tx, id: number): Promise<OutboxRow | undefined> {
    return tx.get('SELECT * FROM wechat_outbox WHERE id = ?', [id]);
  }

  async get(id: number): Promise<OutboxRow | undefined> {
    const rows = await this.db.read<OutboxRow>('SELECT * FROM wechat_outbox WHERE id = ?', [id]);
    return rows[0];
  }

  /** For operators, newest first. Off the event loop: a filter may pass over many rows. */
  list({ account, openId, state, before, limit }: OutboxFilter): Promise<OutboxRow[]> {
    const where: string[] = [];
    const params: Param[] = [];
    const add = (term: string, value: Param | undefined): void => {
      if (value === undefined) return;
      where.push(term);
      params.push(value);
    };
    add('account = ?', account);
    add('open_id = ?', openId);
    add('state = ?', state);
    add('id < ?', before);
    return this.db.readLong(
      `SELECT * FROM wechat_outbox ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
       ORDER BY id DESC LIMIT ?`,
      [...params, limit],
    );
  }

  /** How many rows are in each state that needs looking after. */
  counts(): Promise<{ state: OutboxState; count: number }[]> {
    return this.db.readLong(`SELECT state, count(*) AS count FROM wechat_outbox GROUP BY state`);
  }

  /** He has left: what was settled is nobody's business any more. */
  async forget(tx: Tx, account: string, openId: string): Promise<void> {
    await tx.run(
      `DELETE FROM wechat_outbox WHERE account = ? AND open_id = ?
       AND state IN ('sent', 'kept', 'failed', 'unknown')`,
      [account, openId],
    );
  }

  /** Those settled before a time. @returns how many, up to `limit` */
  prune(tx: Tx, before: number, limit: number): Promise<number> {
    return tx.run(
      `DELETE FROM wechat_outbox WHERE id IN (SELECT id FROM wechat_outbox
         WHERE settled_at IS NOT NULL AND settled_at < ? ORDER BY settled_at LIMIT ?)`,
      [before, limit],
    );
  }
}
