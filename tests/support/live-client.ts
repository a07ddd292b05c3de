import { type ClientOptions, WebSocket } from 'ws';
import { eventually } from './eventually.ts';

/** Whatever the feed says; a test reads the fields of its own. */
export interface LiveFrame {
  type: string;
  seq: number;
  epoch: string;
  topic: string;
  id: string;
  resumed: boolean;
  chid: string;
  reason: string;
  data?: Record<string, unknown>;
  event: { eventId: number; type: string };
  /** When it came here, by performance.now(). */
  seen: number;
}

/** A reader of `WS /api/v1/live`. */
export class LiveClient {
  readonly frames: LiveFrame[] = [];
  readonly socket: WebSocket;
  closed: { code: number; reason: string } | undefined;
  /** Status of an upgrade that was refused. */
  refused: number | undefined;

  constructor(url: string, headers: Record<string, string>, options: ClientOptions = {}) {
    this.socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`, {
      ...options,
      headers,
      perMessageDeflate: false,
    });
    this.socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as LiveFrame;
      this.frames.push({ ...frame, seen: performance.now() });
    });
    this.socket.on('unexpected-response', (request, response) => {
      this.refused = response.statusCode;
      request.destroy();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
  }

  say(frame: unknown): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The first that fits, from a place in `frames` on. */
  frame(what: string, fits: (frame: LiveFrame) => boolean, from = 0): Promise<LiveFrame> {
    return eventually(what, () => this.frames.slice(from).find(fits));
  }

  changes(topic?: string): LiveFrame[] {
    return this.frames.filter(
      (one) => one.type === 'change' && (topic === undefined || one.topic === topic),
    );
  }

  async close(): Promise<void> {
    this.socket.close();
    await eventually('the end of a socket', () => this.closed);
  }
}
