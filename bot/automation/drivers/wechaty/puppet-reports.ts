import type { Redact } from './redact.ts';

export interface PuppetReportsOptions {
  now: () => number;
  redact: Redact;
  /** `times`: how often it came since it was written last. */
  write: (reason: string, times: number) => void;
}

const sameEveryMs = 60_000;
const mostReasons = 50;

/** Errors puppets report, each reason at most once a minute: offline, some report ten a second. */
export class PuppetReports {
  readonly #options: PuppetReportsOptions;
  readonly #reasons = new Map<string, { writtenAt: number; times: number }>();

  constructor(options: PuppetReportsOptions) {
    this.#options = options;
  }

  /** An `error` payload of a puppet: JSON of an error, or anything. */
  note(payload: { gerror?: string; data?: string }): void {
    const { now, redact, write } = this.#options;
    const reason = redact(messageOf(payload.gerror ?? payload.data ?? '')).slice(0, 300);
    const known = this.#reasons.get(reason);
    const times = (known?.times ?? 0) + 1;
    if (known !== undefined && now() - known.writtenAt < sameEveryMs) {
      known.times = times;
      return;
    }
    if (this.#reasons.size >= mostReasons) this.#reasons.clear();
    this.#reasons.set(reason, { writtenAt: now(), times: 0 });
    write(reason, times);
  }
}

function messageOf(text: string): string {
  let message = text;
  try {
    const { message: inner } = JSON.parse(text);
    if (typeof inner === 'string') message = inner;
  } catch {
    // Not JSON: taken as it is.
  }
  const [first = ''] = message.split('\n', 1);
  return first === '' ? 'no reason given' : first;
}
