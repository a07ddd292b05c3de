import type { Pacing } from '../../../config/config.ts';

/** A taken piece of budget: when, how many. */
export type Taken = [at: number, count: number];

const minute = 60_000;
/**
 * A piece of budget comes back this much later than a minute after it was taken: between the
 * decision and the moment WeChat counts lie a commit and a network.
 */
const margin = 1000;
/** Above this many a minute, takes of the same second are kept as one entry. */
const exactEntries = 64;

/** What a limit per minute means: `size` takes within any `window` milliseconds. */
export function budgetOf(perMinute: number): { size: number; window: number } {
  if (perMinute >= 1) return { size: Math.floor(perMinute), window: minute };
  return { size: 1, window: minute / perMinute };
}

/**
 * A bucket whose tokens each come back a whole window after they were taken, so that no window
 * ever sees more than the budget. (A bucket that drips sees up to twice as many after a pause.)
 */
export class Budget {
  #taken: Taken[];

  constructor(taken: readonly Taken[] = []) {
    this.#taken = taken.map(([at, count]) => [at, count]);
  }

  get taken(): readonly Taken[] {
    return this.#taken;
  }

  /** Time of the newest take, 0 if none. */
  get lastAt(): number {
    return this.#taken.at(-1)?.[0] ?? 0;
  }

  /** Earliest time at which one more may be taken; 0 per minute is no limit. */
  readyAt(now: number, perMinute: number): number {
    if (perMinute <= 0) return now;
    const { size, window } = budgetOf(perMinute);
    this.#drop(now, window);
    let used = 0;
    for (const [, count] of this.#taken) used += count;
    if (used < size) return now;
    let over = used - size + 1;
    for (const [at, count] of this.#taken) {
      over -= count;
      if (over <= 0) return at + window + margin;
    }
    return now;
  }

  take(now: number, perMinute: number): void {
    if (perMinute <= 0) return;
    const last = this.#taken.at(-1);
    const grain = budgetOf(perMinute).size > exactEntries ? 1000 : 1;
    if (last !== undefined && Math.floor(last[0] / grain) === Math.floor(now / grain)) {
      // The whole entry comes back when its newest take does.
      last[0] = Math.max(last[0], now);
      last[1] += 1;
    } else {
      this.#taken.push([now, 1]);
    }
  }

  /** Without a limit only the newest take matters: a pause is counted from it after a restart. */
  mark(now: number): void {
    this.#taken = [[now, 1]];
  }

  /** Gives back what was taken at this time: nothing has left. */
  giveBack(at: number): void {
    // An entry that later takes joined bears a later time; the one taken then is in the first
    // that is not earlier.
    const index = this.#taken.findIndex((entry) => entry[0] >= at);
    const entry = this.#taken[index];
    if (entry === undefined) return;
    entry[1] -= 1;
    if (entry[1] === 0) this.#taken.splice(index, 1);
  }

  /** The clock was set back: what was taken in its future counts as taken now. */
  #drop(now: number, window: number): void {
    let first = 0;
    for (const entry of this.#taken) {
      if (entry[0] > now) entry[0] = now;
      if (entry[0] + window + margin <= now) first += 1;
    }
    if (first > 0) this.#taken = this.#taken.slice(first);
  }
}

/** What a reservation gives back when the message did not leave. */
export interface Reservation {
  giveBack(): void;
}

/** The budgets of one bot and its rooms, and the pause before each send. */
export class BotPacing {
  readonly #bot: Budget;
  readonly #lanes = new Map<string, Budget>();
  readonly #random: () => number;
  #notBefore = 0;
  /** So many lane budgets are kept before those that are full again are forgotten. */
  #roomFor = 256;

  /** @param buckets what was stored: 'bot' and lanes */
  constructor(
    random: () => number,
    buckets: ReadonlyMap<string, readonly Taken[]> = new Map(),
    jitterTo = 0,
  ) {
    this.#random = random;
    this.#bot = new Budget(buckets.get('bot'));
    for (const [bucket, taken] of buckets) {
      if (bucket !== 'bot') this.#lanes.set(bucket, new Budget(taken));
    }
    if (this.#bot.lastAt > 0) this.#notBefore = this.#bot.lastAt + jitterTo;
  }

  /** When the bot as a whole may send next. */
  botReadyAt(now: number, pacing: Pacing): number {
    // A pause never ends later than its own length from now, should the clock be set back.
    const pause = Math.min(this.#notBefore, now + pacing.jitterMs[1]);
    return Math.max(now, pause, this.#bot.readyAt(now, pacing.perMinute));
  }

  laneReadyAt(lane: string, now: number, pacing: Pacing): number {
    return this.#lanes.get(lane)?.readyAt(now, pacing.perRoomPerMinute) ?? now;
  }

  /** Takes one of both budgets and draws the pause before the next one. */
  reserve(lane: string, now: number, pacing: Pacing): Reservation {
    const before = this.#notBefore;
    const budget = this.#laneBudget(lane, now, pacing);
    if (pacing.perMinute > 0) this.#bot.take(now, pacing.perMinute);
    else if (pacing.jitterMs[1] > 0) this.#bot.mark(now);
    budget?.take(now, pacing.perRoomPerMinute);
    const [from, to] = pacing.jitterMs;
    const drawn = now + from + this.#random() * (to - from);
    this.#notBefore = drawn;
    return {
      giveBack: () => {
        if (pacing.perMinute > 0) this.#bot.giveBack(now);
        budget?.giveBack(now);
        if (this.#notBefore === drawn) this.#notBefore = before;
      },
    };
  }

  /** What has to be stored with a hand-over into this lane. */
  rows(lane: string): { bucket: string; taken: string; at: number }[] {
    const rows: { bucket: string; taken: string; at: number }[] = [];
    for (const [bucket, budget] of [
      ['bot', this.#bot] as const,
      [lane, this.#lanes.get(lane)] as const,
    ]) {
      if (budget === undefined || budget.lastAt === 0) continue;
      rows.push({ bucket, taken: JSON.stringify(budget.taken), at: budget.lastAt });
    }
    return rows;
  }

  /** For estimates: what is taken of the bot's or a lane's budget. */
  taken(lane?: string): readonly Taken[] {
    return (lane === undefined ? this.#bot : this.#lanes.get(lane))?.taken ?? [];
  }

  #laneBudget(lane: string, now: number, pacing: Pacing): Budget | undefined {
    if (pacing.perRoomPerMinute <= 0) {
      this.#lanes.delete(lane);
      return undefined;
    }
    let budget = this.#lanes.get(lane);
    if (budget === undefined) {
      if (this.#lanes.size >= this.#roomFor) this.#forgetFull(now, pacing);
      budget = new Budget();
      this.#lanes.set(lane, budget);
    }
    return budget;
  }

  #forgetFull(now: number, pacing: Pacing): void {
    const { window } = budgetOf(pacing.perRoomPerMinute);
    for (const [lane, budget] of this.#lanes) {
      if (budget.lastAt + window + margin <= now) this.#lanes.delete(lane);
    }
    this.#roomFor = Math.max(256, 2 * this.#lanes.size);
  }
}
