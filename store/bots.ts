import type { Database, Tx } from './database.ts';

/** A bot as it is remembered. `settings` is JSON; `sealed` are vault bytes of its secret part. */
export interface BotRow {
  botcode: string;
  settings: string;
  sealed: Uint8Array | undefined;
  source: 'config' | 'admin';
  desired: 'on' | 'off' | 'out';
  /** Last status that channels were told. */
  told: 'login' | 'logout' | 'loginerr' | 'off' | undefined;
  /** The account this botcode is bound to. */
  accountId: string | undefined;
  accountName: string | undefined;
  createdAt: number;
}

/** Bots, what is wanted of them, what channels were told of them, and their sealed sessions. */
export class BotStore {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  async list(): Promise<BotRow[]> {
    const rows = await this.#db.read<RawBot>(`SELECT ${columns} FROM bots ORDER BY botcode`);
    return rows.map(toBot);
  }

  async get(botcode: string): Promise<BotRow | undefined> {
    const rows = await this.#db.read<RawBot>(`SELECT ${columns} FROM bots WHERE botcode = ?`, [
      botcode,
    ]);
    return rows[0] === undefined ? undefined : toBot(rows[0]);
  }

  /** Adds a bot, or gives a known one other settings; what it lived through stays. */
  async put(
    tx: Tx,
    bot: Pick<BotRow, 'botcode' | 'settings' | 'sealed' | 'source' | 'desired' | 'accountId'>,
    now: number,
  ): Promise<void> {
    await tx.run(
      `INSERT INTO bots
         (botcode, settings, sealed, source, desired, account_id, created_at, updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (botcode) DO UPDATE SET
         settings = excluded.settings, sealed = excluded.sealed, source = excluded.source,
         updated_at = excluded.updated_at`,
      [
        bot.botcode,
        bot.settings,
        bot.sealed ?? null,
        bot.source,
        bot.desired,
        bot.accountId ?? null,
        now,
        now,
      ],
    );
  }

  async setDesired(
    tx: Tx,
    botcode: string,
    desired: BotRow['desired'],
    now: number,
  ): Promise<void> {
    await tx.run('UPDATE bots SET desired = ?, updated_at = ? WHERE botcode = ?', [
      desired,
      now,
      botcode,
    ]);
  }

  async setTold(tx: Tx, botcode: string, told: BotRow['told'], now: number): Promise<void> {
    await tx.run('UPDATE bots SET told = ?, updated_at = ? WHERE botcode = ?', [
      told ?? null,
      now,
      botcode,
    ]);
  }

  /** Binds the bot to an account. */
  async bind(
    tx: Tx,
    botcode: string,
    account: { id: string; name: string | undefined },
    now: number,
  ): Promise<void> {
    await tx.run(
      'UPDATE bots SET account_id = ?, account_name = ?, updated_at = ? WHERE botcode = ?',
      [account.id, account.name ?? null, now, botcode],
    );
  }

  async remove(tx: Tx, botcode: string): Promise<void> {
    await tx.run('DELETE FROM bots WHERE botcode = ?', [botcode]);
  }

  async loadSession(botcode: string): Promise<Uint8Array | undefined> {
    const rows = await this.#db.read<{ sealed: Uint8Array }>(
      'SELECT sealed FROM bot_sessions WHERE botcode = ?',
      [botcode],
    );
    return rows[0]?.sealed;
  }

  async saveSession(tx: Tx, botcode: string, sealed: Uint8Array, now: number): Promise<void> {
    await tx.run(
      `INSERT INTO bot_sessions (botcode, sealed, updated_at) VALUES (?, ?, ?)
       ON CONFLICT (botcode) DO UPDATE SET
         sealed = excluded.sealed, updated_at = excluded.updated_at`,
      [botcode, sealed, now],
    );
  }

  async forgetSession(tx: Tx, botcode: string): Promise<void> {
    await tx.run('DELETE FROM bot_sessions WHERE botcode = ?', [botcode]);
  }
}

interface RawBot {
  botcode: string;
  settings: string;
  sealed: Uint8Array | null;
  source: BotRow['source'];
  desired: BotRow['desired'];
  told: BotRow['told'] | null;
  account_id: string | null;
  account_name: string | null;
  created_at: number;
}

const columns =
  'botcode, settings, sealed, source, desired, told, account_id, account_name, created_at';

function toBot(raw: RawBot): BotRow {
  return {
    botcode: raw.botcode,
    settings: raw.settings,
    sealed: raw.sealed ?? undefined,
    source: raw.source,
    desired: raw.desired,
    told: raw.told ?? undefined,
    accountId: raw.account_id ?? undefined,
    accountName: raw.account_name ?? undefined,
    createdAt: Number(raw.created_at),
  };
}
