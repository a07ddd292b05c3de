import type { Database, Tx } from './database.ts';

/** form: a legacy form id; template: an accepted subscribe message. */
export type CreditKind = 'form' | 'template';
/** Why a credit counts no more. */
export type CreditEnd = 'used' | 'refused' | 'dropped' | 'removed';

export interface CreditRow {
  id: number;
  /** Empty with forms. */
  account: string;
  open_id: string;
  kind: CreditKind;
  /** The form id, or the template. */
  value: string;
  at: number;
  expires_at: number | null;
  used_at: number | null;
  ended: CreditEnd | null;
}

/** What users have allowed to be sent to them. */
export class WechatCreditStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async add(
    tx: Tx,
    row: Omit<CreditRow, 'id' | 'used_at' | 'ended'> &
      Partial<Pick<CreditRow, 'used_at' | 'ended'>>,
  ): Promise<void> {
    await tx.run(
      `INSERT INTO wechat_credits (account, open_id, kind, value, at, expires_at, used_at, ended)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        row.account,
        row.open_id,
        row.kind,
        row.value,
        row.at,
        row.expires_at,
        row.used_at ?? null,
        row.ended ?? null,
      ],
    );
  }

  /** The oldest live one of a kind, in the order of arrival. */
  oldest(
    tx: Tx,
    of: Pick<CreditRow, 'account' | 'open_id' | 'kind'>,
    now: number,
  ): Promise<CreditRow | undefined> {
    return tx.get(
      `SELECT * FROM wechat_credits
       WHERE account = ? AND open_id = ? AND kind = ? AND used_at IS NULL
         AND (expires_at IS NULL OR expires_at > ?) ORDER BY id LIMIT 1`,
      [of.account, of.open_id, of.kind, now],
    );
  }

  /** The newest of one template or form, live or not. */
  newest(
    tx: Tx,
    of: Pick<CreditRow, 'account' | 'open_id' | 'kind' | 'value'>,
  ): Promise<CreditRow | undefined> {
    return tx.get(
      `SELECT * FROM wechat_credits WHERE account = ? AND open_id = ? AND kind = ? AND value = ?
       ORDER BY id DESC LIMIT 1`,
      [of.account, of.open_id, of.kind, of.value],
    );
  }

  /** The oldest live one of a template. */
  oldestOf(
    tx: Tx,
    of: Pick<CreditRow, 'account' | 'open_id' | 'kind' | 'value'>,
  ): Promise<CreditRow | undefined> {
    return tx.get(
      `SELECT * FROM wechat_credits
       WHERE account = ? AND open_id = ? AND kind = ? AND used_at IS NULL AND value = ?
       ORDER BY id LIMIT 1`,
      [of.account, of.open_id, of.kind, of.value],
    );
  }

  async end(tx: Tx, id: number, ended: CreditEnd, now: number): Promise<void> {
    await tx.run(
      'UPDATE wechat_credits SET used_at = ?, ended = ? WHERE id = ? AND used_at IS NULL',
      [now, ended, id],
    );
  }

  /** Ends all live ones, of one value or of the whole kind, given up to a time. @returns how many */
  endAll(
    tx: Tx,
    of: Pick<CreditRow, 'account' | 'open_id' | 'kind'> & { value?: string },
    ended: CreditEnd,
    { upTo, now }: { upTo: number; now: number },
  ): Promise<number> {
    const { account, open_id: openId, kind, value } = of;
    return tx.run(
      `UPDATE wechat_credits SET used_at = ?, ended = ?
       WHERE account = ? AND open_id = ? AND kind = ? AND used_at IS NULL AND at <= ?
       ${value === undefined ? '' : 'AND value = ?'}`,
      [now, ended, account, openId, kind, upTo, ...(value === undefined ? [] : [value])],
    );
  }

  /** The newest of a user, newest first. */
  of(account: string, openId: string, kind: CreditKind, limit: number): Promise<CreditRow[]> {
    return this.db.readLong(
      `SELECT * FROM wechat_credits WHERE account = ? AND open_id = ? AND kind = ?
       ORDER BY id DESC LIMIT ?`,
      [account, openId, kind, limit],
    );
  }

  async forget(tx: Tx, account: string, openId: string): Promise<void> {
    for (const kind of ['form', 'template']) {
      await tx.run('DELETE FROM wechat_credits WHERE account = ? AND open_id = ? AND kind = ?', [
        account,
        openId,
        kind,
      ]);
    }
  }

  /** Those that ended, or ran out, before a time. @returns how many, up to `limit` of either */
  async prune(tx: Tx, before: number, limit: number): Promise<number> {
    const used = await tx.run(
      `DELETE FROM wechat_credits WHERE id IN (SELECT id FROM wechat_credits
         WHERE used_at IS NOT NULL AND used_at < ? ORDER BY used_at LIMIT ?)`,
      [before, limit],
    );
    const expired = await tx.run(
      `DELETE FROM wechat_credits WHERE id IN (SELECT id FROM wechat_credits
         WHERE expires_at IS NOT NULL AND expires_at < ? ORDER BY expires_at LIMIT ?)`,
      [before, limit],
    );
    return used + expired;
  }
}
