import type { Database, Param, Tx } from './database.ts';

export const runStates = [
  'waiting',
  'running',
  'sending',
  'sent',
  'partial',
  'failed',
  'nothing',
  'skipped',
] as const;
export type RunState = (typeof runStates)[number];
export type RunCause = 'slot' | 'catch-up' | 'backfill' | 'operator';

export interface RunKey {
  schedule: string;
  /** Epoch ms. */
  slot: number;
}

export interface RunRow extends RunKey {
  cause: RunCause;
  state: RunState;
  reason: string | null;
  /** Rises when somebody takes it up: who was before has no say any more. */
  attempt: number;
  owner: string | null;
  lease_until: number | null;
  created_at: number;
  started_at: number | null;
  finished_at: number | null;
  expires_at: number;
  row_count: number | null;
  output: string | null;
  /** JSON. */
  targets: string;
}

export type NewRun = RunKey &
  Pick<RunRow, 'cause' | 'created_at' | 'expires_at'> & {
    state: 'waiting' | 'skipped';
    reason?: string;
  };

/** Who may settle a run: the taker of this attempt, and nobody else. */
export interface RunHold extends RunKey {
  owner: string;
  attempt: number;
}

export type RunEnd = Pick<RunRow, 'state' | 'reason' | 'finished_at' | 'targets'> &
  Pick<RunRow, 'row_count' | 'output'>;

/** A place in the list of all runs. */
export interface RunPlace extends RunKey {
  created_at: number;
}

