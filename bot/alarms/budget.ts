const hourMs = 3_600_000;

/** How often each lane was used within the last hour, and whether it may be used once more. */
export class Budget {
  readonly #told = new Map<string, number[]>();

  note(lane: string, at: number): void {
    const times = this.#told.get(lane) ?? [];
    times.push(at);
    this.#told.set(lane, times);
  }

  /** When it may be used: `now`, or later. */
  freeAt(lane: string, most: number, now: number): number {
    const times = this.#recent(lane, now);
    const first = times[times.length - most];
    return first === undefined ? now : first + hourMs;
  }

  used(lane: string, now: number): number {
    return this.#recent(lane, now).length;
  }

  /** What a clock that was set back left in the future does not count. */
  #recent(lane: string, now: number): number[] {
    const times = (this.#told.get(lane) ?? []).filter((at) => at > now - hourMs && at <= now);
    this.#told.set(lane, times);
    return times;
  }
}
