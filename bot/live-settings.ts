/** Settings that a reload of the config changes: whoever goes by them asks each time. */
export class LiveSettings<T> {
  #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  applyConfig(value: T): void {
    this.#value = value;
  }
}
