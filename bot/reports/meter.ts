/** Upper bounds of the lag, in seconds. */
export const lagSeconds = [0.1, 0.5, 1, 5, 15, 60, 300, 3600] as const;

/** What reports count since the start. */
export class ReportMeter {
  /** Slots skipped as their time was missed. */
  missed = 0;
  /** Slots skipped as the run before went on. */
  overlapped = 0;
  /** Runs by how they ended. */
  readonly runs = new Map<string, number>();
  /** By class; each run in one only. */
  readonly lag = { buckets: lagSeconds.map(() => 0), count: 0, seconds: 0 };

  ended(state: string): void {
    this.runs.set(state, (this.runs.get(state) ?? 0) + 1);
  }

  /** Between the moment a slot was due and the one in which its run began. */
  lagged(ms: number): void {
    const seconds = Math.max(0, ms) / 1000;
    this.lag.count += 1;
    this.lag.seconds += seconds;
    const at = lagSeconds.findIndex((bound) => seconds <= bound);
    if (at !== -1) this.lag.buckets[at] = (this.lag.buckets[at] ?? 0) + 1;
  }
}
