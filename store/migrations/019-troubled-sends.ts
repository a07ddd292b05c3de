import type { Migration } from './migration.ts';

/** Sends that ended otherwise than sent: few among many, and what operators look for. */
export const troubledSends: Migration = {
  version: 19,
  name: 'troubled sends',
  statements: [
    `CREATE INDEX sends_troubled ON sends (msgid, state)
      WHERE state IN ('absent', 'failed', 'expired', 'cancelled')`,
  ],
};