/** The ledger: what became of each slot of each schedule. */
export class RunStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** @returns false when the slot has a run: whoever comes second does nothing */
  async add(tx: Tx, run: NewRun): Promise<boolean> {
    const { schedule, slot, cause, state, reason = null, created_at, expires_at } = run;
    const added = await tx.run(
      `INSERT INTO runs (schedule, slot, cause, state, reason, created_at, finished_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      [
        ...[schedule, slot, cause, state, reason, created_at],
        ...[state === 'skipped' ? created_at : null, expires_at],
      ],
    );
    return added > 0;
  }

  /** A slot that came to nothing gets another chance. @returns false when it has none */
  async revive(
    tx: Tx,
    { schedule, slot }: RunKey,
    run: Pick<RunRow, 'cause' | 'created_at' | 'expires_at'>,
  ): Promise<boolean> {
    const revived = await tx.run(
      `UPDATE runs SET state = 'waiting', reason = NULL, cause = ?, created_at = ?, expires_at = ?,
         finished_at = NULL, started_at = NULL
       WHERE schedule = ? AND slot = ? AND targets = '[]' AND state IN ('skipped', 'failed')`,
      [run.cause, run.created_at, run.expires_at, schedule, slot],
    );
    return revived > 0;
  }

  /** What waits and what is being made, of all schedules: few. */
  open(): Promise<RunRow[]> {
    return this.db.read(
      `SELECT * FROM runs WHERE ${isOpen} AND state IN ('waiting', 'running') ORDER BY schedule, slot`,
    );
  }

  openOf(tx: Tx, schedule: string): Promise<Pick<RunRow, 'slot' | 'state' | 'cause'>[]> {
    return tx.all(
      `SELECT slot, state, cause FROM runs
       WHERE ${isOpen} AND state IN ('waiting', 'running') AND schedule = ?`,
      [schedule],
    );
  }

  /** Those whose messages are on their way. */
  sending(): Promise<RunRow[]> {
    return this.db.read(
      `SELECT * FROM runs WHERE ${isOpen} AND state = 'sending' ORDER BY schedule, slot`,
    );
  }

  /** @param seen as it was when it was chosen @returns false when another was faster */
  async take(
    tx: Tx,
    seen: RunKey & Pick<RunRow, 'state' | 'attempt'>,
    hold: { owner: string; now: number; leaseUntil: number },
  ): Promise<boolean> {
    const taken = await tx.run(
      `UPDATE runs SET state = 'running', owner = ?, lease_until = ?, attempt = attempt + 1,
         started_at = coalesce(started_at, ?)
       WHERE schedule = ? AND slot = ? AND state = ? AND attempt = ?`,
      [hold.owner, hold.leaseUntil, hold.now, seen.schedule, seen.slot, seen.state, seen.attempt],
    );
    return taken > 0;
  }

  /** @returns false when it is not held any more */
  async beat(tx: Tx, hold: RunHold, leaseUntil: number): Promise<boolean> {
    const kept = await tx.run(`UPDATE runs SET lease_until = ? WHERE ${held}`, [
      leaseUntil,
      ...paramsOf(hold),
    ]);
    return kept > 0;
  }

  /** Back into the queue: the process ends in good order. */
  async giveBack(tx: Tx, hold: RunHold): Promise<boolean> {
    const given = await tx.run(
      `UPDATE runs SET state = 'waiting', owner = NULL, lease_until = NULL WHERE ${held}`,
      paramsOf(hold),
    );
    return given > 0;
  }

  /** @returns false when it is not held any more: then nothing may be sent */
  async settle(tx: Tx, hold: RunHold, end: RunEnd): Promise<boolean> {
    const settled = await tx.run(
      `UPDATE runs SET state = ?, reason = ?, finished_at = ?, targets = ?, row_count = ?,
         output = ?, lease_until = NULL WHERE ${held}`,
      [
        ...[end.state, end.reason, end.finished_at, end.targets, end.row_count, end.output],
        ...paramsOf(hold),
      ],
    );
    return settled > 0;
  }

  /** Ends one that nobody makes. @returns false when its state was not `from` any more */
  async end(
    tx: Tx,
    { schedule, slot }: RunKey,
    from: RunState,
    end: Pick<RunRow, 'state' | 'reason' | 'finished_at'> & { targets?: string },
  ): Promise<boolean> {
    const ended = await tx.run(
      `UPDATE runs SET state = ?, reason = ?, finished_at = ?, targets = coalesce(?, targets)
       WHERE schedule = ? AND slot = ? AND state = ?`,
      [end.state, end.reason, end.finished_at, end.targets ?? null, schedule, slot, from],
    );
    return ended > 0;
  }

  /** Slots that were skipped as missed and lie ahead again. @returns how many */
  forgetMissed(tx: Tx, schedule: string, after: number, reason: string): Promise<number> {
    return tx.run(
      `DELETE FROM runs WHERE schedule = ? AND slot > ? AND state = 'skipped' AND reason = ?`,
      [schedule, after, reason],
    );
  }

  async get({ schedule, slot }: RunKey): Promise<RunRow | undefined> {
    const rows = await this.db.read<RunRow>('SELECT * FROM runs WHERE schedule = ? AND slot = ?', [
      schedule,
      slot,
    ]);
    return rows[0];
  }

  /** Of one schedule, newest slot first, below `before`. */
  async history(
    schedule: string,
    filter: { state?: string | undefined; before?: number | undefined },
    limit: number,
  ): Promise<RunRow[]> {
    const { state, before = Number.MAX_SAFE_INTEGER } = filter;
    const params: Param[] = [schedule, before];
    if (state !== undefined) params.push(state);
    return await this.db.readLong<RunRow>(
      `SELECT * FROM runs WHERE schedule = ? AND slot < ? ${state === undefined ? '' : 'AND state = ?'}
       ORDER BY slot DESC LIMIT ?`,
      [...params, limit],
    );
  }

  /** Of all schedules, newest first, behind `after`. */
  async recent(
    filter: { state?: string | undefined; after?: RunPlace | undefined },
    limit: number,
  ): Promise<RunRow[]> {
    const { state, after } = filter;
    const where: string[] = [];
    const params: Param[] = [];
    if (after !== undefined) {
      where.push('(created_at, schedule, slot) < (?, ?, ?)');
      params.push(after.created_at, after.schedule, after.slot);
    }
    if (state !== undefined) {
      where.push('state = ?');
      params.push(state);
    }
    return await this.db.readLong<RunRow>(
      `SELECT * FROM runs ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`}
       ORDER BY created_at DESC, schedule DESC, slot DESC LIMIT ?`,
      [...params, limit],
    );
  }

  /** The newest of a schedule that was not skipped. */
  async last(schedule: string): Promise<RunRow | undefined> {
    const rows = await this.db.read<RunRow>(
      `SELECT * FROM runs WHERE schedule = ? AND state <> 'skipped' ORDER BY slot DESC LIMIT 1`,
      [schedule],
    );
    return rows[0];
  }

  /** Runs that were over before a time. @returns how many went, up to `limit` */
  async prune(before: number, limit: number): Promise<number> {
    const rows = await this.db.readLong<RunKey>(
      `SELECT schedule, slot FROM runs WHERE created_at < ?
         AND state NOT IN ('waiting', 'running', 'sending') ORDER BY created_at LIMIT ?`,
      [before, limit],
    );
    if (rows.length === 0) return 0;
    await this.db.transaction(async (tx) => {
      for (const { schedule, slot } of rows) {
        await tx.run('DELETE FROM runs WHERE schedule = ? AND slot = ?', [schedule, slot]);
      }
    });
    return rows.length;
  }
}

/** Word for word as the index has it: SQLite uses one of some rows only where it sees the same. */
const isOpen = `state IN ('waiting', 'running', 'sending')`;
const held = `schedule = ? AND slot = ? AND owner = ? AND attempt = ? AND state = 'running'`;

function paramsOf({ schedule, slot, owner, attempt }: RunHold): Param[] {
  return [schedule, slot, owner, attempt];
}
