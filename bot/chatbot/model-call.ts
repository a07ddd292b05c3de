import type { LlmSettings } from '../../config/chatbot-schema.ts';
import type { Clock } from '../clock.ts';
import { ModelFailure, withoutKeys } from './model-failure.ts';
import { addressOf, type Dialect, requestBody, simpler } from './model-request.ts';
import { errorText, type ModelEvent, readModelStream } from './model-stream.ts';
import type { Message } from './prompt.ts';

export interface ModelCall {
  settings: LlmSettings;
  messages: readonly Message[];
  dialect: Dialect;
  clock: Clock;
  /** Until when its first word must have come, thoughts included. */
  firstBy: number;
  /** Until when it must be done. */
  endBy: number;
  signal: AbortSignal;
  /** It was understood only after leaving something out: so is the next one. */
  onDialect(dialect: Dialect): void;
}

/** After its last word, how long the rest (usage, the end) is waited for. */
const tailMs = 2000;
const refusalBytes = 8192;

/**
 * One question to a `/chat/completions` address.
 * @throws ModelFailure, and nothing else
 */
export async function* callModel(call: ModelCall): AsyncGenerator<ModelEvent> {
  const { clock, signal, settings } = call;
  const stop = new AbortController();
  const giveUp = (failure: ModelFailure) => (): void => stop.abort(failure);
  const cancel = giveUp(new ModelFailure('cancelled'));
  if (signal.aborted) throw new ModelFailure('cancelled');
  signal.addEventListener('abort', cancel);
  const now = clock.now();
  const end = clock.after(call.endBy - now, giveUp(new ModelFailure('endless')));
  let limit = clock.after(call.firstBy - now, giveUp(new ModelFailure('slow')));
  let finished = false;
  try {
    const body = await ask(call, stop.signal);
    for await (const event of readModelStream(body)) {
      limit.cancel();
      if (event.kind === 'finish') finished = true;
      // Some keep the connection open when all is said.
      if (finished) limit = clock.after(tailMs, giveUp(new ModelFailure('cut')));
      yield event;
    }
  } catch (error) {
    // What it said is whole: only the rest is missing.
    if (finished && !signal.aborted) return;
    const { reason } = stop.signal;
    if (reason instanceof ModelFailure) throw reason;
    throw failureOf(error, settings);
  } finally {
    limit.cancel();
    end.cancel();
    signal.removeEventListener('abort', cancel);
    // Whoever listens no more hangs up.
    stop.abort();
  }
}

/** Asks, without what it does not know where it says so. @returns the bytes of its answer */
async function ask(call: ModelCall, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  const { settings } = call;
  for (let dialect = call.dialect; ; ) {
    const response = await fetch(addressOf(settings.baseUrl, '/chat/completions'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream, application/json',
        ...(settings.apiKey !== undefined && { authorization: `Bearer ${settings.apiKey}` }),
      },
      body: requestBody(settings, call.messages, dialect),
      // The key is for this address, and for no other.
      redirect: 'error',
      signal,
    });
    if (response.ok) {
      if (response.body === null) throw new ModelFailure('garbage');
      if (dialect !== call.dialect) call.onDialect(dialect);
      return response.body;
    }
    const refusal = await refusalOf(response);
    const next = [400, 422].includes(response.status) ? simpler(dialect, refusal) : undefined;
    if (next === undefined) {
      throw refused(response, withoutKeys(refusal, [settings.apiKey]), call.clock.now());
    }
    dialect = next;
  }
}

async function refusalOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > refusalBytes) break;
  }
  const text = Buffer.concat(chunks).toString('utf8');
  try {
    return errorText(JSON.parse(text));
  } catch {
    return text;
  }
}

function refused(response: Response, detail: string, now: number): ModelFailure {
  const { status } = response;
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), now);
  const facts = { status, retryAfterMs, detail };
  if (status === 429) return new ModelFailure('throttled', facts);
  if (status === 401 || status === 403) return new ModelFailure('unauthorized', facts);
  return new ModelFailure(status >= 500 ? 'failing' : 'refused', facts);
}

/** Seconds, or a date. */
function retryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(value)) return Number(value) * 1000;
  const at = Date.parse(value);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Without the address, whose query may hold a key. */
function failureOf(error: unknown, { apiKey }: LlmSettings): ModelFailure {
  if (error instanceof ModelFailure) {
    const { reason, status, retryAfterMs, detail } = error;
    if (detail === undefined) return error;
    return new ModelFailure(reason, {
      status,
      retryAfterMs,
      detail: withoutKeys(detail, [apiKey]),
    });
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const said = cause instanceof Error ? cause.message : '';
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const redirected = /redirect/.test(said);
  // Connections break with these after the answer has begun, too.
  const broken = error instanceof TypeError && error.message === 'terminated';
  const why = code ?? withoutKeys(said, [apiKey]);
  const detail = redirected ? 'it points to another address' : why;
  return new ModelFailure(redirected ? 'garbage' : broken ? 'cut' : 'unreachable', { detail });
}
