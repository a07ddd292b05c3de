import type { ChatRow, TurnRow } from './chats.ts';
import type { Database, Tx } from './database.ts';

/** Chats as a whole: which of them wait, have ended, are old; for lists. */
export class ChatCareStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  /** Answers that nobody makes any more; those of agents are still to come. */
  halfMade(limit: number): Promise<Pick<TurnRow, 'chat' | 'turn'>[]> {
    return this.db.read(
      `SELECT t.chat, t.turn FROM chat_turns AS t JOIN chats AS c ON c.id = t.chat
       WHERE t.state = 'making' AND c.state <> 'human' ORDER BY t.received_at LIMIT ?`,
      [limit],
    );
  }

  /** What there was of an answer when its maker died. */
  async partOf(tx: Tx, chat: string, turn: number): Promise<string> {
    const sql = 'SELECT reply FROM chat_turns WHERE chat = ? AND turn = ?';
    return (await tx.get<Pick<TurnRow, 'reply'>>(sql, [chat, turn]))?.reply ?? '';
  }

  /** In which nobody has said anything since, the oldest first. */
  async idle(state: ChatRow['state'], before: number, limit: number): Promise<string[]> {
    const rows = await this.db.read<{ id: string }>(
      'SELECT id FROM chats WHERE state = ? AND last_at < ? ORDER BY last_at LIMIT ?',
      [state, before, limit],
    );
    return rows.map((row) => row.id);
  }

  /** The oldest turns. @returns how many went */
  async forgetTurns(tx: Tx, before: number, limit: number): Promise<number> {
    const rows = await tx.all<Pick<TurnRow, 'chat' | 'turn'>>(
      `SELECT chat, turn FROM chat_turns WHERE received_at < ? ORDER BY received_at LIMIT ?`,
      [before, limit],
    );
    for (const { chat, turn } of rows) {
      await tx.run('DELETE FROM chat_turns WHERE chat = ? AND turn = ?', [chat, turn]);
    }
    return rows.length;
  }

  /** Chats that ended before. @returns how many went */
  async forgetChats(tx: Tx, before: number, limit: number): Promise<number> {
    const rows = await tx.all<{ id: string }>(
      `SELECT id FROM chats WHERE state = 'ended' AND last_at < ? ORDER BY last_at LIMIT ?`,
      [before, limit],
    );
    for (const { id } of rows) {
      await tx.run('DELETE FROM chat_turns WHERE chat = ?', [id]);
      await tx.run('DELETE FROM chats WHERE id = ?', [id]);
    }
    return rows.length;
  }

  /** The one talked in last first, from in front of one. */
  list(
    state: ChatRow['state'] | undefined,
    before: { lastAt: number; id: string },
    limit: number,
  ): Promise<ChatRow[]> {
    const { lastAt, id } = before;
    if (state === undefined) {
      return this.db.read(
        `SELECT * FROM chats WHERE (last_at, id) < (?, ?)
         ORDER BY last_at DESC, id DESC LIMIT ?`,
        [lastAt, id, limit],
      );
    }
    return this.db.read(
      `SELECT * FROM chats WHERE state = ? AND (last_at, id) < (?, ?)
       ORDER BY last_at DESC, id DESC LIMIT ?`,
      [state, lastAt, id, limit],
    );
  }

  async countByState(): Promise<Record<ChatRow['state'], number>> {
    const counts = { open: 0, human: 0, ended: 0 };
    const rows = await this.db.read<{ state: ChatRow['state']; count: number }>(
      'SELECT state, count(*) AS count FROM chats GROUP BY state',
    );
    for (const { state, count } of rows) counts[state] = Number(count);
    return counts;
  }
}
