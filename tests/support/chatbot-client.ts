import { readFileSync } from 'node:fs';
import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

const { client_v1: v1 } = JSON.parse(
  readFileSync(new URL('../vectors/seed003-chatbot-client.json', import.meta.url), 'utf8'),
) as {
  client_v1: {
    send: { path: string; timeout_ms: number };
    receive: { path: string; every_ms: number; timeout_ms: number };
    destroy: { path: string; timeout_ms: number };
  };
};

export const base = '/mpweixin/chatbot';
/** The document's question. */
export const bgpQuestion = '请问BGP协议实验ping不通怎么办?';

export interface Reply {
  code: number;
  message: string;
  data: {
    sessionId?: string;
    messageId?: string;
    content?: string;
    timestamp?: string;
    seq?: number;
    delta?: string;
    finish?: string;
    offset?: number;
    reply?: Record<string, unknown>;
  };
}

/** Whoever answers something else than HTTP 200 in form, the client cannot use. */
export async function read(response: Response): Promise<Reply> {
  const body = (await response.json()) as Reply;
  if (response.status !== 200) throw new Error(`HTTP ${response.status} ${JSON.stringify(body)}`);
  return body;
}

export function post(url: string, path: string, body: unknown): Promise<Reply> {
  return fetch(`${url}${base}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  }).then(read);
}

export function get(url: string, path: string, query: Record<string, string>): Promise<Reply> {
  return fetch(`${url}${base}${path}?${new URLSearchParams(query)}`).then(read);
}

/** Polls until the answer is there. */
export function answerOf(
  url: string,
  sessionId: string,
  timestamp?: string,
  withinMs = 10_000,
): Promise<Reply> {
  const query = { sessionId, ...(timestamp !== undefined && { timestamp }) };
  return eventually(
    'the answer',
    async () => {
      const reply = await get(url, '/receive', query);
      return reply.code === 100 ? undefined : reply;
    },
    withinMs,
  );
}

/**
 * The page of the mini program, as it was: it asks, then polls ten times a second without waiting for
 * the poll before, appends what each says, and stops at 200. Whatever else comes is a failure.
 * @param onPoll each poll that was answered before the end
 */
export async function playClient(
  url: string,
  asked: { sessionId: string; content: string; timestamp: string },
  onPoll: () => void = () => {},
): Promise<string> {
  const sent = await fetch(`${url}${v1.send.path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(asked),
    signal: AbortSignal.timeout(v1.send.timeout_ms),
  });
  if (sent.status !== 200 || (await read(sent.clone())).code !== 200) throw new Error('not sent');
  let shown = '';
  const { sessionId, timestamp } = asked;
  const address = `${url}${v1.receive.path}?${new URLSearchParams({ sessionId, timestamp })}`;
  return await new Promise((resolve, reject) => {
    let over = false;
    const stop = (end: () => void): void => {
      if (over) return;
      over = true;
      clearInterval(timer);
      end();
    };
    const poll = async (): Promise<void> => {
      const signal = AbortSignal.timeout(v1.receive.timeout_ms);
      const { code, data } = await read(await fetch(address, { signal }));
      // What comes after the end is not looked at any more.
      if (over) return;
      if (code !== 100 && code !== 200) throw new Error(`code ${code}`);
      shown += data.content;
      onPoll();
      if (code === 200) stop(() => resolve(shown));
    };
    const timer = setInterval(() => {
      poll().catch((error: unknown) => stop(() => reject(error)));
    }, v1.receive.every_ms);
  });
}

/** A client on a socket, and what it was told. */
export class ChatSocket {
  readonly frames: Reply[] = [];
  readonly #socket: WebSocket;
  closed: number | undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Reply));
    socket.on('error', () => {});
    socket.on('close', (code) => {
      this.closed = code;
    });
  }

  /** @param query besides the session */
  static async open(url: string, sessionId: string, query = ''): Promise<ChatSocket> {
    const address = `${url.replace('http', 'ws')}${base}/ws`;
    const socket = new WebSocket(`${address}?sessionId=${encodeURIComponent(sessionId)}${query}`);
    const opened = new ChatSocket(socket);
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('unexpected-response', (_request, response) => {
        reject(new Error(String(response.statusCode)));
      });
    });
    return opened;
  }

  say(type: string, data?: Record<string, unknown>): void {
    this.sayText(JSON.stringify({ type, ...(data !== undefined && { data }) }));
  }

  sayText(text: string): void {
    this.#socket.send(text);
  }

  /** As when the network goes. */
  drop(): void {
    this.#socket.terminate();
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  pieces(messageId?: string): Reply['data'][] {
    return this.frames
      .map(({ data }) => data)
      .filter((one) => one.delta !== undefined && one.messageId === (messageId ?? one.messageId));
  }

  frame(code: number, from = 0): Promise<Reply> {
    return eventually(`a frame ${code}`, () =>
      this.frames.slice(from).find((one) => one.code === code),
    );
  }
}

export interface StreamEvent {
  event: string;
  id: string | undefined;
  frame: Reply;
}

/** Server-sent events of a question, until the end or as many as are enough. */
export async function readStream(
  url: string,
  body: Record<string, unknown>,
  enough: (events: StreamEvent[]) => boolean = () => false,
  headers: Record<string, string> = {},
): Promise<{ events: StreamEvent[]; raw: string }> {
  const response = await fetch(`${url}${base}/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  const events: StreamEvent[] = [];
  let raw = '';
  let rest = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    raw += chunk;
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      const event = /^event: (.*)$/m.exec(block)?.[1] ?? '';
      events.push({ event, id: /^id: (.*)$/m.exec(block)?.[1], frame: JSON.parse(data) as Reply });
    }
    if (enough(events)) break;
  }
  return { events, raw };
}
