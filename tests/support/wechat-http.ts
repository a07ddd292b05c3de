import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';
import type { Posted } from './wechat-pushes.ts';

export interface Answered {
  status: number;
  type: string | null;
  text: string;
}

export const officialPath = (appid: string): string =>
  `/im_component/wx_official_account/push/${appid}`;
export const customerPath = '/api/imbot/wechat/customer';

/** Pushes over real HTTP, as WeChat does. */
export async function pushTo(base: string, path: string, posted: Posted): Promise<Answered> {
  const response = await fetch(addressOf(base, path, posted.query), {
    method: 'POST',
    headers: { 'content-type': 'text/xml' },
    body: posted.body,
  });
  return await answerOf(response);
}

export async function verifyAt(
  base: string,
  path: string,
  query: Record<string, string>,
): Promise<Answered> {
  return await answerOf(await fetch(addressOf(base, path, query)));
}

async function answerOf(response: Response): Promise<Answered> {
  const { status, headers } = response;
  return { status, type: headers.get('content-type'), text: await response.text() };
}

function addressOf(base: string, path: string, query: Record<string, string>): string {
  const address = new URL(`${base}${path}`);
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  return address.href;
}

interface Frame {
  data: { contact_id?: string; msg_type?: string; msg?: Record<string, unknown> };
  result: { code: number | string };
}

/** An agent on the socket of the official-account component. */
export class Agent {
  readonly frames: Frame[] = [];
  readonly #ws: WebSocket;

  static async connect(base: string, userId: string): Promise<Agent> {
    const path = `/im_component/wx_official_account/msg?userid=${userId}`;
    const agent = new Agent(new WebSocket(`${base.replace('http', 'ws')}${path}`));
    await once(agent.#ws, 'open');
    return agent;
  }

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('error', () => {});
    ws.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      if (text.startsWith('{')) this.frames.push(JSON.parse(text) as Frame);
    });
  }

  /** What users of WeChat said to him. */
  heard(contact?: string): { code: number; contact: string; msg: Record<string, unknown> }[] {
    return this.frames
      .filter(({ result }) => Number(result.code) >= 1000)
      .map(({ data, result }) => ({
        ...{ code: Number(result.code), contact: data.contact_id ?? '', msg: data.msg ?? {} },
      }))
      .filter((one) => contact === undefined || one.contact === contact);
  }

  async hears(count: number, contact?: string) {
    await eventually(`${count} messages`, () => this.heard(contact).length >= count);
    return this.heard(contact);
  }

  close(): void {
    this.#ws.close();
  }
}

/** As much of WeChat's platform as a test answers itself. */
export class FakePlatform {
  readonly calls: { path: string; query: URLSearchParams; body: string }[] = [];
  /** Answers a path; default: `{"errcode":0}`. */
  readonly answers = new Map<
    string,
    (response: ServerResponse, request: IncomingMessage) => void
  >();
  readonly #server: Server;
  url = '';

  static async start(): Promise<FakePlatform> {
    const platform = new FakePlatform();
    await new Promise<void>((resolve) => platform.#server.listen(0, '127.0.0.1', resolve));
    platform.url = `http://127.0.0.1:${(platform.#server.address() as AddressInfo).port}`;
    return platform;
  }

  private constructor() {
    this.#server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => {
        const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost');
        this.calls.push({ path: pathname, query: searchParams, body });
        const answer = this.answers.get(pathname);
        if (answer !== undefined) answer(response, request);
        else if (pathname === '/cgi-bin/stable_token') {
          response.end('{"access_token":"a-token","expires_in":7200}');
        } else response.end('{"errcode":0,"errmsg":"ok"}');
      });
    });
  }

  called(path: string): { query: URLSearchParams; body: string }[] {
    return this.calls.filter((one) => one.path === path);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
