import type { ImDeviceStore } from '../../store/im-devices.ts';

/** So many are remembered. */
const most = 20_000;

/** Native devices and their numbers: what was said on one is told apart from what came from others. */
export class Devices {
  readonly #store: ImDeviceStore;
  /** Those asked for longest ago first. */
  readonly #known = new Map<string, number>();

  constructor(store: ImDeviceStore) {
    this.#store = store;
  }

  /** The number of a device: always the same one. */
  async of(platform: number, deviceId: string): Promise<number> {
    const key = `${platform} ${deviceId}`;
    const known =
      this.#known.get(key) ??
      (await this.#store.find(platform, deviceId)) ??
      (await this.#store.db.transaction((tx) => this.#store.ensure(tx, platform, deviceId)));
    this.#known.delete(key);
    this.#known.set(key, known);
    if (this.#known.size > most) {
      for (const oldest of this.#known.keys()) {
        this.#known.delete(oldest);
        break;
      }
    }
    return known;
  }
}
