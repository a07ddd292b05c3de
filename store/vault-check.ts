import type { Vault } from '../config/secrets.ts';
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
    throw new DatabaseUnusable(
      {
        zh:
          'secret.key 不是写这个数据库时所用的那个：请把原来的放回来（每份备份中都有）；' +
          '或放弃它所保护的内容：wxrc secret accept --yes',
        en:
          'secret.key is not the one that this database was written with: put the right one back ' +
          '(every backup holds it); or give up what it protects with: wxrc secret accept --yes',
      },
      { cause: error },
    );
  }
}

/** Whether a key was ever used with it. */
export async function knowsVault(db: Database): Promise<boolean> {
  return (await new SettingStore(db).read(name)) !== undefined;
}

/** From now on this key is the right one. */
export async function acceptVault(db: Database, vault: Vault): Promise<void> {
  const value = vault.seal('').toString('base64');
  await db.transaction((tx) => new SettingStore(db).write(tx, name, value));
}
