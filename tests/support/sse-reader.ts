import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { eventually } from './eventually.ts';

/** Reads server-sent events as a browser's EventSource does. */
export class SseReader {
  readonly events: { id: string; data: Record<string, unknown> }[] = [];
  /** What the last event `close` said. */
  closing: Record<string, unknown> | undefined;
  comments = 0;
  lastId = '';
  readonly headers: IncomingMessage['headers'];
  /** When the other side closed. */
  readonly ended: Promise<unknown>;
  readonly #call: ClientRequest;

  private constructor(call: ClientRequest, response: IncomingMessage) {
    this.#call = call;
    this.headers = response.headers;
    this.ended = new Promise((resolve) => response.on('close', resolve));
    call.on('error', () => {});
    response.on('error', () => {});
    response.setEncoding('utf8');
    let text = '';
    response.on('data', (chunk: string) => {
      text += chunk;
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block);
    });
  }

  static async open(url: string, headers: Record<string, string>): Promise<SseReader> {
    const call = request(url, { headers });
    call.end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode}`);
    return new SseReader(call, response);
  }

  /** Until so many events came. */
  async until(count: number): Promise<void> {
    await eventually(`${count} events`, () => this.events.length >= count);
  }

  close(): void {
    this.#call.destroy();
  }

  #take(block: string): void {
    let type = 'message';
    let data: string | undefined;
    for (const line of block.split('\n')) {
      if (line.startsWith(':')) this.comments += 1;
      else if (line.startsWith('id: ')) this.lastId = line.slice(4);
      else if (line.startsWith('event: ')) type = line.slice(7);
      else if (line.startsWith('data: ')) data = line.slice(6);
    }
    if (data === undefined) return;
    const parsed = JSON.parse(data) as Record<string, unknown>;
    if (type === 'close') this.closing = parsed;
    else this.events.push({ id: this.lastId, data: parsed });
  }
}
