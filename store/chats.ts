import type { Database, Tx } from './database.ts';

/** A row of `chats`. */
export interface ChatRow {
  id: string;
  channel: string;
  state: 'open' | 'human' | 'ended';
  turns: number;
  /** The desk whose agents answer. */
  store_id: number | null;
  /** Since when they do. */
  human_at: number | null;
  created_at: number;
  last_at: number;
  ended_at: number | null;
  /** Whose it is; null: of nobody by name. */
  owner: string | null;
}

/** A row of `chat_turns`. */
export interface TurnRow {
  chat: string;
  turn: number;
  key: string;
  question_id: string;
  reply_id: string;
  question: string;
  asked_at: number;
  received_at: number;
  state: 'making' | 'done' | 'failed' | 'cancelled';
  /** The text of the answer. */
  reply: string | null;
  /** JSON: an answer that is more than text. */
  reply_kind: string | null;
  finish: string | null;
  done_at: number | null;
  /** JSON list of entries offered. */
  options: string | null;
  /** JSON list of steps. */
  trace: string | null;
  liked: number | null;
}

/** What is written down when an answer is there. */
export type TurnEnd = Pick<
  TurnRow,
  'state' | 'reply' | 'reply_kind' | 'finish' | 'done_at' | 'options' | 'trace'
>;

/** Chats, and the questions and answers in them. */
export class ChatStore {
  readonly db: Database;
  /** Called with the name of each chat that changed, once that is on disk. */
  touched: ((id: string) => void) | undefined;

  constructor(db: Database) {
    this.db = db;
  }

  async byId(id: string): Promise<ChatRow | undefined> {
    return (await this.db.read<ChatRow>('SELECT * FROM chats WHERE id = ?', [id]))[0];
  }

  find(tx: Tx, id: string): Promise<ChatRow | undefined> {
    return tx.get('SELECT * FROM chats WHERE id = ?', [id]);
  }

  async add(
    tx: Tx,
    row: Pick<ChatRow, 'id' | 'channel' | 'created_at' | 'owner'>,
  ): Promise<ChatRow> {
    const { id, channel, created_at, owner } = row;
    await tx.run(
      `INSERT INTO chats (id, channel, state, turns, created_at, last_at, owner)
       VALUES (?, ?, 'open', 0, ?, ?, ?)`,
      [id, channel, created_at, created_at, owner],
    );
    const none = { store_id: null, human_at: null, ended_at: null } as const;
    return {
      id,
      channel,
      state: 'open',
      turns: 0,
      created_at,
      last_at: created_at,
      owner,
      ...none,
    };
  }

  async put(tx: Tx, row: ChatRow): Promise<void> {
    const { touched } = this;
    if (touched !== undefined) tx.onDurable(() => touched(row.id));
    await tx.run(
      `UPDATE chats SET state = ?, turns = ?, store_id = ?, human_at = ?, last_at = ?, ended_at = ?
       WHERE id = ?`,
      [row.state, row.turns, row.store_id, row.human_at, row.last_at, row.ended_at, row.id],
    );
  }

