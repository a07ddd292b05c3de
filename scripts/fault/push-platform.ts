import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of WeChat's platform as pushes need: tokens, and files that come late or not at all. */
export class PushPlatform {
  readonly #random: () => number;
  readonly #server: Server;
  downloads = 0;

  constructor(random: () => number) {
    this.#random = random;
    this.#server = createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://localhost');
      response.setHeader('content-type', 'application/json');
      if (url.pathname !== '/cgi-bin/media/get') {
        response.end('{"access_token":"a-token","expires_in":7200}');
        return;
      }
      this.downloads += 1;
      const isGone = this.#random() < 0.2;
      setTimeout(() => {
        if (isGone) {
          response.end('{"errcode":40007,"errmsg":"invalid media_id"}');
          return;
        }
        response.setHeader('content-type', 'image/jpeg');
        response.end(Buffer.concat([jpeg, Buffer.from(url.searchParams.get('media_id') ?? '')]));
      }, this.#random() * 25);
    });
  }

  /** @returns its address */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** As much of a picture as tells its kind. */
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
