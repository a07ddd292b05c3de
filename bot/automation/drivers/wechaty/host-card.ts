import { MemoryCard } from 'memory-card';

/**
 * Memory of a puppet that lives in our store: every save hands the whole card over. Puppets wipe
 * their card when they are stopped or cannot reach WeChat; an empty card is therefore not handed
 * over: only an explicit log-out forgets a session.
 */
export class HostCard extends MemoryCard {
  #initial: string | undefined;
  #keep: (card: string) => void = () => {};

  /** Before the puppet starts. */
  bind(initial: string | undefined, keep: (card: string) => void): void {
    this.#initial = initial;
    this.#keep = keep;
  }

  override async load(): Promise<void> {
    if (this.isMultiplex() || this.payload !== undefined) return;
    this.payload = this.#initial === undefined ? {} : JSON.parse(this.#initial);
  }

  override async save(): Promise<void> {
    if (this.isMultiplex()) {
      await this.parent?.save();
      return;
    }
    if (this.payload === undefined || Object.keys(this.payload).length === 0) return;
    this.#keep(JSON.stringify(this.payload));
  }
}
