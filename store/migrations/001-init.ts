import type { Migration } from './migration.ts';

/**
 * The first schema: channels, commands, bots, sends, events. Times are epoch milliseconds, flags
 * 0/1, JSON is text, sealed columns are bytes of the vault.
 */
export const init: Migration = {
  version: 1,
  name: 'init',
  statements: [
    // Values of the whole installation: generated admin password hash, simulator defaults made.
    'CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL)',

    // Business systems. settings: config/schema.ts ChannelSettings without the keys.
    `CREATE TABLE channels (
      chid TEXT PRIMARY KEY,
      settings TEXT NOT NULL,
      source TEXT NOT NULL,
      paused_reason TEXT,
      event_seq BIGINT NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`,
    // Live signature keys of a channel; two while it changes over.
    `CREATE TABLE channel_keys (
      id INTEGER PRIMARY KEY,
      chid TEXT NOT NULL REFERENCES channels (chid) ON DELETE CASCADE,
      sealed BLOB NOT NULL,
      source TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT
    )`,
    'CREATE INDEX channel_keys_by_chid ON channel_keys (chid)',

    // Operators' bearer tokens: SHA-256 of the token only. kind: session (a password opened it) or
    // api (an operator made it).
    `CREATE TABLE admin_tokens (
      id INTEGER PRIMARY KEY,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      hash TEXT NOT NULL UNIQUE,
      created_at BIGINT NOT NULL,
      expires_at BIGINT
    )`,

    // Idempotency of commands that send nothing: the answer a (channel, txcode, day of txtime) got,
    // null while it is being done. digest covers command and body without txtime and sign.
    `CREATE TABLE commands (
      chid TEXT NOT NULL,
      txcode TEXT NOT NULL,
      day TEXT NOT NULL,
      digest TEXT NOT NULL,
      answer TEXT,
      at BIGINT NOT NULL,
      PRIMARY KEY (chid, txcode, day)
    ) WITHOUT ROWID`,

    // settings: config/schema.ts BotSettings without puppetOptions, which hold tokens and lie in
    // sealed. desired: on, off, or out (logged out by command). told: last botStatus that channels
    // were told, so that restarts tell nothing twice. account_id: the account it is bound to.
    `CREATE TABLE bots (
      botcode TEXT PRIMARY KEY,
      settings TEXT NOT NULL,
      sealed BLOB,
      source TEXT NOT NULL,
      desired TEXT NOT NULL,
      told TEXT,
      account_id TEXT,
      account_name TEXT,
      room_generation BIGINT NOT NULL DEFAULT 0,
      rooms_synced_at BIGINT,
      breaker_until BIGINT NOT NULL DEFAULT 0,
      breaker_level INTEGER NOT NULL DEFAULT 0,
      created_at BIGINT NOT NULL,
      updated_at BIGINT NOT NULL
    )`,
    // Memory card of a puppet: as good as the account, so sealed.
    `CREATE TABLE bot_sessions (
      botcode TEXT PRIMARY KEY,
      sealed BLOB NOT NULL,
      updated_at BIGINT NOT NULL
    )`,

    // Our own room directory. generation: the finished room sync that last changed the row.
    // last_seen: the same moment; a room that is not gone was seen by the bot's last sync too.
    `CREATE TABLE rooms (
      botcode TEXT NOT NULL,
      room_id TEXT NOT NULL,
      topic TEXT NOT NULL,
      former_topics TEXT NOT NULL DEFAULT '[]',
      members TEXT NOT NULL DEFAULT '[]',
      generation BIGINT NOT NULL,
      first_seen BIGINT NOT NULL,
      last_seen BIGINT NOT NULL,
      gone INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (botcode, room_id)
    )`,

    // What waits to leave for WeChat, and what left. lane: what keeps order, a room or a contact.
    // state: queued sending sent absent failed expired cancelled unknown. outcome 3 and 4: sent,
    // but the one to @ is not in the room, or is nobody.
    `CREATE TABLE sends (
      msgid INTEGER PRIMARY KEY,
      botcode TEXT NOT NULL,
      chid TEXT NOT NULL,
      txcode TEXT NOT NULL,
      day TEXT,
      digest TEXT,
      answer TEXT,
      kind TEXT NOT NULL,
      lane TEXT NOT NULL,
      payload TEXT NOT NULL,
      state TEXT NOT NULL,
      outcome INTEGER,
      reason TEXT,
      account_id TEXT,
      room_id TEXT,
      parts INTEGER NOT NULL DEFAULT 1,
      parts_done INTEGER NOT NULL DEFAULT 0,
      message_id TEXT,
      attempts INTEGER NOT NULL DEFAULT 0,
      accepted_at BIGINT NOT NULL,
      run_at BIGINT NOT NULL DEFAULT 0,
      expires_at BIGINT NOT NULL,
      handed_at BIGINT,
      settled_at BIGINT
    )`,
    // One row for each request that sends; other commands have theirs in `commands`.
    'CREATE UNIQUE INDEX sends_by_request ON sends (chid, txcode, day) WHERE day IS NOT NULL',
    // expires_at rides along so that the search for expired sends reads the index alone.
    `CREATE INDEX sends_queued ON sends (botcode, lane, msgid, expires_at) WHERE state = 'queued'`,
    `CREATE INDEX sends_open ON sends (botcode, state) WHERE state IN ('sending', 'unknown')`,
    'CREATE INDEX sends_by_age ON sends (settled_at) WHERE settled_at IS NOT NULL',

    // Flight recorder: what happened to a send between accepted and settled.
    `CREATE TABLE send_steps (
      id INTEGER PRIMARY KEY,
      msgid BIGINT NOT NULL,
      at BIGINT NOT NULL,
      step TEXT NOT NULL,
      detail TEXT
    )`,
    'CREATE INDEX send_steps_by_msgid ON send_steps (msgid, id)',

    // Why a bot's queue stood still: one row per change, an empty reason when it moved again. Kept
    // per bot, so that going offline with 100,000 queued writes one row.
    `CREATE TABLE bot_waits (
      id INTEGER PRIMARY KEY,
      botcode TEXT NOT NULL,
      at BIGINT NOT NULL,
      reason TEXT
    )`,
    'CREATE INDEX bot_waits_by_bot ON bot_waits (botcode, at)',

    // Budgets of bots and rooms. bucket: 'bot' or a lane. taken: JSON [[at, count], …], what was
    // taken within the last window; at: the newest of them.
    `CREATE TABLE pacing (
      botcode TEXT NOT NULL,
      bucket TEXT NOT NULL,
      taken TEXT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (botcode, bucket)
    ) WITHOUT ROWID`,

    // The durable event stream of each channel, and its delivery by webhook in the same row.
    // state: due acked dead superseded none (no callback address: pull and SSE only).
    // due_since: creation, or when it was last sent again; the retry schedule counts from it.
    `CREATE TABLE events (
      chid TEXT NOT NULL,
      event_id BIGINT NOT NULL,
      botcode TEXT NOT NULL,
      type TEXT NOT NULL,
      body TEXT NOT NULL,
      msgid BIGINT,
      at BIGINT NOT NULL,
      state TEXT NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      due_since BIGINT NOT NULL,
      run_at BIGINT NOT NULL,
      first_try_at BIGINT,
      done_at BIGINT,
      last_error TEXT,
      PRIMARY KEY (chid, event_id)
    ) WITHOUT ROWID`,
    `CREATE INDEX events_due ON events (chid, botcode, event_id) WHERE state = 'due'`,
    `CREATE INDEX events_dead ON events (chid, event_id) WHERE state = 'dead'`,
    `CREATE INDEX events_open_qr ON events (botcode)
      WHERE type = 'qrCode' AND state IN ('due', 'dead', 'none')`,
    'CREATE INDEX events_by_msgid ON events (msgid) WHERE msgid IS NOT NULL',
    'CREATE INDEX events_by_age ON events (at)',
    `CREATE TABLE delivery_attempts (
      id INTEGER PRIMARY KEY,
      chid TEXT NOT NULL,
      event_id BIGINT NOT NULL,
      at BIGINT NOT NULL,
      took_ms INTEGER NOT NULL,
      status INTEGER,
      error TEXT,
      answer TEXT
    )`,
    'CREATE INDEX delivery_attempts_by_event ON delivery_attempts (chid, event_id, id)',

    // Uploaded files, named by their SHA-256.
    `CREATE TABLE files (
      sha256 TEXT PRIMARY KEY,
      type TEXT NOT NULL,
      extension TEXT NOT NULL,
      size BIGINT NOT NULL,
      created_at BIGINT NOT NULL
    )`,

    // QR pictures are fetched without a session by an unguessable name.
    `CREATE TABLE qr_codes (
      name TEXT PRIMARY KEY,
      botcode TEXT NOT NULL,
      text TEXT NOT NULL,
      created_at BIGINT NOT NULL,
      expires_at BIGINT NOT NULL
    )`,
    'CREATE INDEX qr_codes_by_bot ON qr_codes (botcode)',
  ],
};
