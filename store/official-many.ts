import type { Database, Tx } from './database.ts';

/** Users of one row; a bit for each. */
const blockSize = 1024;

/** Who gets what is pushed to many: a row for each block of users. */
export class OfficialManyStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async put(tx: Tx, messageId: number, uids: readonly number[]): Promise<void> {
    for (const [block, bits] of blocksOf(uids)) {
      await tx.run('INSERT INTO official_many (block, message_id, bits) VALUES (?, ?, ?)', [
        block,
        messageId,
        bits,
      ]);
    }
  }

  /**
   * Messages for anybody of a user's block, oldest first: each with whether it is for the user.
   * Behind `after`, up to `upTo`.
   */
  async read(
    uid: number,
    after: number,
    upTo: number,
    limit: number,
  ): Promise<{ messageId: number; own: boolean }[]> {
    const rows = await this.db.read<{ message_id: number; bits: Uint8Array }>(
      `SELECT message_id, bits FROM official_many
       WHERE block = ? AND message_id > ? AND message_id <= ? ORDER BY message_id LIMIT ?`,
      [blockOf(uid), after, upTo, limit],
    );
    return rows.map(({ message_id, bits }) => ({ messageId: message_id, own: isIn(bits, uid) }));
  }

  /** The next block behind one that has any. */
  async nextBlock(after: number): Promise<number | undefined> {
    const [row] = await this.db.read<{ block: number }>(
      'SELECT block FROM official_many WHERE block > ? ORDER BY block LIMIT 1',
      [after],
    );
    return row?.block;
  }

  /** The first of a block. */
  async first(block: number, limit: number): Promise<number[]> {
    const rows = await this.db.read<{ message_id: number }>(
      'SELECT message_id FROM official_many WHERE block = ? ORDER BY message_id LIMIT ?',
      [block, limit],
    );
    return rows.map((row) => row.message_id);
  }

  /** The message of a block behind which there are `count`; 0 when there are no more. */
  async messageBefore(block: number, count: number): Promise<number> {
    const [row] = await this.db.read<{ message_id: number }>(
      `SELECT message_id FROM official_many WHERE block = ?
       ORDER BY message_id DESC LIMIT 1 OFFSET ?`,
      [block, count],
    );
    return row?.message_id ?? 0;
  }

  /** @returns how many rows went */
  forget(tx: Tx, block: number, upTo: number): Promise<number> {
    return tx.run('DELETE FROM official_many WHERE block = ? AND message_id <= ?', [block, upTo]);
  }
}

function blockOf(uid: number): number {
  return Math.floor(uid / blockSize);
}

function blocksOf(uids: readonly number[]): Map<number, Uint8Array> {
  const blocks = new Map<number, Uint8Array>();
  for (const uid of uids) {
    const block = blockOf(uid);
    let bits = blocks.get(block);
    if (bits === undefined) {
      bits = new Uint8Array(blockSize / 8);
      blocks.set(block, bits);
    }
    const at = uid % blockSize;
    bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
  return blocks;
}

function isIn(bits: Uint8Array, uid: number): boolean {
  const at = uid % blockSize;
  return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0;
}
