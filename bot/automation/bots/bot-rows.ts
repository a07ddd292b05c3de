import type { BotSettings } from '../../../config/config.ts';
import type { Vault } from '../../../config/secrets.ts';
import type { BotRow, BotStore } from '../../../store/bots.ts';
import type { Database } from '../../../store/database.ts';
import type { QrStore } from '../../../store/qr-codes.ts';
import type { RoomStore } from '../../../store/rooms.ts';
import type { Clock } from '../../clock.ts';
import type { EventRecorder } from '../../events.ts';
import { openSettings, sealSettings } from './bot-settings.ts';

export interface BotRowsOptions {
  db: Database;
  store: BotStore;
  rooms: RoomStore;
  qrCodes: QrStore;
  events: EventRecorder;
  clock: Clock;
  vault: Vault;
}

/** Which bots there are, as the database remembers it. */
export class BotRows {
  readonly #options: BotRowsOptions;

  constructor(options: BotRowsOptions) {
    this.#options = options;
  }

  /**
   * Remembers a bot's settings. A new bot is wanted if its settings say so; what was wanted of a
   * known one stays.
   * @returns whether the settings bind it to another account from now on
   */
  async put(settings: BotSettings, source: BotRow['source']): Promise<boolean> {
    const { db, store, vault, clock } = this.#options;
    const { botcode, accountId } = settings;
    const known = await store.get(botcode);
    const before = known === undefined ? undefined : this.#read(known);
    // A preset account binds when it is new; later decisions of operators are kept.
    const rebind = accountId !== undefined && before?.accountId !== accountId;
    const desired = settings.autoStart ? 'on' : 'off';
    const row = { botcode, ...sealSettings(settings, vault), source, desired, accountId } as const;
    await db.transaction(async (tx) => {
      await store.put(tx, row, clock.now());
      if (rebind && known !== undefined && known.accountId !== accountId) {
        await store.bind(tx, botcode, { id: accountId, name: undefined }, clock.now());
      }
    });
    return rebind;
  }

  /** Forgets a bot; `forGood`: its session too. Channels that knew it hear that it is off. */
  async drop(botcode: string, forGood: boolean): Promise<void> {
    const { db, store, rooms, qrCodes, events } = this.#options;
    const told = (await store.get(botcode))?.told;
    await db.transaction(async (tx) => {
      await rooms.clear(tx, botcode);
      await qrCodes.drop(tx, botcode);
      await store.remove(tx, botcode);
      if (forGood) await store.forgetSession(tx, botcode);
      if (told === undefined || told === 'off') return;
      const status = { status: 'off', reason: 'the bot was removed' } as const;
      await events.record(tx, { type: 'botStatus', botcode, ...status, accountId: undefined });
    });
  }

  /** Undefined when the row cannot be read: it is about to be replaced. */
  #read(row: BotRow): BotSettings | undefined {
    try {
      return openSettings(row, this.#options.vault);
    } catch {
      return undefined;
    }
  }
}
