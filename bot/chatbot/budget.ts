import type { ChatUsageRow, ChatUsageStore } from '../../store/chat-usage.ts';
import type { Clock } from '../clock.ts';

export interface BudgetOptions {
  store: ChatUsageStore;
  clock: Clock;
  /** In which a day begins. */
  timezone: string;
}

/** Tokens set aside for one call. */
export interface Reservation {
  day: string;
  tokens: number;
}

/**
 * The tokens a day may use. What a call may need at most is written down before it is made, and put
 * right afterwards: neither many at once nor a crash spend more than the bound.
 */
export class Budget {
  readonly #options: BudgetOptions;

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** @returns undefined: the day's tokens do not suffice. @param perDay 0: no bound */
  async reserve(tokens: number, perDay: number): Promise<Reservation | undefined> {
    const { store } = this.#options;
    return await store.db.transaction(async (tx) => {
      const day = this.today();
      if (perDay > 0 && (await store.usedIn(tx, day)) + tokens > perDay) return undefined;
      await store.add(tx, { day, tokens, calls: 1 });
      return { day, tokens };
    });
  }

  /** It takes more than was set aside. @returns whether the day has as much */
  async extend(reservation: Reservation, tokens: number, perDay: number): Promise<boolean> {
    const { store } = this.#options;
    const { day } = reservation;
    return await store.db.transaction(async (tx) => {
      if (perDay > 0 && (await store.usedIn(tx, day)) + tokens > perDay) return false;
      await store.add(tx, { day, tokens, calls: 0 });
      tx.onDurable(() => {
        reservation.tokens += tokens;
      });
      return true;
    });
  }

  /** What it has used indeed, on the day on which it began. */
  async settle({ day, tokens }: Reservation, used: number): Promise<void> {
    const { store } = this.#options;
    if (used === tokens) return;
    await store.db.transaction((tx) => store.add(tx, { day, tokens: used - tokens, calls: 0 }));
  }

  used(): Promise<ChatUsageRow> {
    return this.#options.store.of(this.today());
  }

  /** yyyy-mm-dd. */
  today(): string {
    const { clock, timezone } = this.#options;
    return new Intl.DateTimeFormat('en-CA', {
      timeZone: timezone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    }).format(clock.now());
  }
}

/** Tokens of a text, rather too many: a Chinese character or three letters each. */
export function tokensIn(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 3);
}
