import { appendFileSync } from 'node:fs';
import { SimPuppet } from './sim-puppet.ts';

const slot = 'CARD-PUPPET';

interface CardPuppetOptions {
  account: { id: string; name: string };
  /** Where its life is told, one line an event. */
  journal: string;
  failStart?: string;
  /** Scans its own QR code after this. */
  scanMs?: number;
  room?: string;
}

/**
 * A local puppet as people install them: its session is in the memory card, it logs in from that
 * without a QR code, and its stop logs out and wipes the card. Loaded by puppet hosts by its path.
 */
export class CardPuppet extends SimPuppet {
  readonly #settings: CardPuppetOptions;

  constructor(options: CardPuppetOptions) {
    super({ account: options.account });
    this.#settings = options;
    if (options.room !== undefined) this.addRoom(options.room, ['张三']);
    this.on('login', () => this.#tell('login'));
    this.on('scan', () => this.#tell('scan'));
    this.on('logout', () => this.#tell('logout'));
    this.on('message', () => this.#tell('message'));
  }

  override async onStart(): Promise<void> {
    this.#tell(`start ${process.pid}`);
    if (this.#settings.failStart !== undefined) throw new Error(this.#settings.failStart);
    if ((await this.memory.get(slot)) !== undefined) this.keepLogin();
    else {
      setTimeout(async () => {
        this.enter();
        await this.memory.set(slot, { cookie: `secret-of-${this.account.id}` });
        await this.memory.save();
        this.#tell('card saved');
      }, this.#settings.scanMs ?? 100);
    }
    await super.onStart();
  }

  override async onStop(): Promise<void> {
    this.#tell('stop');
    await this.memory.delete(slot);
    await this.memory.save();
    await super.onStop();
  }

  #tell(what: string): void {
    appendFileSync(this.#settings.journal, `${what}\n`);
  }
}
