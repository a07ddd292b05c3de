/** What became of a request of WeChat. late: it was not on disk in time. */
export type PushResult = 'taken' | 'repeated' | 'refused' | 'late';

export interface PushCount {
  account: string;
  result: PushResult;
  count: number;
}

/** How many pushes came since start. Accounts are those of the config: their number is bounded. */
export class PushCounts {
  readonly #counts = new Map<string, PushCount>();

  add(account: string, result: PushResult): void {
    const key = `${account} ${result}`;
    const one = this.#counts.get(key);
    if (one === undefined) this.#counts.set(key, { account, result, count: 1 });
    else one.count += 1;
  }

  read(): PushCount[] {
    return [...this.#counts.values()];
  }
}
