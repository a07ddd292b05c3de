import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { type Address, type Answer, addressOf, call, type Fault, type Where } from './api.ts';
import { faultOf } from './components/fault-of.ts';
import { language } from './i18n.ts';
import { type Change, onChange, onReset, type Topic } from './live.ts';

export interface Resource<T> {
  /** What was loaded last; it stays while it is loaded again, and when that fails. */
  data: T | undefined;
  /** Why the last load failed. */
  error: Fault | undefined;
  /** Nothing was loaded yet. */
  loading: boolean;
  /** `data` is older than the last load that failed. */
  stale: boolean;
  reload: () => void;
}

export type ResourceOptions<P extends Address<'get'>> = Where<'get', P> & {
  /** It is loaded again when something of these topics changes… */
  topics?: readonly Topic[];
  /** …and this says that the change concerns it. */
  concerns?: (change: Change) => boolean;
  /** Loaded again every so many ms as well, while the page is seen. */
  everyMs?: number;
  /** At most one load in so many ms when changes come in numbers; default 400. */
  calmMs?: number;
  /** Nothing is loaded while this is false. */
  when?: boolean;
};

/** Loads from the API, and again whenever it changed. */
export function useResource<P extends Address<'get'>>(
  path: P,
  ...[given]: Record<never, never> extends Where<'get', P>
    ? [options?: ResourceOptions<P>]
    : [options: ResourceOptions<P>]
): Resource<Answer<'get', P>> {
  const options = (given ?? {}) as ResourceOptions<Address<'get'>> & {
    params?: unknown;
    query?: unknown;
  };
  const { topics = [], everyMs, calmMs = 400, when = true } = options;
  const address = addressOf(path, options);
  const [state, setState] = useState<{
    address: string;
    data?: unknown;
    error?: Fault | undefined;
  }>({
    address,
  });
  const loader = useRef<Loader | undefined>(undefined);
  const concerns = useRef(options.concerns);
  concerns.current = options.concerns;
  const asked = useRef({ path, options });
  asked.current = { path, options };

  useEffect(() => {
    if (!when) return;
    const own = new Loader(calmMs, async (signal) => {
      const { path, options } = asked.current;
      try {
        const data = await call('GET', path, {
          params: options.params,
          query: options.query,
          signal,
        });
        if (!signal.aborted) setState({ address, data });
      } catch (error) {
        if (signal.aborted) return;
        const fault = faultOf(error);
        setState((now) => ({ ...(now.address === address ? now : { address }), error: fault }));
      }
    });
    loader.current = own;
    own.ask();
    const stops = topics.map((topic) =>
      onChange(topic, (change) => {
        if (concerns.current?.(change) ?? true) own.ask();
      }),
    );
    stops.push(onReset(() => own.ask()));
    const timer =
      everyMs === undefined
        ? undefined
        : setInterval(() => {
            if (document.visibilityState === 'visible') own.ask();
          }, everyMs);
    return () => {
      for (const stop of stops) stop();
      clearInterval(timer);
      own.stop();
    };
    // Some of it is sentences, and the daemon says them in the language that it is asked in.
  }, [address, when, topics.join(), everyMs, calmMs, language.value]);

  const reload = useCallback(() => loader.current?.ask(), []);
  const own = state.address === address ? state : undefined;
  const data = own?.data as Answer<'get', P> | undefined;
  return {
    data,
    error: own?.error,
    loading: when && data === undefined && own?.error === undefined,
    stale: own?.error !== undefined && data !== undefined,
    reload,
  };
}

/** One load at a time, the first at once, those that come in numbers with a pause between them. */
class Loader {
  readonly #calmMs: number;
  readonly #load: (signal: AbortSignal) => Promise<void>;
  readonly #gone = new AbortController();
  #busy = false;
  #again = false;
  #lastAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(calmMs: number, load: (signal: AbortSignal) => Promise<void>) {
    this.#calmMs = calmMs;
    this.#load = load;
  }

  ask(): void {
    if (this.#gone.signal.aborted) return;
    if (this.#busy) {
      this.#again = true;
      return;
    }
    if (this.#timer !== undefined) return;
    const wait = this.#lastAt + this.#calmMs - performance.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#run();
      }, wait);
    } else this.#run();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#gone.abort();
  }

  #run(): void {
    this.#busy = true;
    this.#again = false;
    this.#lastAt = performance.now();
    void this.#load(this.#gone.signal).then(() => {
      this.#busy = false;
      if (this.#again) this.ask();
    });
  }
}
