import type { RoomChatStore } from '../../store/room-chat.ts';
import type { Clock } from '../clock.ts';

export interface RoomSetting {
  botcode: string;
  roomId: string;
  enabled: boolean;
  updatedAt: number;
}

/** In which rooms bots answer, where somebody has said so. */
export class RoomSwitch {
  readonly #store: RoomChatStore;
  readonly #clock: Clock;
  readonly #settings = new Map<string, RoomSetting>();

  constructor(store: RoomChatStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  async start(): Promise<void> {
    for (const row of await this.#store.all()) {
      const { botcode, room_id: roomId, enabled, updated_at } = row;
      const setting = { botcode, roomId, enabled: Number(enabled) === 1, updatedAt: updated_at };
      this.#settings.set(keyOf(botcode, roomId), setting);
    }
  }

  list(): RoomSetting[] {
    return [...this.#settings.values()];
  }

  /** Undefined: nobody has said anything of this room. */
  get(botcode: string, roomId: string): boolean | undefined {
    return this.#settings.get(keyOf(botcode, roomId))?.enabled;
  }

  /** @param enabled undefined: as all others */
  async set(botcode: string, roomId: string, enabled: boolean | undefined): Promise<void> {
    const key = keyOf(botcode, roomId);
    const updatedAt = this.#clock.now();
    await this.#store.db.transaction(async (tx) => {
      if (enabled === undefined) await this.#store.remove(tx, botcode, roomId);
      else {
        const row = { botcode, room_id: roomId, enabled: enabled ? 1 : 0, updated_at: updatedAt };
        await this.#store.put(tx, row);
      }
      tx.onDurable(() => {
        if (enabled === undefined) this.#settings.delete(key);
        else this.#settings.set(key, { botcode, roomId, enabled, updatedAt });
      });
    });
  }
}

function keyOf(botcode: string, roomId: string): string {
  return `${botcode}\n${roomId}`;
}
