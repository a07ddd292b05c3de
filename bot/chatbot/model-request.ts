import type { LlmSettings } from '../../config/chatbot-schema.ts';
import type { Message } from './prompt.ts';

/** Parameters that not every server takes; some of these it may be asked without. */
export interface Dialect {
  /** To be told of the usage at the end of a stream. */
  usage: boolean;
  /** Newer models call it `max_completion_tokens`. */
  maxTokens: 'max_tokens' | 'max_completion_tokens';
  temperature: boolean;
}

export const fullDialect: Dialect = { usage: true, maxTokens: 'max_tokens', temperature: true };

/**
 * What to leave out after a refusal that names it.
 * @returns undefined: nothing that could be left out
 */
export function simpler(dialect: Dialect, refusal: string): Dialect | undefined {
  if (dialect.usage && /stream_options|include_usage/.test(refusal)) {
    return { ...dialect, usage: false };
  }
  if (dialect.maxTokens === 'max_tokens' && /max_completion_tokens/.test(refusal)) {
    return { ...dialect, maxTokens: 'max_completion_tokens' };
  }
  if (dialect.temperature && /temperature/.test(refusal)) {
    return { ...dialect, temperature: false };
  }
  return undefined;
}

/** The body of a question. No tools: the model can say something, and do nothing. */
export function requestBody(
  { model, maxTokens, temperature }: LlmSettings,
  messages: readonly Message[],
  dialect: Dialect,
): string {
  return JSON.stringify({
    model,
    messages,
    stream: true,
    ...(dialect.usage && { stream_options: { include_usage: true } }),
    [dialect.maxTokens]: maxTokens,
    ...(dialect.temperature && { temperature }),
  });
}

/** An address below the configured one, which may have a query and may be given in full. */
export function addressOf(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  const base = url.pathname.replace(/\/+$/, '');
  url.pathname = base.endsWith(path) ? base : `${base.replace(/\/chat\/completions$/, '')}${path}`;
  return url.href;
}
