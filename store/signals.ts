/** Wakes readers after something durable was written for them. Carries a name only, never data. */
export class Signals {
  readonly #listeners = new Map<string, Set<() => void>>();

  /** @returns a function that stops listening */
  on(name: string, listener: () => void): () => void {
    let set = this.#listeners.get(name);
    if (set === undefined) {
      set = new Set();
      this.#listeners.set(name, set);
    }
    set.add(listener);
    const listeners = set;
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(name);
    };
  }

  emit(name: string): void {
    for (const listener of this.#listeners.get(name) ?? []) listener();
  }
}
