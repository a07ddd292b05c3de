const dayMs = 86_400_000;

/** Times as this family spells them: `yyyy/MM/dd HH:mm:ss` in the configured zone. */
export class Stamps {
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

  write(at: number): string {
    return spell(this.#local(at));
  }

  /**
   * Epoch ms; undefined: it is no time. One that comes twice (clocks went back) is the first of both,
   * always: a question is found again by its stamp.
   */
  read(text: string): number | undefined {
    const [, ...fields] = /^(\d{4})\/(\d\d)\/(\d\d) (\d\d):(\d\d):(\d\d)$/.exec(text) ?? [];
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = fields.map(Number);
    // Date.UTC takes years below 100 for others; no question is that old.
    if (year < 1970) return undefined;
    const local = Date.UTC(year, month - 1, day, hour, minute, second);
    // 30 February would roll over into March.
    if (spell(local) !== text) return undefined;
    const offsets = [local - dayMs, local + dayMs].map((at) => this.#local(at) - at);
    const meant = offsets.map((offset) => local - offset).filter((at) => this.#local(at) === local);
    return meant.length === 0 ? undefined : Math.min(...meant);
  }

  /** The zone's wall clock, read as if it were UTC; whole seconds. */
  #local(at: number): number {
    const field: Record<string, number> = {};
    for (const { type, value } of this.#format.formatToParts(at)) field[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = field;
    return Date.UTC(year, month - 1, day, hour, minute, second);
  }
}

function spell(utc: number): string {
  const [date = '', time = ''] = new Date(utc).toISOString().split('T');
  return `${date.replaceAll('-', '/')} ${time.slice(0, 8)}`;
}
