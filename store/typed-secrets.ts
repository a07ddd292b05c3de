import type { Vault } from '../config/secrets.ts';
import type { Database, Param } from './database.ts';
import { lostAddress, type Parted, SealedField } from './sealed-field.ts';
import { SettingStore } from './settings.ts';

/** Every column in which somebody may have typed a secret, and which field of its JSON holds it. */
const places = {
  channels: { key: 'chid', column: 'settings', field: 'callbackUrl', instead: lostAddress },
  rules: { key: 'id', column: 'reply', field: 'url', instead: lostAddress },
  schedules: {
    ...{ key: 'name', column: 'settings', field: 'source' },
    instead: { type: 'http', url: lostAddress },
  },
} as const;

export function sealedFieldOf(table: keyof typeof places, vault: Vault): SealedField {
  const { field, instead } = places[table];
  return new SealedField(vault, field, instead);
}

const tables = ['channels', 'rules', 'schedules'] as const;
const marker = 'typed_secrets';
const done = 'sealed';
const left = 'left in free pages';

interface SealedRow {
  key: Param;
  text: string;
}

/**
 * Seals what versions before 21 wrote in clear, once: of a database that was brought up to date, of
 * an older backup that was restored. What was deleted and overwritten goes by writing the whole file
 * anew. Needs the right key, so it runs behind `assertVault`.
 * @param rewrite writes the whole file anew @param onLeft why it could not @returns false then: the next start tries
 * again, and until then free pages may hold some of it
 */
export async function sealTyped(
  db: Database,
  vault: Vault,
  rewrite: () => Promise<void>,
  onLeft: (error: unknown) => void,
): Promise<boolean> {
  const settings = new SettingStore(db);
  if ((await settings.read(marker)) === done) return true;
  await db.transaction(async (tx) => {
    for (const table of tables) {
      const { key, column } = places[table];
      const sealer = sealedFieldOf(table, vault);
      const rows = await tx.all<SealedRow>(
        `SELECT ${key} AS key, ${column} AS text FROM ${table} WHERE sealed IS NULL`,
      );
      for (const row of rows) {
        const parted = partedOf(sealer, row.text);
        if (parted?.sealed == null) continue;
        const { clear, sealed } = parted;
        await tx.run(`UPDATE ${table} SET ${column} = ?, sealed = ? WHERE ${key} = ?`, [
          ...[clear, sealed, row.key],
        ]);
      }
    }
  });
  try {
    await rewrite();
  } catch (error) {
    onLeft(error);
    // Where not even this finds room, the full disk is told anyway.
    await mark(db, left).catch(() => {});
    return false;
  }
  await markSealed(db);
  return true;
}

/** Undefined: it is no JSON. Nobody reads such a row, and it is no reason not to start. */
function partedOf(sealer: SealedField, text: string): Parted | undefined {
  try {
    return sealer.part(text);
  } catch {
    return undefined;
  }
}

/** Whether free pages may hold some of it still. */
export async function areLeft(db: Database): Promise<boolean> {
  return (await new SettingStore(db).read(marker)) === left;
}

/** A new database never held any. */
export function markSealed(db: Database): Promise<void> {
  return mark(db, done);
}

function mark(db: Database, state: string): Promise<void> {
  return db.transaction((tx) => new SettingStore(db).write(tx, marker, state));
}

/** How many there are, and how many of them cannot be opened with this key. */
export async function countSealed(
  db: Database,
  vault: Vault,
): Promise<{ sealed: number; lost: number }> {
  const count = { sealed: 0, lost: 0 };
  for (const table of tables) {
    const sealer = sealedFieldOf(table, vault);
    const rows = await db.read<{ sealed: Uint8Array }>(
      `SELECT sealed FROM ${table} WHERE sealed IS NOT NULL`,
    );
    count.sealed += rows.length;
    count.lost += rows.filter(({ sealed }) => sealer.opens(sealed) === undefined).length;
  }
  return count;
}
