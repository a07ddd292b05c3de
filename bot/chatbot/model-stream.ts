import { setImmediate as breath } from 'node:timers/promises';
import { ModelFailure } from './model-failure.ts';
import type { Finish } from './responder.ts';

/** One word of a model's answer, or what it tells of it. */
export type ModelEvent =
  | { kind: 'text'; text: string }
  /** Thoughts in a field of their own: a sign of life, never shown. */
  | { kind: 'thought'; length: number }
  | { kind: 'finish'; reason: Finish }
  | { kind: 'usage'; prompt: number; completion: number };

/** Longest line of a stream, and longest answer in one piece. */
const longestLine = 1_048_576;
/** Bytes of a whole stream. */
const mostBytes = 16 * 1_048_576;
/** Events in a row that say nothing. */
const mostIdle = 10_000;
/** So long it reads before others have their turn, ms. */
const slice = 5;

/**
 * Reads the answer of a `/chat/completions` address: a stream of events, or one piece of JSON from
 * servers that do not stream.
 * @throws ModelFailure `garbage` for anything else, `cut` when it ends before the answer does
 */
export async function* readModelStream(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<ModelEvent> {
  let finished = false;
  let pieces = 0;
  let idle = 0;
  let began = performance.now();
  for await (const data of readData(chunks)) {
    if (data.trim() === '[DONE]') return;
    idle += 1;
    for (const event of eventsOf(parse(data))) {
      if (event.kind === 'finish') finished = true;
      if (event.kind === 'text' || event.kind === 'thought') idle = 0;
      yield event;
    }
    pieces += 1;
    if (idle > mostIdle) throw new ModelFailure('garbage');
    if (performance.now() - began < slice) continue;
    // What has come already is read without a pause otherwise, however much it is.
    await breath();
    began = performance.now();
  }
  if (!finished) throw new ModelFailure(pieces === 0 ? 'garbage' : 'cut');
}

/** The data of each event; of JSON that is no stream, its text. */
export async function* readData(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let data: string[] = [];
  let whole: string | undefined;
  for await (const line of readLines(chunks)) {
    if (whole !== undefined || (data.length === 0 && /^\s*\{/.test(line))) {
      // No field of an event begins like this: a server that does not stream.
      whole = whole === undefined ? line : `${whole}\n${line}`;
      if (whole.length > longestLine) throw new ModelFailure('garbage');
    } else if (line === '') {
      if (data.length > 0) yield data.join('\n');
      data = [];
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
    } else if (!/^(:|event|id|retry)/.test(line)) {
      throw new ModelFailure('garbage');
    }
  }
  // Some leave out the last blank line.
  if (data.length > 0) yield data.join('\n');
  if (whole !== undefined) yield whole;
}

/** Lines of a stream of bytes: `\n`, `\r\n` or `\r`, wherever its chunks part. */
async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  let looked = 0;
  let bytes = 0;
  const cut = function* (): Generator<string> {
    let start = 0;
    for (let at = looked; at < rest.length; at += 1) {
      const sign = rest[at];
      if (sign !== '\n' && sign !== '\r') continue;
      // The other half of `\r\n` may be in the next chunk.
      if (sign === '\r' && at + 1 === rest.length) break;
      yield rest.slice(start, at);
      if (sign === '\r' && rest[at + 1] === '\n') at += 1;
      start = at + 1;
    }
    rest = rest.slice(start);
    looked = rest.endsWith('\r') ? rest.length - 1 : rest.length;
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    rest += decoder.decode(chunk, { stream: true });
    yield* cut();
    if (rest.length > longestLine || bytes > mostBytes) throw new ModelFailure('garbage');
  }
  rest += `${decoder.decode()}\n`;
  yield* cut();
}

function parse(data: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(data);
    if (isObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new ModelFailure('garbage');
}

function* eventsOf(data: Record<string, unknown>): Generator<ModelEvent> {
  if (data['error'] !== undefined && data['error'] !== null) {
    throw new ModelFailure('failing', { detail: errorText(data) });
  }
  const usage = data['usage'];
  const choices = data['choices'];
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  if (isObject(choice)) yield* choiceEvents(choice);
  else if (!Array.isArray(choices) && !isObject(usage)) throw new ModelFailure('garbage');
  // Behind what it counts.
  if (isObject(usage)) {
    const prompt = usage['prompt_tokens'];
    const completion = usage['completion_tokens'];
    yield { kind: 'usage', prompt: count(prompt), completion: count(completion) };
  }
}

function* choiceEvents(choice: Record<string, unknown>): Generator<ModelEvent> {
  const said = choice['delta'] ?? choice['message'];
  if (isObject(said)) {
    const thought = said['reasoning_content'] ?? said['reasoning'];
    if (typeof thought === 'string' && thought !== '') {
      yield { kind: 'thought', length: thought.length };
    }
    const text = contentText(said['content']);
    if (text !== '') yield { kind: 'text', text };
  }
  const reason = choice['finish_reason'];
  if (typeof reason === 'string' && reason !== '') yield { kind: 'finish', reason: finish(reason) };
}

/** What an error in a stream or of a refusal says. */
export function errorText(data: unknown): string {
  const error = isObject(data) ? (data['error'] ?? data['detail'] ?? data['message']) : undefined;
  const message = isObject(error) ? error['message'] : error;
  return typeof message === 'string' ? message : JSON.stringify(error ?? '');
}

/** Text, or a list of parts of which some are text. */
function contentText(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) =>
      isObject(part) && typeof part['text'] === 'string' ? part['text'] : '',
    )
    .join('');
}

function finish(reason: string): Finish {
  if (reason === 'length' || reason === 'max_tokens') return 'length';
  return reason === 'content_filter' ? 'content_filter' : 'stop';
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
