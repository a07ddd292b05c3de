import type { Migration } from './migration.ts';

/** WeChat's own platform: what it pushes, what goes to it, and what it allows. */
export const wechat: Migration = {
  version: 5,
  name: 'wechat',
  statements: [
    // Each push once: `key` tells a repeated one. body: decrypted, as it came; null once forgotten.
    // state: due done failed. answer: what WeChat got. The last ones are kept for operators to read.
    `CREATE TABLE wechat_pushes (
      id INTEGER PRIMARY KEY,
      account TEXT NOT NULL,
      key TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL,
      open_id TEXT NOT NULL,
      format TEXT NOT NULL,
      body TEXT,
      received_at BIGINT NOT NULL,
      tries INTEGER NOT NULL DEFAULT 1,
      state TEXT NOT NULL,
      answer TEXT,
      took_ms INTEGER,
      error TEXT
    )`,
    `CREATE INDEX wechat_pushes_due ON wechat_pushes (id) WHERE state = 'due'`,
    'CREATE INDEX wechat_pushes_by_account ON wechat_pushes (account, id)',
    'CREATE INDEX wechat_pushes_by_user ON wechat_pushes (account, open_id, id)',
    `CREATE INDEX wechat_pushes_failed ON wechat_pushes (id) WHERE state = 'failed'`,
    'CREATE INDEX wechat_pushes_bodies ON wechat_pushes (id) WHERE body IS NOT NULL',
    // Waiting to leave. kind: custom notice. content: JSON. part, parts: of a text too long for one.
    // message_id, conversation, agent: what it spells, and whom to tell when it fails. state: due
    // sending sent kept failed unknown. head: 1 for the oldest of its user that is due or sending: nobody
    // overtakes it. charged, charged_at: the window that its hand-over counts in. via: custom subscribe
    // local.
    `CREATE TABLE wechat_outbox (
      id INTEGER PRIMARY KEY,
      account TEXT NOT NULL,
      open_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      content TEXT NOT NULL,
      part INTEGER NOT NULL DEFAULT 0,
      parts INTEGER NOT NULL DEFAULT 1,
      message_id BIGINT,
      conversation BIGINT,
      agent TEXT,
      state TEXT NOT NULL,
      head INTEGER NOT NULL,
      attempts INTEGER NOT NULL DEFAULT 0,
      run_at BIGINT NOT NULL,
      locked_until BIGINT,
      charged TEXT,
      charged_at BIGINT,
      via TEXT,
      errcode INTEGER,
      error TEXT,
      created_at BIGINT NOT NULL,
      handed_at BIGINT,
      settled_at BIGINT
    )`,
    'CREATE INDEX wechat_outbox_due ON wechat_outbox (head, run_at, id) WHERE head = 1',
    `CREATE INDEX wechat_outbox_sending ON wechat_outbox (id) WHERE state = 'sending'`,
    `CREATE INDEX wechat_outbox_open ON wechat_outbox (account, open_id, id)
       WHERE state IN ('due', 'sending')`,
    'CREATE UNIQUE INDEX wechat_outbox_heads ON wechat_outbox (account, open_id) WHERE head = 1',
    'CREATE INDEX wechat_outbox_by_user ON wechat_outbox (account, open_id, id)',
    'CREATE INDEX wechat_outbox_by_state ON wechat_outbox (state, id)',
    'CREATE INDEX wechat_outbox_settled ON wechat_outbox (settled_at) WHERE settled_at IS NOT NULL',
    // What the user did that opens a window for sends, how many left since, and when WeChat said
    // that it is over.
    `CREATE TABLE wechat_windows (
      account TEXT NOT NULL,
      open_id TEXT NOT NULL,
      action TEXT NOT NULL,
      at BIGINT NOT NULL,
      sends INTEGER NOT NULL,
      closed_at BIGINT,
      PRIMARY KEY (account, open_id, action)
    ) WITHOUT ROWID`,
    'CREATE INDEX wechat_windows_by_age ON wechat_windows (at)',
    // One send each. kind: form template. value: the form id, or the template. account: empty with
    // forms, which belong to the mini-program IM. used_at: since when it counts no more; ended: why,
    // used refused dropped removed.
    `CREATE TABLE wechat_credits (
      id INTEGER PRIMARY KEY,
      account TEXT NOT NULL,
      open_id TEXT NOT NULL,
      kind TEXT NOT NULL,
      value TEXT NOT NULL,
      at BIGINT NOT NULL,
      expires_at BIGINT,
      used_at BIGINT,
      ended TEXT
    )`,
    `CREATE INDEX wechat_credits_live ON wechat_credits (account, open_id, kind, id)
       WHERE used_at IS NULL`,
    'CREATE INDEX wechat_credits_by_user ON wechat_credits (account, open_id, kind, id)',
    'CREATE INDEX wechat_credits_used ON wechat_credits (used_at) WHERE used_at IS NOT NULL',
    'CREATE INDEX wechat_credits_expiring ON wechat_credits (expires_at) WHERE expires_at IS NOT NULL',
    // Sealed. forced: when a new one was forced, JSON list of times.
    `CREATE TABLE wechat_tokens (
      account TEXT PRIMARY KEY,
      token BLOB,
      expires_at BIGINT NOT NULL,
      forced TEXT NOT NULL
    )`,
    // session_key is sealed and never leaves.
    `CREATE TABLE wechat_sessions (
      account TEXT NOT NULL,
      open_id TEXT NOT NULL,
      union_id TEXT,
      session_key BLOB NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (account, open_id)
    ) WITHOUT ROWID`,
    // Files of ours that WeChat holds for three days.
    `CREATE TABLE wechat_media (
      account TEXT NOT NULL,
      sha256 TEXT NOT NULL,
      kind TEXT NOT NULL,
      media_id TEXT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (account, sha256, kind)
    ) WITHOUT ROWID`,
    'CREATE INDEX wechat_media_by_id ON wechat_media (account, media_id)',
    'CREATE INDEX wechat_media_by_age ON wechat_media (at)',
  ],
};
