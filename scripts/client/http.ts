import { ConnectionError } from './errors.ts';

export interface RetrySettings {
  /** Tries in all; 1: none is repeated. */
  tries: number;
  /** The first pause; each is twice the one before, less a random part. */
  firstMs: number;
  /** The longest pause. A Retry-After beyond it ends the tries. */
  mostMs: number;
  /** How long one try may take. */
  timeoutMs: number;
}

const usualRetry: RetrySettings = {
  tries: 6,
  firstMs: 500,
  mostMs: 30_000,
  timeoutMs: 30_000,
};

/** One try as it is sent. Made anew each time: times and signatures are of the try. */
export interface Try {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string | Blob | undefined;
}

export interface HttpAnswer {
  status: number;
  headers: Headers;
  text: string;
}

export interface SendOptions {
  signal?: AbortSignal | undefined;
  /** always: it does no harm twice; refused: only where 429 or 503 say that nothing was done. */
  retry: 'always' | 'refused';
  timeoutMs?: number | undefined;
}

export type Fetch = typeof globalThis.fetch;

/** Sends requests, and again where that may help: no answer, 429, 5xx. */
export class Http {
  readonly fetch: Fetch;
  readonly settings: RetrySettings;

  constructor(options: { fetch?: Fetch | undefined; retry?: Partial<RetrySettings> | undefined }) {
    // Browsers want it called as a function of the window.
    this.fetch = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.settings = { ...usualRetry, ...options.retry };
  }

  /**
   * The answer, whatever its status, once it is none that is worth another try.
   * @throws ConnectionError, or the reason of `signal`
   */
  async send(make: () => Promise<Try>, options: SendOptions): Promise<HttpAnswer> {
    const { settings } = this;
    for (let tried = 1; ; tried += 1) {
      options.signal?.throwIfAborted();
      const outcome = await this.#attempt(await make(), options);
      const last = tried >= settings.tries;
      if (!(outcome instanceof ConnectionError)) {
        const { status, headers } = outcome;
        if (!isTransient(status, options.retry) || last) return outcome;
        const pause = retryAfterMs(headers) ?? pauseMs(settings, tried);
        if (pause > settings.mostMs) return outcome;
        await sleep(pause, options.signal);
        continue;
      }
      outcome.tries = tried;
      if (last || options.retry === 'refused') throw outcome;
      await sleep(pauseMs(settings, tried), options.signal);
    }
  }

  async #attempt(one: Try, options: SendOptions): Promise<HttpAnswer | ConnectionError> {
    const timeout = AbortSignal.timeout(options.timeoutMs ?? this.settings.timeoutMs);
    const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    const { url, method, headers, body } = one;
    try {
      const init = { method, headers, signal, redirect: 'error' as const };
      const response = await this.fetch(url, body === undefined ? init : { ...init, body });
      // A connection that breaks here is one that broke: the answer was not read.
      const text = await response.text();
      return { status: response.status, headers: response.headers, text };
    } catch (error) {
      options.signal?.throwIfAborted();
      const why = timeout.aborted ? 'no answer in time' : reasonOf(error);
      return new ConnectionError(`${method} ${url.replace(/\?.*/s, '')}: ${why}`, { cause: error });
    }
  }
}

/** Half of it is chance, so that many who were cut off together do not come back together. */
export function pauseMs(settings: RetrySettings, tried: number): number {
  const whole = Math.min(settings.mostMs, settings.firstMs * 2 ** (tried - 1));
  return whole / 2 + Math.random() * (whole / 2);
}

/** @throws the reason of `signal` */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function isTransient(status: number, retry: SendOptions['retry']): boolean {
  if (status === 429 || status === 503) return true;
  return retry === 'always' && status >= 500;
}

/** Seconds or a date; undefined: it says neither. */
function retryAfterMs(headers: Headers): number | undefined {
  const given = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(given)) return Number(given) * 1000;
  const at = Date.parse(given);
  return Number.isNaN(at) ? undefined : Math.max(0, at - Date.now());
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.message : String(error);
}
