import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Text } from '../errors.ts';
import type { Budget } from './budget.ts';
import type { Model } from './model.ts';
import { type FailureReason, ModelFailure } from './model-failure.ts';
import type { Finish } from './responder.ts';

/** What came of asking a model once. */
export interface ModelTrial {
  ok: boolean;
  model: string | undefined;
  /** What it said. */
  text: string;
  finish: Finish | undefined;
  /** Milliseconds until its first word, and until the end. */
  firstMs: number | undefined;
  ms: number;
  tokens: { prompt: number; completion: number } | undefined;
  /** Why it did not answer, and in words. */
  reason: FailureReason | undefined;
  status: number | undefined;
  why: Text | undefined;
  /** In its server's own words. */
  detail: string | undefined;
  /** Tokens used today. */
  tokensToday: number;
}

export interface TrialOptions {
  model: Model;
  budget: Budget;
  clock: Clock;
  signal: AbortSignal;
}

/** Asks a model one short question. Never rejects for the model's sake. */
export async function tryModel({
  model,
  budget,
  clock,
  signal,
}: TrialOptions): Promise<ModelTrial> {
  const began = clock.now();
  const trial: Partial<ModelTrial> & { text: string } = { text: '' };
  const messages = [{ role: 'user', content: 'Answer with the word OK.' } as const];
  try {
    for await (const piece of model.trial({ chat: `trial ${randomUUID()}`, messages }, signal)) {
      if ('delta' in piece) {
        trial.firstMs ??= clock.now() - began;
        trial.text += piece.delta;
      } else {
        trial.finish = piece.finish;
        trial.tokens = piece.usage;
      }
    }
  } catch (error) {
    if (!(error instanceof ModelFailure)) throw error;
    const { reason, status, detail } = error;
    Object.assign(trial, { reason, status, detail, why: words[reason] });
  }
  const { tokens: tokensToday } = await budget.used();
  return {
    ...{ ok: trial.reason === undefined, model: model.name, text: trial.text, tokensToday },
    ...{ finish: trial.finish, firstMs: trial.firstMs, ms: clock.now() - began },
    ...{ tokens: trial.tokens, reason: trial.reason, status: trial.status },
    ...{ why: trial.why, detail: trial.detail },
  };
}

const words: Record<FailureReason, Text> = {
  off: {
    zh: '没有配置模型：请填写 chatbot.llm',
    en: 'no model is configured: give chatbot.llm',
  },
  resting: {
    zh: '模型连续失败，暂停使用一会儿',
    en: 'the model failed again and again and is left alone for a while',
  },
  crowded: {
    zh: '同时进行的回答太多：见 chatbot.llm.concurrency',
    en: 'too many answers are being made: see chatbot.llm.concurrency',
  },
  budget: {
    zh: '今天的 token 用完了：见 chatbot.llm.tokensPerDay',
    en: 'the tokens of today are used up: see chatbot.llm.tokensPerDay',
  },
  unreachable: {
    zh: '连不上模型地址：检查 chatbot.llm.baseUrl 和网络',
    en: 'its address cannot be reached: check chatbot.llm.baseUrl and the network',
  },
  unauthorized: {
    zh: '密钥不被接受：检查 chatbot.llm.apiKey',
    en: 'it does not take the key: check chatbot.llm.apiKey',
  },
  throttled: {
    zh: '对方限流或余额不足（429）',
    en: 'it is asked too often, or the account is empty (429)',
  },
  refused: {
    zh: '请求被拒绝：检查 chatbot.llm.baseUrl（一般以 /v1 结尾）和 model',
    en: 'it refuses the request: check chatbot.llm.baseUrl (mostly ends with /v1) and model',
  },
  failing: { zh: '模型服务出错（5xx）', en: 'its server fails (5xx)' },
  slow: {
    zh: '没有按时开始回答：见 chatbot.llm.firstTokenSeconds',
    en: 'it did not begin in time: see chatbot.llm.firstTokenSeconds',
  },
  endless: {
    zh: '没有按时答完：见 chatbot.llm.totalSeconds',
    en: 'it did not end in time: see chatbot.llm.totalSeconds',
  },
  cut: { zh: '回答中途断开', en: 'the connection broke in the middle' },
  garbage: {
    zh: '应答不是 OpenAI 兼容格式：检查 chatbot.llm.baseUrl',
    en: 'this is not what an OpenAI-compatible address answers: check chatbot.llm.baseUrl',
  },
  empty: {
    zh: '回答里没有正文：推理模型请调大 chatbot.llm.maxTokens',
    en: 'there is no text in its answer: give thinking models a larger chatbot.llm.maxTokens',
  },
  cancelled: { zh: '已取消', en: 'taken back' },
};
