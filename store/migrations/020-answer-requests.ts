import type { Migration } from './migration.ts';

/** Which request an operator's answer to a customer came with: asked for again, it is the same one. */
export const answerRequests: Migration = {
  version: 20,
  name: 'requests of answers',
  statements: [
    'ALTER TABLE im_messages ADD COLUMN txcode TEXT',
    'CREATE UNIQUE INDEX im_messages_by_request ON im_messages (txcode) WHERE txcode IS NOT NULL',
  ],
};
