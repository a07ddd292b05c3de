import type { Migration } from './migration.ts';

/** What phrasings mean, as a model of embeddings says it. */
export const kbVectors: Migration = {
  version: 10,
  name: 'kb-vectors',
  statements: [
    // hash: of the text that the vector was made of. vector: float32, little-endian, of length 1.
    `CREATE TABLE kb_vectors (
      phrase INTEGER PRIMARY KEY,
      model TEXT NOT NULL,
      hash TEXT NOT NULL,
      vector BLOB NOT NULL
    )`,
  ],
};
