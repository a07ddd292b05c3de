export interface MeterCount {
  labels: Record<string, string>;
  count: number;
}

/** Counts for /metrics, since start. Labels take words of ours, appids and WeChat's codes only. */
export class WechatMeter {
  readonly #counts = new Map<string, Map<string, MeterCount>>();

  /** One more call of the platform. @param outcome its errcode, or why there is none */
  called(path: string, outcome: string): void {
    this.#add('calls', { path, errcode: outcome });
  }

  /** An access_token was asked for. */
  refreshed(account: string, result: 'ok' | 'failed'): void {
    this.#add('refreshes', { account, result });
  }

  /** Something was not sent, as the user's window does not allow it. */
  windowRefused(account: string, reason: string): void {
    this.#add('refused', { account, reason });
  }

  read(what: 'calls' | 'refreshes' | 'refused'): MeterCount[] {
    return [...(this.#counts.get(what)?.values() ?? [])];
  }

  #add(what: string, labels: Record<string, string>): void {
    let counts = this.#counts.get(what);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(what, counts);
    }
    const key = Object.values(labels).join(' ');
    const there = counts.get(key);
    if (there === undefined) counts.set(key, { labels, count: 1 });
    else there.count += 1;
  }
}
