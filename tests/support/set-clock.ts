import { type Clock, RealClock } from '../../bot/clock.ts';

/** The machine's clock, which somebody sets. */
export class SetClock extends RealClock implements Clock {
  offset = 0;

  override now(): number {
    return super.now() + this.offset;
  }
}
