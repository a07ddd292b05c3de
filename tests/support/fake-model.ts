import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One question as it came. */
export interface AskedModel {
  path: string;
  query: string;
  headers: IncomingMessage['headers'];
  body: {
    model: string;
    messages: { role: string; content: string }[];
    stream?: boolean;
    input?: string[];
    [field: string]: unknown;
  };
  /** The body as it came. */
  text: string;
  /** The asker hung up before the answer was whole. */
  hungUp: boolean;
}

/** What is written next, waited for (a promise), or done. */
export type Step = string | Uint8Array | Promise<unknown> | 'cut' | 'hang';

export interface ModelAnswer {
  status?: number;
  headers?: Record<string, string>;
  steps: Iterable<Step> | AsyncIterable<Step>;
}

/** A server in a language model's place, that streams like OpenAI's and answers as a test says. */
export class FakeModel {
  readonly asked: AskedModel[] = [];
  /** Answers that are being made now, and the most at once so far. */
  open = 0;
  most = 0;
  answer: (asked: AskedModel) => ModelAnswer | Promise<ModelAnswer> = () => says('好的。');
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async open(): Promise<FakeModel> {
    const model = new FakeModel();
    model.#server.listen(0, '127.0.0.1');
    await once(model.#server, 'listening');
    return model;
  }

  /** As in the config. */
  get baseUrl(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`;
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on('error', () => {});
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const url = new URL(request.url ?? '', 'http://x');
    const text = Buffer.concat(chunks).toString('utf8');
    const asked: AskedModel = {
      ...{ path: url.pathname, query: url.search, headers: request.headers, text },
      body: JSON.parse(text === '' ? '{}' : text),
      hungUp: false,
    };
    this.asked.push(asked);
    this.open += 1;
    this.most = Math.max(this.most, this.open);
    response.on('close', () => {
      asked.hungUp = !response.writableFinished;
      this.open -= 1;
    });
    const { status = 200, headers = {}, steps } = await this.answer(asked);
    response.writeHead(status, { 'content-type': 'text/event-stream', ...headers });
    response.flushHeaders();
    for await (const step of steps as AsyncIterable<Step>) {
      if (response.destroyed || step === 'hang') return;
      if (step === 'cut') {
        response.destroy();
        return;
      }
      if (typeof step !== 'string' && !(step instanceof Uint8Array)) continue;
      // Each on its way before the next: chunks part where a test wants them to.
      await new Promise<void>((done) => {
        if (!response.write(step, () => setImmediate(done))) response.once('close', done);
      });
    }
    response.end();
  }
}

type Choice = Record<string, unknown>;

/** One event of a stream. */
export function event(choice: Choice | undefined, more: Record<string, unknown> = {}): string {
  const choices = choice === undefined ? [] : [{ index: 0, ...choice }];
  const object = { id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'fake' };
  return `data: ${JSON.stringify({ ...object, choices, ...more })}\n\n`;
}

export function delta(content: string): string {
  return event({ delta: { content }, finish_reason: null });
}

export function thought(reasoning_content: string): string {
  return event({ delta: { reasoning_content, content: null }, finish_reason: null });
}

export const role = event({ delta: { role: 'assistant', content: '' }, finish_reason: null });
export const done = 'data: [DONE]\n\n';
export function end(reason = 'stop'): string {
  return event({ delta: {}, finish_reason: reason });
}

export function usage(prompt_tokens: number, completion_tokens: number): string {
  const total_tokens = prompt_tokens + completion_tokens;
  return event(undefined, { usage: { prompt_tokens, completion_tokens, total_tokens } });
}

/** A whole answer as OpenAI streams it, two characters a piece. */
export function says(
  text: string,
  used: [number, number] = [20, 10],
  reason = 'stop',
): ModelAnswer {
  const pieces = [...text].flatMap((_, at, all) =>
    at % 2 === 0 ? [delta(all.slice(at, at + 2).join(''))] : [],
  );
  return { steps: [role, ...pieces, end(reason), usage(...used), done] };
}

/** A refusal as OpenAI words it. */
export function refuses(
  status: number,
  message = 'no',
  headers: Record<string, string> = {},
): ModelAnswer {
  const body = JSON.stringify({ error: { message, type: 'x', code: null } });
  return { status, headers: { 'content-type': 'application/json', ...headers }, steps: [body] };
}

/** An answer of a server that does not stream. */
export function saysWhole(text: string): ModelAnswer {
  const message = { role: 'assistant', content: text };
  const body = {
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage: { prompt_tokens: 5, completion_tokens: 7 },
  };
  return {
    headers: { 'content-type': 'application/json' },
    steps: [JSON.stringify(body, null, 1)],
  };
}
