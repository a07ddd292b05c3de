const dayMs = 86_400_000;

/** What clocks on the wall of a time zone show, as epoch ms that are read as if it were UTC. */
export class WallClock {
  readonly #format: Intl.DateTimeFormat;

  constructor(timezone: string) {
    this.#format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  }

  /** What they show at a moment; whole seconds. */
  at(moment: number): number {
    const field: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(moment)) field[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }

  /** When they show this second: never where clocks skip it, twice where they go back. */
  momentsOf(shown: number): number[] {
    const offsets = [shown - dayMs, shown + dayMs].map((near) => this.at(near) - near);
    return [...new Set(offsets)]
      .map((offset) => shown - offset)
      .filter((moment) => this.at(moment) === shown);
  }
}
