import { WebSocket } from 'ws';
import { eventually } from './eventually.ts';

/** A frame as the document spells it. */
export interface OfficialFrame {
  data: {
    id?: string;
    name?: string;
    avatar?: string;
    msg_type?: string;
    contact_id?: string;
    company_id?: string;
    send_time?: number;
    client_id?: string;
    self?: true;
    msg?: Record<string, unknown>;
  };
  result: { code: number | string; message: string };
}

/** A client that takes everything down. */
export class OfficialClient {
  /** All that is JSON, in order. */
  readonly frames: OfficialFrame[] = [];
  /** Those that are messages, not heartbeats and what is about the connection; and their ids. */
  readonly messages: OfficialFrame[] = [];
  readonly ids: number[] = [];
  /** All that is not. */
  readonly texts: string[] = [];
  pings = 0;
  /** The newest message that a ping was about. */
  asked = 0;
  closed: { code: number; reason: string } | undefined;
  readonly ws: WebSocket;

  private constructor(url: string, protocols: string[], autoPong: boolean) {
    this.ws = new WebSocket(url, protocols, { autoPong });
    this.ws.on('message', (data: Buffer) => {
      const text = data.toString('utf8');
      if (text.startsWith('{')) this.#take(JSON.parse(text) as OfficialFrame);
      else this.texts.push(text);
    });
    this.ws.on('ping', (data: Buffer) => {
      this.pings += 1;
      this.asked = Math.max(this.asked, Number(data.toString('latin1')));
    });
    this.ws.on('error', () => {});
    this.ws.on('close', (code, reason) => {
      this.closed = { code, reason: reason.toString('utf8') };
    });
  }

  /** @param query `userid=1` and whatever else; @throws the HTTP refusal */
  static open(
    url: string,
    query: string,
    options: { path?: string; protocols?: string[]; autoPong?: boolean } = {},
  ): Promise<OfficialClient> {
    const { path = '/im_component/wx_official_account/msg', protocols = [] } = options;
    const { autoPong = true } = options;
    const client = new OfficialClient(
      `${url.replace('http', 'ws')}${path}?${query}`,
      protocols,
      autoPong,
    );
    return new Promise((resolve, reject) => {
      client.ws.on('open', () => resolve(client));
      client.ws.on('unexpected-response', (_request, response) => {
        let body = '';
        response.on('data', (chunk: Buffer) => {
          body += chunk.toString();
        });
        response.on('end', () => reject(new Error(`${response.statusCode} ${body}`)));
      });
      client.ws.on('close', () => reject(new Error('closed before it was open')));
    });
  }

  get contents(): unknown[] {
    return this.messages.map(({ data }) => data.msg?.['content']);
  }

  /** Resolves when there are so many messages. */
  async gets(count: number): Promise<OfficialFrame[]> {
    await eventually(`${count} messages`, () => this.messages.length >= count);
    return this.messages;
  }

  /** The next frame of a code behind those seen. */
  async frame(code: number | string, at = 0): Promise<OfficialFrame> {
    return eventually(`a frame ${code}`, () =>
      this.frames.filter(({ result }) => result.code === code).at(at),
    );
  }

  ack(id: number | string): void {
    this.ws.send(
      JSON.stringify({ data: { id: String(id) }, result: { code: 103, message: 'ack' } }),
    );
  }

  /** Everything said before has been read by the server. */
  async settled(): Promise<void> {
    const before = this.texts.filter((text) => text === 'pong').length;
    this.ws.send('ping');
    await eventually('pong', () => this.texts.filter((text) => text === 'pong').length > before);
  }

  async close(): Promise<void> {
    this.ws.close();
    await eventually('close', () => this.closed);
  }

  #take(frame: OfficialFrame): void {
    this.frames.push(frame);
    if (Number(frame.result.code) < 1000) return;
    this.messages.push(frame);
    this.ids.push(Number(frame.data.id));
  }

  /** Without a goodbye. */
  async cut(): Promise<void> {
    this.ws.terminate();
    await eventually('close', () => this.closed);
  }
}

export interface PushReply {
  status: number;
  body: { data: { id?: string; count?: number }; result: { code: number; message: string } };
}

/** Pushes JSON, or XML as text. */
export async function push(
  url: string,
  body: unknown,
  path = '/im_component/wx_official_account/send',
): Promise<PushReply> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as PushReply['body'] };
}

export async function pushText(
  url: string,
  to: string,
  content: string,
  extra: Record<string, unknown> = {},
): Promise<number> {
  const { status, body } = await push(url, {
    data: { msg_type: 'text', contact_id: to, msg: { content }, ...extra },
    result: { code: 1001, message: 'common' },
  });
  if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
  return Number(body.data.id);
}
