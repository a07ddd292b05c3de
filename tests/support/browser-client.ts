import { request } from 'node:http';

export interface BrowserAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** A test reads the fields of its own. */
  // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
  body: any;
  text: string;
}

export interface BrowserCall {
  body?: unknown;
  headers?: Record<string, string | undefined>;
  /** Address of this machine that it comes from: 127.0.0.2 and so on. */
  from?: string;
}

/** Calls as the console in a browser does: by cookie, with the header, from our own origin. */
export class BrowserClient {
  readonly #url: () => string;
  cookie: string | undefined;
  csrf: string | undefined;
  /** Everything that was answered. */
  readonly texts: string[] = [];

  constructor(url: () => string) {
    this.#url = url;
  }

  async login(password = 'test-password', username = 'admin', totp?: string) {
    const answer = await this.call('POST', '/session', {
      body: { username, password, cookie: true, ...(totp !== undefined && { totp }) },
    });
    this.take(answer);
    return answer;
  }

  /** Keeps what a log-in gave. */
  take(answer: BrowserAnswer): void {
    const [set = ''] = [answer.headers['set-cookie'] ?? ''].flat();
    this.cookie = /^wxrc_session=([^;]+)/.exec(set)?.[1];
    this.csrf = answer.body?.csrf;
  }

  /** @param path below /api/v1, or an absolute one with `//` before it */
  call(method: string, path: string, call: BrowserCall = {}): Promise<BrowserAnswer> {
    const origin = this.#url();
    const url = new URL(path.startsWith('//') ? path.slice(1) : `/api/v1${path}`, origin);
    const raw = call.body === undefined ? undefined : JSON.stringify(call.body);
    const headers: Record<string, string> = {};
    const given: Record<string, string | undefined> = {
      ...(raw !== undefined && { 'content-type': 'application/json' }),
      ...(this.cookie !== undefined && { cookie: `other=1; wxrc_session=${this.cookie}` }),
      ...(this.csrf !== undefined && { 'x-wxrc-csrf': this.csrf }),
      ...(method !== 'GET' && { origin }),
      'sec-fetch-site': 'same-origin',
      ...call.headers,
    };
    for (const [name, value] of Object.entries(given)) {
      if (value !== undefined) headers[name] = value;
    }
    return new Promise((resolve, reject) => {
      const sent = request(
        url,
        { method, headers, ...(call.from !== undefined && { localAddress: call.from }) },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (piece: string) => {
            text += piece;
          });
          response.on('error', reject);
          response.on('end', () => {
            this.texts.push(text);
            const isJson = /json/.test(response.headers['content-type'] ?? '');
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: isJson && text !== '' ? JSON.parse(text) : {},
              text,
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(raw);
    });
  }
}
