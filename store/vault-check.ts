import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openVault, type Vault } from '../config/secrets.ts';
import type { Database } from './database.ts';
import { SettingStore } from './settings.ts';
import { DatabaseUnusable } from './wal-check.ts';

const name = 'vault_check';

/**
 * Refuses a `secret.key` that is not the one this database was written with: nothing sealed in it
 * could be opened, so that every signature would look wrong and every session be lost.
 * @throws DatabaseUnusable
 */
export async function assertVault(db: Database, vault: Vault): Promise<void> {
  const sealed = await new SettingStore(db).read(name);
  if (sealed === undefined) return await acceptVault(db, vault);
  try {
    vault.open(Buffer.from(sealed, 'base64'));
  } catch (error) {
    throw wrongKey({ cause: error });
  }
}

/**
 * The vault of a data directory, before anything is changed in it: a start that is refused has not
 * upgraded, and has made no key in the place of one that is lost.
 * @throws DatabaseUnusable
 */
export async function openVaultOf(db: Database, dataDir: string): Promise<Vault> {
  const known = await knowsVault(db);
  if (known && !existsSync(join(dataDir, 'secret.key'))) throw wrongKey();
  const vault = openVault(dataDir);
  if (known) await assertVault(db, vault);
  return vault;
}

/** Whether a key was ever used with it. */
export async function knowsVault(db: Database): Promise<boolean> {
  // Asked of a new database, too.
  const [settings] = await db.read("SELECT 1 FROM sqlite_master WHERE name = 'settings'");
  return settings !== undefined && (await new SettingStore(db).read(name)) !== undefined;
}

/** From now on this key is the right one. */
export async function acceptVault(db: Database, vault: Vault): Promise<void> {
  const value = vault.seal('').toString('base64');
  await db.transaction((tx) => new SettingStore(db).write(tx, name, value));
}

function wrongKey(options?: ErrorOptions): DatabaseUnusable {
  return new DatabaseUnusable(
    {
      zh:
        'secret.key 不是写这个数据库时所用的那个：请把原来的放回来（每份备份中都有）；' +
        '或放弃它所保护的内容：wxrc secret accept --yes',
      en:
        'secret.key is not the one that this database was written with: put the right one back ' +
        '(every backup holds it); or give up what it protects with: wxrc secret accept --yes',
    },
    options,
  );
}
