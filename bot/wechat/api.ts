import type { Logger } from '../../config/logger.ts';
import type { AccessTokens } from './access-token.ts';
import type { Account } from './account.ts';
import { type ApiAnswer, type JsonObject, readAnswer, wordsOf } from './answer.ts';
import { errorOf } from './errors.ts';
import type { Wire } from './exchange.ts';
import type { WechatMeter } from './meter.ts';
import { type FilePart, multipart } from './multipart.ts';
import { simulatedAnswer } from './simulated.ts';
import { addressOf } from './token-source.ts';

export type { ApiAnswer, JsonObject } from './answer.ts';

export interface Call {
  method: 'GET' | 'POST';
  path: string;
  query?: Record<string, string>;
  /** As JSON, in the order of its keys. */
  body?: JsonObject;
  /** Instead of a body. */
  form?: FilePart;
  /** Carries an access_token; default true. */
  token?: false;
  /** A file may come instead of JSON. */
  file?: true;
  timeoutMs?: number;
  maxBytes?: number;
  signal?: AbortSignal | undefined;
}

export interface WechatApiOptions {
  wire: Wire;
  tokens: AccessTokens;
  logger: Logger;
  meter: WechatMeter;
}

const defaultTimeoutMs = 10_000;
const jsonBytes = 1_048_576;

/** Calls of WeChat's platform. Never rejects: how a call ended is its answer. */
export class WechatApi {
  readonly #options: WechatApiOptions;

  constructor(options: WechatApiOptions) {
    this.#options = options;
  }

  /** One call; once more with a new access_token where WeChat will not have the old one. */
  async call(account: Account, call: Call): Promise<ApiAnswer> {
    const { meter, logger } = this.#options;
    const answer = account.settings.simulate
      ? simulatedAnswer(account, call)
      : await this.#call(account, call);
    const { kind } = answer;
    meter.called(call.path, kind === 'refused' ? String(answer.errcode) : kind);
    if (kind !== 'ok' && kind !== 'file') {
      const facts = { account: account.appid, path: call.path, why: wordsOf(answer) };
      const quiet = kind === 'refused' && errorOf(answer.errcode).action === 'ignore';
      logger[quiet ? 'debug' : 'warn'](facts, 'WeChat did not do it');
    }
    return answer;
  }

  async #call(account: Account, call: Call): Promise<ApiAnswer> {
    if (call.token === false) return await this.#ask(account, call, undefined);
    const { tokens } = this.#options;
    const first = await tokens.get(account.settings);
    if (!first.ok) return notLeft(first.fault);
    const answer = await this.#ask(account, call, first.token);
    if (answer.kind !== 'refused' || errorOf(answer.errcode).action !== 'refresh') return answer;
    const next = await tokens.renew(account.settings, first.token);
    return next.ok ? await this.#ask(account, call, next.token) : answer;
  }

  async #ask(account: Account, call: Call, token: string | undefined): Promise<ApiAnswer> {
    const query = new URLSearchParams({
      ...(token !== undefined && { access_token: token }),
      ...call.query,
    });
    const address = addressOf(account.settings.apiBase, call.path);
    const content = contentOf(call);
    const exchange = await this.#options.wire.ask({
      url: query.size === 0 ? address : `${address}?${query}`,
      method: call.method,
      timeoutMs: call.timeoutMs ?? defaultTimeoutMs,
      maxBytes: call.maxBytes ?? jsonBytes,
      signal: call.signal,
      ...(content !== undefined && {
        headers: { 'content-type': content.type },
        body: content.bytes,
      }),
    });
    return readAnswer(exchange, call.file === true);
  }
}

function contentOf({ body, form }: Call): { type: string; bytes: Buffer } | undefined {
  if (form !== undefined) return multipart(form);
  if (body === undefined) return undefined;
  return { type: 'application/json', bytes: Buffer.from(JSON.stringify(body)) };
}

/** Without a token the call itself was never made. */
function notLeft(fault: Exclude<ApiAnswer, { kind: 'ok' | 'file' }>): ApiAnswer {
  return fault.kind === 'refused' ? fault : { kind: 'unsent', error: `no token: ${fault.error}` };
}
