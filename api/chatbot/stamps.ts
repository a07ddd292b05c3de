import { WallClock } from '../../bot/wall-clock.ts';

/** Times as this family spells them: `yyyy/MM/dd HH:mm:ss` in the configured zone. */
export class Stamps {
  readonly #clock: WallClock;

  constructor(timezone: string) {
    this.#clock = new WallClock(timezone);
  }

  write(at: number): string {
    return spell(this.#clock.at(at));
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
    const meant = this.#clock.momentsOf(local);
    return meant.length === 0 ? undefined : Math.min(...meant);
  }
}

function spell(utc: number): string {
  const [date = '', time = ''] = new Date(utc).toISOString().split('T');
  return `${date.replaceAll('-', '/')} ${time.slice(0, 8)}`;
}
