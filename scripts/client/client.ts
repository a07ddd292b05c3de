import { Admin } from './admin.ts';
import { Chatbot } from './chatbot.ts';
import { Commands } from './commands.ts';
import { Events } from './events.ts';
import { type Fetch, Http, type RetrySettings } from './http.ts';
import { ImServer } from './im-server.ts';
import type { SignatureType } from './signature.ts';
import { readWebhook, type Webhook, type WebhookRequest } from './webhook.ts';

export interface WxrcOptions {
  /** Where the daemon is: `http://127.0.0.1:8080`. */
  url: string;
  /** The channel, and its key: for commands, events and webhooks. */
  chid?: string;
  key?: string;
  /** The bot that is commanded where a call names none. */
  botcode?: string;
  /** Default: HMAC-SHA256. */
  signature?: SignatureType;
  /** Token of an operator: for the admin API. */
  token?: string;
  /** The application, and its secret: for the IM server. */
  app?: { appid: number; secret: string };
  /** One of `access.tokens`: for the chatbot. */
  accessToken?: string;
  /** In which refusals of the admin API are told; default: that of the daemon. */
  language?: 'zh' | 'en';
  retry?: Partial<RetrySettings>;
  fetch?: Fetch;
}

/**
 * A client of the daemon. Each part is there where what it needs was given:
 * `commands` and `events` (chid, key), `admin` (token, or `admin.login`), `im` (app), `chatbot`.
 */
export class WxrcClient {
  readonly admin: Admin;
  readonly chatbot: Chatbot;
  readonly #options: WxrcOptions;
  readonly #http: Http;
  readonly #url: string;
  #commands: Commands | undefined;
  #im: ImServer | undefined;

  constructor(options: WxrcOptions) {
    this.#options = options;
    this.#url = options.url.replace(/\/+$/, '');
    this.#http = new Http(options);
    const base = { http: this.#http, url: this.#url };
    this.admin = new Admin({ ...base, token: options.token, language: options.language });
    this.chatbot = new Chatbot({ ...base, accessToken: options.accessToken });
  }

  /** Signed commands of the channel. */
  get commands(): Commands {
    const { chid, key, botcode, signature } = this.#options;
    if (chid === undefined || key === undefined) throw new TypeError('commands need chid and key');
    this.#commands ??= new Commands({
      ...{ http: this.#http, url: this.#url, chid, key, botcode, signature },
    });
    return this.#commands;
  }

  /** The channel's own events; with another chid, or without a key, as the operator of `token`. */
  events(chid = this.#options.chid): Events {
    if (chid === undefined) throw new TypeError('whose events? give chid');
    const { signature } = this.#options;
    const key = chid === this.#options.chid ? this.#options.key : undefined;
    const token = () => this.admin.token;
    return new Events({ http: this.#http, url: this.#url, chid, key, signature, token });
  }

  /** Reads a webhook of the channel, if it is genuine. @throws WebhookError */
  readWebhook(request: WebhookRequest): Promise<Webhook> {
    const { key } = this.#options;
    if (key === undefined) throw new TypeError('a webhook is checked by the key of the channel');
    return readWebhook(request, { key });
  }

  /** What the server of the application says. */
  get im(): ImServer {
    const { app } = this.#options;
    if (app === undefined) throw new TypeError('im needs app: {appid, secret}');
    this.#im ??= new ImServer({ http: this.#http, url: this.#url, ...app });
    return this.#im;
  }
}
