import type { Clock } from '../../bot/clock.ts';

/** What a fault acts on. */
export type SimTarget = 'text' | 'image' | 'card' | 'rooms' | 'start' | 'ping';
export type SimFault =
  | { kind: 'delay'; on: SimTarget; ms: number }
  | { kind: 'hang'; on: SimTarget }
  | { kind: 'error'; on: SimTarget; message?: string }
  | { kind: 'rate'; on: SimTarget }
  | { kind: 'lost-answer'; on: SimTarget };

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

  /** Acts out the next fault of a target. @returns whether the answer must be lost */
  async actOut(target: SimTarget): Promise<boolean> {
    const index = this.#waiting.findIndex(({ on }) => on === target);
    const [fault] = index < 0 ? [] : this.#waiting.splice(index, 1);
    switch (fault?.kind) {
      case 'delay':
        await this.#clock.sleep(fault.ms);
        return false;
      case 'hang':
        return new Promise<never>(() => {});
      case 'error':
        throw new Error(fault.message ?? 'the account is restricted');
      case 'rate':
        throw new Error('1205 == 0');
      default:
        return fault?.kind === 'lost-answer';
    }
  }
}