  async addTurn(tx: Tx, row: TurnRow): Promise<void> {
    await tx.run(
      `INSERT INTO chat_turns (chat, turn, key, question_id, reply_id, question, asked_at,
         received_at, state, reply, reply_kind, finish, done_at, options, trace, liked)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        ...[row.chat, row.turn, row.key, row.question_id, row.reply_id, row.question],
        ...[row.asked_at, row.received_at, row.state, row.reply, row.reply_kind, row.finish],
        ...[row.done_at, row.options, row.trace, row.liked],
      ],
    );
  }

  findByKey(tx: Tx, chat: string, key: string): Promise<TurnRow | undefined> {
    return tx.get('SELECT * FROM chat_turns WHERE chat = ? AND key = ?', [chat, key]);
  }

  async byReply(replyId: string): Promise<TurnRow | undefined> {
    const sql = 'SELECT * FROM chat_turns WHERE reply_id = ?';
    return (await this.db.read<TurnRow>(sql, [replyId]))[0];
  }

  findByReply(tx: Tx, replyId: string): Promise<TurnRow | undefined> {
    return tx.get('SELECT * FROM chat_turns WHERE reply_id = ?', [replyId]);
  }

  async last(chat: string): Promise<TurnRow | undefined> {
    const sql = 'SELECT * FROM chat_turns WHERE chat = ? ORDER BY turn DESC LIMIT 1';
    return (await this.db.read<TurnRow>(sql, [chat]))[0];
  }

  /** The last question with this stamp. */
  async atStamp(chat: string, askedAt: number): Promise<TurnRow | undefined> {
    const sql = `SELECT * FROM chat_turns WHERE chat = ? AND asked_at = ? AND question <> ''
                 ORDER BY turn DESC LIMIT 1`;
    return (await this.db.read<TurnRow>(sql, [chat, askedAt]))[0];
  }

  /** The one with the latest stamp, if that is behind the one given. */
  async afterStamp(chat: string, askedAt: number): Promise<TurnRow | undefined> {
    const sql = `SELECT * FROM chat_turns WHERE chat = ? AND asked_at > ?
                 ORDER BY asked_at DESC, turn DESC LIMIT 1`;
    return (await this.db.read<TurnRow>(sql, [chat, askedAt]))[0];
  }

  /** The first that somebody said unasked from a time on. */
  async unaskedFrom(chat: string, at: number): Promise<TurnRow | undefined> {
    const sql = `SELECT * FROM chat_turns WHERE chat = ? AND asked_at >= ? AND question = ''
                 ORDER BY asked_at, turn LIMIT 1`;
    return (await this.db.read<TurnRow>(sql, [chat, at]))[0];
  }

  /** Newest first, below a turn. */
  page(chat: string, before: number, limit: number): Promise<TurnRow[]> {
    return this.db.read(
      'SELECT * FROM chat_turns WHERE chat = ? AND turn < ? ORDER BY turn DESC LIMIT ?',
      [chat, before, limit],
    );
  }

  /** Newest first, up to a turn. */
  recentIn(tx: Tx, chat: string, upTo: number, limit: number): Promise<TurnRow[]> {
    return tx.all(
      'SELECT * FROM chat_turns WHERE chat = ? AND turn <= ? ORDER BY turn DESC LIMIT ?',
      [chat, upTo, limit],
    );
  }

  makingOf(tx: Tx, chat: string): Promise<TurnRow[]> {
    return tx.all(`SELECT * FROM chat_turns WHERE chat = ? AND state = 'making' ORDER BY turn`, [
      chat,
    ]);
  }

  /** Only one that is being made ends. @returns whether it did */
  async endTurn(tx: Tx, chat: string, turn: number, end: TurnEnd): Promise<boolean> {
    const changed = await tx.run(
      `UPDATE chat_turns SET state = ?, reply = ?, reply_kind = ?, finish = ?, done_at = ?,
         options = ?, trace = ? WHERE chat = ? AND turn = ? AND state = 'making'`,
      [
        ...[end.state, end.reply, end.reply_kind, end.finish, end.done_at, end.options, end.trace],
        ...[chat, turn],
      ],
    );
    return changed > 0;
  }

  /** What there is so far of an answer that is being made. */
  async keepPart(tx: Tx, chat: string, turn: number, text: string): Promise<void> {
    await tx.run(
      `UPDATE chat_turns SET reply = ? WHERE chat = ? AND turn = ? AND state = 'making'`,
      [text, chat, turn],
    );
  }

  async retrace(tx: Tx, chat: string, turn: number, trace: string | null): Promise<void> {
    await tx.run('UPDATE chat_turns SET trace = ? WHERE chat = ? AND turn = ?', [
      trace,
      chat,
      turn,
    ]);
  }

  async like(tx: Tx, chat: string, turn: number, liked: boolean): Promise<void> {
    await tx.run('UPDATE chat_turns SET liked = ? WHERE chat = ? AND turn = ?', [
      liked ? 1 : 0,
      chat,
      turn,
    ]);
  }
}
