import type { Migration } from './migration.ts';

/** Whose a chat is where tokens name persons; questions that only a language model answered. */
export const chatOwners: Migration = {
  version: 17,
  name: 'chat owners',
  statements: [
    'ALTER TABLE chats ADD COLUMN owner TEXT',
    'ALTER TABLE kb_unanswered ADD COLUMN by_model INTEGER NOT NULL DEFAULT 0',
  ],
};
