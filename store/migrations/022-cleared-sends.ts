import type { Migration } from './migration.ts';

/** Dead letters that operators have dealt with: sent again, or discarded. */
export const clearedSends: Migration = {
  version: 22,
  name: 'cleared sends',
  statements: [
    'ALTER TABLE sends ADD COLUMN cleared_at BIGINT',
    // Few rows: they are taken off what went wrong of late.
    'CREATE INDEX sends_cleared ON sends (settled_at) WHERE cleared_at IS NOT NULL',
  ],
};
