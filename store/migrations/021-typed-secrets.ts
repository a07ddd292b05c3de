import type { Migration } from './migration.ts';

/**
 * What somebody types as a secret lies sealed beside the rest: addresses of receivers, what rules
 * ask, sources of reports. The key is not known here: `store/typed-secrets.ts` seals what is there.
 */
export const typedSecrets: Migration = {
  version: 21,
  name: 'typed secrets',
  statements: [
    // Of settings: `callbackUrl`.
    'ALTER TABLE channels ADD COLUMN sealed BLOB',
    // Of reply: `url`.
    'ALTER TABLE rules ADD COLUMN sealed BLOB',
    // Of settings: `source`.
    'ALTER TABLE schedules ADD COLUMN sealed BLOB',
  ],
};
