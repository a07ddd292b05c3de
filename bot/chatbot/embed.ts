import type { LlmSettings } from '../../config/chatbot-schema.ts';
import { ModelFailure } from './model-failure.ts';
import { addressOf } from './model-request.ts';

/** A vector of length 1. */
export type Vector = Float32Array;

/** Where texts are turned into vectors. */
export interface EmbeddingTarget {
  baseUrl: string;
  apiKey: string | undefined;
  model: string;
}

const longestAnswer = 64 * 1_048_576;
const mostDimensions = 8192;

/** Undefined: there is none, or nobody would use it. A key goes to the address it was given for. */
export function embeddingTarget(settings: LlmSettings | undefined): EmbeddingTarget | undefined {
  if (settings?.embeddings === undefined) return undefined;
  if (settings.mode !== 'rag' && settings.mode !== 'always') return undefined;
  const { baseUrl, apiKey, model } = settings.embeddings;
  const own = baseUrl !== undefined;
  return {
    baseUrl: baseUrl ?? settings.baseUrl,
    apiKey: apiKey ?? (own ? undefined : settings.apiKey),
    model,
  };
}

/**
 * The meanings of texts, from an OpenAI-compatible `/embeddings` address.
 * @throws ModelFailure
 */
export async function embed(
  { baseUrl, apiKey, model }: EmbeddingTarget,
  texts: readonly string[],
  signal: AbortSignal,
): Promise<{ vectors: Vector[]; tokens: number }> {
  try {
    const response = await fetch(addressOf(baseUrl, '/embeddings'), {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({ model, input: texts, encoding_format: 'float' }),
      redirect: 'error',
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      throw new ModelFailure('refused', { status: response.status });
    }
    return vectorsOf(await readJson(response), texts.length);
  } catch (error) {
    if (error instanceof ModelFailure) throw error;
    const { reason } = signal;
    throw reason instanceof ModelFailure ? reason : new ModelFailure('unreachable');
  }
}

async function readJson(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > longestAnswer) throw new ModelFailure('garbage');
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new ModelFailure('garbage');
  }
}

function vectorsOf(answer: unknown, count: number): { vectors: Vector[]; tokens: number } {
  const data = isObject(answer) ? answer['data'] : undefined;
  if (!Array.isArray(data) || data.length !== count) throw new ModelFailure('garbage');
  const vectors: Vector[] = [];
  for (const [at, one] of data.entries()) {
    const place: unknown = isObject(one) ? (one['index'] ?? at) : at;
    const vector = unit(isObject(one) ? one['embedding'] : undefined);
    if (typeof place !== 'number' || vectors[place] !== undefined || vector === undefined) {
      throw new ModelFailure('garbage');
    }
    vectors[place] = vector;
  }
  const [first] = vectors;
  for (let at = 0; at < count; at += 1) {
    if (vectors[at]?.length !== first?.length) throw new ModelFailure('garbage');
  }
  const usage = isObject(answer) && isObject(answer['usage']) ? answer['usage'] : {};
  const tokens = usage['total_tokens'] ?? usage['prompt_tokens'];
  return { vectors, tokens: typeof tokens === 'number' && tokens > 0 ? Math.ceil(tokens) : 0 };
}

function unit(embedding: unknown): Vector | undefined {
  if (!Array.isArray(embedding) || embedding.length > mostDimensions) return undefined;
  const vector = Float32Array.from(embedding, (one: unknown) =>
    typeof one === 'number' ? one : NaN,
  );
  const length = Math.hypot(...vector);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return vector.map((one) => one / length);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
