import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that rules ask for answers; it answers when a test lets it. */
export class SlowWebhook {
  readonly asked: Record<string, unknown>[] = [];
  /** What it says, and how long it takes. */
  answer: (asked: Record<string, unknown>) => Promise<unknown> = async () => ({ text: 'hi' });
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const asked = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      this.asked.push(asked);
      response.end(JSON.stringify(await this.answer(asked)));
    });
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  async start(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
