import type { Database, Tx } from './database.ts';

interface DeviceRow {
  id: number;
}

const findSql = 'SELECT id FROM im_devices WHERE platform = ? AND device_id = ?';

/** Numbers of native devices. */
export class ImDeviceStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
  }

  async find(platform: number, deviceId: string): Promise<number | undefined> {
    return (await this.db.read<DeviceRow>(findSql, [platform, deviceId]))[0]?.id;
  }

  /** The number it has, or a new one. */
  async ensure(tx: Tx, platform: number, deviceId: string): Promise<number> {
    await tx.run(
      `INSERT INTO im_devices (platform, device_id) VALUES (?, ?)
       ON CONFLICT (platform, device_id) DO NOTHING`,
      [platform, deviceId],
    );
    const row = await tx.get<DeviceRow>(findSql, [platform, deviceId]);
    if (row === undefined) throw new Error('a device that was added is not there');
    return row.id;
  }
}
