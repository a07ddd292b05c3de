import type { Logger } from '../../config/logger.ts';
import { inTime } from './in-time.ts';
import type { AlarmSource, Trouble } from './trouble.ts';

/** What one source said last. */
interface Heard {
  source: AlarmSource;
  at: number | undefined;
  wanted: boolean;
  troubles: readonly Trouble[];
  unlisten: (() => void) | undefined;
}

/** Longer than any look takes; in real time. */
const askMs = 10_000;

/** Asks the sources, each in its own time. One that fails or hangs hinders no other. */
export class Watch {
  readonly #logger: Logger;
  readonly #wake: () => void;
  readonly #heard: Heard[] = [];
  #listening = false;

  constructor(logger: Logger, wake: () => void) {
    this.#logger = logger;
    this.#wake = wake;
  }

  add(source: AlarmSource): void {
    const heard: Heard = {
      source,
      at: undefined,
      wanted: true,
      troubles: [],
      unlisten: undefined,
    };
    this.#heard.push(heard);
    if (this.#listening) this.#listen(heard);
  }

  start(): void {
    this.#listening = true;
    for (const heard of this.#heard) this.#listen(heard);
  }

  stop(): void {
    this.#listening = false;
    for (const heard of this.#heard) heard.unlisten?.();
  }

  /** Everything that is wrong, by key; of two with one key the graver. */
  async look(now: number): Promise<Map<string, Trouble>> {
    await Promise.all(
      this.#heard.filter((one) => isDue(one, now)).map((one) => this.#ask(one, now)),
    );
    const all = new Map<string, Trouble>();
    for (const { troubles } of this.#heard) {
      for (const trouble of troubles) {
        if ((all.get(trouble.key)?.stage ?? 0) < trouble.stage) all.set(trouble.key, trouble);
      }
    }
    return all;
  }

  async #ask(heard: Heard, now: number): Promise<void> {
    heard.at = now;
    heard.wanted = false;
    try {
      heard.troubles = await inTime(Promise.resolve(heard.source.troubles(now)), askMs);
    } catch (error) {
      this.#logger.warn({ err: error, source: heard.source.name }, 'a source of alarms is silent');
      heard.troubles = heard.troubles.map((one) => ({ ...one, unsure: true }));
    }
  }

  #listen(heard: Heard): void {
    heard.unlisten?.();
    heard.unlisten = heard.source.onChange?.(() => {
      heard.wanted = true;
      this.#wake();
    });
  }
}

/** A clock that was set back must not make a source wait for a day. */
function isDue({ at, wanted, source }: Heard, now: number): boolean {
  return wanted || at === undefined || now < at || now - at >= source.everyMs;
}
