import type { Migration } from './migration.ts';

/** Which request a send for later came with: asked for again, it is the same one. */
export const scheduledRequests: Migration = {
  version: 18,
  name: 'requests of scheduled sends',
  statements: [
    'ALTER TABLE scheduled_sends ADD COLUMN txcode TEXT',
    'CREATE UNIQUE INDEX scheduled_sends_by_request ON scheduled_sends (txcode) WHERE txcode IS NOT NULL',
  ],
};
