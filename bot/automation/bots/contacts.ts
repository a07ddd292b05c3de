import type { Clock } from '../../clock.ts';
import type { DriverContact } from '../driver.ts';

/** How old the list may be, in ms. */
const freshFor = 300_000;

/** The contacts of the account that is logged in, read at most once in five minutes. */
export class Contacts {
  readonly #clock: Clock;
  readonly #read: () => Promise<DriverContact[]>;
  #known: { at: number; list: DriverContact[] } | undefined;
  #reading: Promise<DriverContact[]> | undefined;
  #age = 0;

  /** @param options.read asks the driver; rejects with DriverError */
  constructor(options: { clock: Clock; read: () => Promise<DriverContact[]> }) {
    this.#clock = options.clock;
    this.#read = options.read;
  }

  /** @throws DriverError when nothing fresh is known and the driver cannot be asked */
  async list(): Promise<DriverContact[]> {
    if (this.#known !== undefined && this.#clock.now() - this.#known.at < freshFor) {
      return this.#known.list;
    }
    // Reading contacts in bursts is what locks accounts: callers share one reading.
    if (this.#reading === undefined) {
      const reading = this.#fill().finally(() => {
        if (this.#reading === reading) this.#reading = undefined;
      });
      this.#reading = reading;
    }
    return this.#reading;
  }

  /** Another account, or ids that hold for one login only. */
  forget(): void {
    this.#age += 1;
    this.#known = undefined;
    this.#reading = undefined;
  }

  async #fill(): Promise<DriverContact[]> {
    const age = this.#age;
    const at = this.#clock.now();
    const list = await this.#read();
    if (age === this.#age) this.#known = { at, list };
    return list;
  }
}
