import type { Migration } from './migration.ts';

/** The chatbot: what it knows, its rules, and what was said to it. */
export const chatbot: Migration = {
  version: 9,
  name: 'chatbot',
  statements: [
    // Knowledge. reply: an answer that is more than text (JSON). source: where it came from (admin, a
    // file); an import is idempotent by source and title. imported: what the import said (a hash), so
    // that what operators have changed since is kept while the file says the same.
    `CREATE TABLE kb_entries (
      id INTEGER PRIMARY KEY,
      kb TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('qa', 'doc')),
      title TEXT NOT NULL,
      answer TEXT NOT NULL,
      reply TEXT,
      enabled INTEGER NOT NULL DEFAULT 1,
      tags TEXT NOT NULL DEFAULT '[]',
      source TEXT NOT NULL,
      imported TEXT,
      hits BIGINT NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`,
    'CREATE INDEX kb_entries_by_base ON kb_entries (kb, id)',
    'CREATE INDEX kb_entries_by_source ON kb_entries (source, title)',
    // What is searched. role: ask: a way to ask for an entry; more: one that an operator added; answer.
    `CREATE TABLE kb_phrases (
      id INTEGER PRIMARY KEY,
      entry BIGINT NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('ask', 'more', 'answer')),
      text TEXT NOT NULL
    )`,
    'CREATE INDEX kb_phrases_by_entry ON kb_phrases (entry, id)',
    // rowid: the phrasing, of an entry that is enabled. The words are cut by us and parted by blanks:
    // the tokenizer of the database takes a run of Chinese for one word. words: of a way to ask;
    // answer: of an answer; base: the knowledge base, as one word.
    `CREATE VIRTUAL TABLE kb_index USING fts5(
      words, answer, base, content='', contentless_delete=1,
      tokenize='unicode61 remove_diacritics 0')`,
    // Small pages: the index is merged so many pages at once, and the event loop waits for that.
    `INSERT INTO kb_index (kb_index, rank) VALUES ('pgsz', 400)`,
    `CREATE VIRTUAL TABLE kb_words USING fts5vocab(kb_index, 'col')`,
    // By which rules the index was made, and what was imported from which file (a hash).
    `CREATE TABLE kb_meta (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) WITHOUT ROWID`,
    // Questions that found no answer. norm: as they are told apart.
    `CREATE TABLE kb_unanswered (
      id INTEGER PRIMARY KEY,
      question TEXT NOT NULL,
      norm TEXT NOT NULL UNIQUE,
      count BIGINT NOT NULL,
      chat TEXT NOT NULL,
      first_at BIGINT NOT NULL,
      last_at BIGINT NOT NULL,
      settled_at BIGINT
    )`,
    'CREATE INDEX kb_unanswered_by_time ON kb_unanswered (last_at)',
    'CREATE INDEX kb_unanswered_open ON kb_unanswered (count, id) WHERE settled_at IS NULL',

    `CREATE TABLE rules (
      id INTEGER PRIMARY KEY,
      source TEXT NOT NULL CHECK (source IN ('config', 'admin')),
      name TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('exact', 'contains', 'prefix', 'regex')),
      pattern TEXT NOT NULL,
      scope TEXT NOT NULL,
      priority BIGINT NOT NULL,
      reply TEXT NOT NULL,
      enabled INTEGER NOT NULL DEFAULT 1,
      hits BIGINT NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`,

    // Talks with the chatbot. store_id, human_at: the desk whose agents answer, and since when.
    `CREATE TABLE chats (
      id TEXT PRIMARY KEY,
      channel TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'human', 'ended')),
      turns BIGINT NOT NULL,
      store_id BIGINT,
      human_at BIGINT,
      created_at BIGINT NOT NULL,
      last_at BIGINT NOT NULL,
      ended_at BIGINT
    ) WITHOUT ROWID`,
    'CREATE INDEX chats_by_time ON chats (state, last_at)',
    'CREATE INDEX chats_by_last ON chats (last_at, id)',
    // A question and its answer. key: what a repetition is known by. asked_at: the client's stamp.
    // options: entries it was offered (JSON), of which the next question may pick one by number.
    `CREATE TABLE chat_turns (
      chat TEXT NOT NULL,
      turn BIGINT NOT NULL,
      key TEXT NOT NULL,
      question_id TEXT NOT NULL,
      reply_id TEXT NOT NULL UNIQUE,
      question TEXT NOT NULL,
      asked_at BIGINT NOT NULL,
      received_at BIGINT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('making', 'done', 'failed', 'cancelled')),
      reply TEXT,
      reply_kind TEXT,
      finish TEXT,
      done_at BIGINT,
      options TEXT,
      trace TEXT,
      liked INTEGER,
      PRIMARY KEY (chat, turn)
    ) WITHOUT ROWID`,
    'CREATE UNIQUE INDEX chat_turns_by_key ON chat_turns (chat, key)',
    'CREATE INDEX chat_turns_by_stamp ON chat_turns (chat, asked_at, turn)',
    'CREATE INDEX chat_turns_by_question ON chat_turns (question_id)',
    'CREATE INDEX chat_turns_by_time ON chat_turns (received_at)',
    `CREATE INDEX chat_turns_making ON chat_turns (received_at) WHERE state = 'making'`,
    // What language models have used, by day of the configured zone.
    `CREATE TABLE chat_usage (
      day TEXT PRIMARY KEY,
      tokens BIGINT NOT NULL,
      calls BIGINT NOT NULL
    ) WITHOUT ROWID`,
    // Rooms in which the chatbot was switched on or off.
    `CREATE TABLE room_chat (
      botcode TEXT NOT NULL,
      room_id TEXT NOT NULL,
      enabled INTEGER NOT NULL,
      updated_at BIGINT NOT NULL,
      PRIMARY KEY (botcode, room_id)
    ) WITHOUT ROWID`,
  ],
};
