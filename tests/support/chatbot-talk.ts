import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

/** What a client of the chatbot is told. */
export interface Frame {
  code: number;
  message: string;
  data: {
    messageId?: string;
    seq?: number;
    delta?: string;
    content?: string;
    finish?: string;
  };
}

/** A client on a socket, and what it was told. */
export class Talk {
  readonly session: string;
  readonly frames: Frame[] = [];
  readonly #socket: WebSocket;

  private constructor(session: string, socket: WebSocket) {
    this.session = session;
    this.#socket = socket;
    socket.on('message', (data) => this.frames.push(JSON.parse(String(data)) as Frame));
    socket.on('error', () => {});
  }

  static async open(url: string, session: string = randomUUID(), query = ''): Promise<Talk> {
    const address = url.replace(/^http/, 'ws');
    const socket = new WebSocket(`${address}/mpweixin/chatbot/ws?sessionId=${session}${query}`);
    const talk = new Talk(session, socket);
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    return talk;
  }

  say(content: string): void {
    this.#socket.send(JSON.stringify({ type: 'send', data: { content } }));
  }

  destroy(): void {
    this.#socket.send(JSON.stringify({ type: 'destroy' }));
  }

  /** As when the network goes. */
  drop(): void {
    this.#socket.terminate();
  }

  get pieces(): Frame['data'][] {
    return this.frames.map(({ data }) => data).filter((one) => one.delta !== undefined);
  }

  get text(): string {
    return this.pieces.map((one) => one.delta).join('');
  }

  done(): Promise<Frame> {
    return eventually('the whole answer', () =>
      this.frames.find(({ data }) => data.content !== undefined),
    );
  }
}

/** What server-sent events told, as far as they came. */
export async function readEvents(
  url: string,
  body: Record<string, unknown>,
  enough: (frames: Frame[]) => boolean = () => false,
): Promise<Frame[]> {
  const response = await fetch(`${url}/mpweixin/chatbot/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const frames: Frame[] = [];
  let text = '';
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data !== undefined) frames.push(JSON.parse(data) as Frame);
    }
    // Leaving the loop hangs up.
    if (enough(frames)) break;
  }
  return frames;
}
