import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defaultAccount, type Sandbox } from '../../scripts/wechat-sandbox/sandbox.ts';

/** WeChat's answer: its fields, and the body as it came. */
export interface WechatAnswer {
  errcode?: number;
  errmsg?: string;
  text: string;
  contentType: string;
  [name: string]: unknown;
}

/** Calls a sandbox as a server of the account would. */
export class SandboxCaller {
  readonly #sandbox: Sandbox;
  readonly #account: { appid: string; secret: string };
  token = '';

  constructor(sandbox: Sandbox, account: { appid: string; secret: string } = defaultAccount) {
    this.#sandbox = sandbox;
    this.#account = account;
  }

  async get(path: string, query: Record<string, string> = {}): Promise<WechatAnswer> {
    return read(await fetch(`${this.#sandbox.url}${path}?${new URLSearchParams(query)}`));
  }

  async post(
    path: string,
    body: unknown,
    query: Record<string, string> = {},
  ): Promise<WechatAnswer> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const all = new URLSearchParams({ access_token: this.token, ...query });
    return read(await fetch(`${this.#sandbox.url}${path}?${all}`, { method: 'POST', body: text }));
  }

  /** Fetches the stable token and keeps it for `post`. */
  async login(force = false): Promise<WechatAnswer> {
    const answer = await this.post('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      ...this.#account,
      force_refresh: force,
    });
    this.token = String(answer['access_token'] ?? this.token);
    return answer;
  }

  send(touser: string, content: string): Promise<WechatAnswer> {
    return this.custom(touser, 'text', { content });
  }

  custom(touser: string, msgtype: string, part: unknown): Promise<WechatAnswer> {
    return this.post('/cgi-bin/message/custom/send', { touser, msgtype, [msgtype]: part });
  }

  async upload(type: string, bytes: Uint8Array, name = 'a.bin'): Promise<WechatAnswer> {
    const form = new FormData();
    form.append('media', new Blob([Buffer.from(bytes)]), name);
    const query = new URLSearchParams({ access_token: this.token, type });
    const url = `${this.#sandbox.url}/cgi-bin/media/upload?${query}`;
    return read(await fetch(url, { method: 'POST', body: form }));
  }
}

async function read(response: Response): Promise<WechatAnswer> {
  const text = await response.text();
  const contentType = response.headers.get('content-type') ?? '';
  try {
    return { ...(JSON.parse(text) as Record<string, unknown>), text, contentType };
  } catch {
    return { text, contentType };
  }
}

/** One push as it came. */
export interface Pushed {
  method: string;
  query: Record<string, string>;
  type: string;
  body: string;
}

/** Where a sandbox pushes to. */
export interface Receiver {
  url: string;
  pushed: Pushed[];
  /** Decides on each push; undefined: never answers. A number: that HTTP status. */
  reply: (push: Pushed, nth: number) => string | number | undefined;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const receiver: Receiver = {
    url: '',
    pushed: [],
    reply: () => 'success',
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
  const server = createServer((request, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query = Object.fromEntries(new URL(request.url ?? '', 'http://x').searchParams);
      const push: Pushed = {
        method: request.method ?? '',
        query,
        type: request.headers['content-type'] ?? '',
        body: Buffer.concat(chunks).toString(),
      };
      receiver.pushed.push(push);
      const reply = receiver.reply(push, receiver.pushed.length);
      if (typeof reply === 'number') response.writeHead(reply).end();
      else if (reply !== undefined) response.end(reply);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`;
  return receiver;
}
