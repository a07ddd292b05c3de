import type { Clock } from '../../bot/clock.ts';

/** What a fault acts on. */
export type SimTarget = 'text' | 'image' | 'card' | 'rooms' | 'start' | 'ping';
export type SimFault =
  | { kind: 'delay'; on: SimTarget; ms: number }
  | { kind: 'hang'; on: SimTarget }
  | { kind: 'error'; on: SimTarget; message?: string }
  | { kind: 'rate'; on: SimTarget }
  | { kind: 'lost-answer'; on: SimTarget }
  /** What was asked for is done, then the call fails all the same. */
  | { kind: 'late-error'; on: SimTarget };

/** What is left to act out after the deed. */
export type Aftermath = 'none' | 'lost-answer' | 'late-error';

/** Faults of a simulated puppet that wait for their turn; each happens once. */
export class SimFaults {
  readonly #clock: Clock;
  readonly #waiting: SimFault[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(fault: SimFault): void {
    this.#waiting.push(fault);
  }

  waits(target: SimTarget): boolean {
    return this.#waiting.some(({ on }) => on === target);
  }

  /** Acts out the next fault of a target. */
  async actOut(target: SimTarget): Promise<Aftermath> {
    const index = this.#waiting.findIndex(({ on }) => on === target);
    const [fault] = index < 0 ? [] : this.#waiting.splice(index, 1);
    switch (fault?.kind) {
      case 'delay':
        await this.#clock.sleep(fault.ms);
        return 'none';
      case 'hang':
        return new Promise<never>(() => {});
      case 'error':
        throw new Error(fault.message ?? 'the account is restricted');
      case 'rate':
        throw new Error('1205 == 0');
      default:
        return fault?.kind ?? 'none';
    }
  }
}
