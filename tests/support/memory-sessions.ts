import type { Sessions } from '../../bot/automation/driver.ts';

/** Kept sessions of a test, in memory: they outlive a driver, not the test. */
export class MemorySessions implements Sessions {
  readonly cards = new Map<string, string>();

  async load(botcode: string): Promise<string | undefined> {
    return this.cards.get(botcode);
  }

  async save(botcode: string, card: string): Promise<void> {
    this.cards.set(botcode, card);
  }

  async forget(botcode: string): Promise<void> {
    this.cards.delete(botcode);
  }
}
