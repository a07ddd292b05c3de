import { ConnectionError, RtCodeError } from './errors.ts';
import type { Http } from './http.ts';
import { newNumber, type SignatureType, sign } from './signature.ts';
import type { Schemas } from './types.ts';

/** Exactly one of these names the room. An id is exact; a topic that two rooms bear is refused. */
export type Room = { roomId: string } | { roomTopic: string };
export type Contact = { contactId: string } | { contactName: string };
/** By number, or by the txcode of the command. */
export type Message = { msgid: number } | { txcode: string };

export interface Card {
  appid: string;
  username: string;
  title: string;
  pagepath: string;
  thumbnailUrl: string;
  description?: string;
  thumbKey?: string;
}

/** What each command takes. */
export interface CommandBodies {
  login: object;
  webLogin: object;
  macLogin: object;
  logout: object;
  botStatus: object;
  roomList: object;
  roomSendText: Room & { text: string; atList?: readonly string[]; atUser?: string };
  roomSendApp: Room & { app: Card };
  roomSendImg: Room & { file: string };
  contactSendText: Contact & { text: string };
  msgStatus: Message;
  msgCancel: Message;
  botQueue: { msgid?: number };
}
export type CommandName = keyof CommandBodies;

type ResBody<N extends CommandName> = Schemas[`${N}Answer`]['resBody'];
type Sent = 'roomSendText' | 'roomSendApp' | 'roomSendImg' | 'contactSendText' | 'msgCancel';
/** What an accepted command is answered, and the txcode it bore. */
export type CommandAnswer<N extends CommandName> = { txcode: string } & (N extends Sent
  ? Required<Omit<ResBody<N>, 'rtCode'>>
  : N extends 'botStatus'
    ? Required<Omit<ResBody<N>, 'rtCode' | 'reason'>> & { reason?: string }
    : N extends 'roomList'
      ? Required<Omit<ResBody<N>, 'rtCode'>>
      : Omit<ResBody<N>, 'rtCode'>);

export interface CommandsOptions {
  http: Http;
  url: string;
  chid: string;
  key: string;
  /** The bot that is commanded where a call names none. */
  botcode?: string | undefined;
  signature?: SignatureType | undefined;
  now?: (() => number) | undefined;
}

export interface CallOptions {
  /** Your own number of the request; give it again to repeat what you do not know the outcome of. */
  txcode?: string;
  botcode?: string;
  signal?: AbortSignal;
}

/**
 * Signed commands of a channel. A try that brings no answer is repeated under the same txcode, so
 * that whatever became of it, the message leaves once.
 */
export class Commands {
  readonly #options: CommandsOptions;

  constructor(options: CommandsOptions) {
    this.#options = options;
  }

  /**
   * Gives any command.
   * @throws RtCodeError (refused), ConnectionError (not known: call again with its txcode)
   */
  async send<N extends CommandName>(
    command: N,
    body: CommandBodies[N],
    options: CallOptions = {},
  ): Promise<CommandAnswer<N>> {
    const { http, url, chid } = this.#options;
    const botcode = options.botcode ?? this.#options.botcode;
    if (botcode === undefined) throw new TypeError('which bot? give botcode');
    const txcode = options.txcode ?? newNumber();
    const answer = await http.send(
      async () => ({
        url: `${url}/api/${command}`,
        method: 'POST',
        ...(await this.#signed({ chid, txcode, botcode }, body)),
      }),
      { signal: options.signal, retry: 'always' },
    );
    const resBody = readAnswer(answer.text, answer.status);
    const { rtCode, rtMsg } = resBody;
    if (rtCode !== '0') throw new RtCodeError({ rtCode, rtMsg, command, txcode });
    // The daemon's own answer: its document says what is in it.
    const { rtCode: _done, ...rest } = resBody;
    return { ...rest, txcode } as CommandAnswer<N>;
  }

  /** Starts the bot; the QR code and the login come as events. */
  login(options?: CallOptions): Promise<CommandAnswer<'login'>> {
    return this.send('login', {}, options);
  }

  logout(options?: CallOptions): Promise<CommandAnswer<'logout'>> {
    return this.send('logout', {}, options);
  }

  botStatus(options?: CallOptions): Promise<CommandAnswer<'botStatus'>> {
    return this.send('botStatus', {}, options);
  }

  roomList(options?: CallOptions): Promise<CommandAnswer<'roomList'>> {
    return this.send('roomList', {}, options);
  }

  roomSendText(
    body: CommandBodies['roomSendText'],
    options?: CallOptions,
  ): Promise<CommandAnswer<'roomSendText'>> {
    return this.send('roomSendText', body, options);
  }

  /** `file`: an http(s) address, a `data:` address, or the url of an upload. */
  roomSendImg(
    body: CommandBodies['roomSendImg'],
    options?: CallOptions,
  ): Promise<CommandAnswer<'roomSendImg'>> {
    return this.send('roomSendImg', body, options);
  }

  roomSendApp(
    body: CommandBodies['roomSendApp'],
    options?: CallOptions,
  ): Promise<CommandAnswer<'roomSendApp'>> {
    return this.send('roomSendApp', body, options);
  }

  contactSendText(
    body: CommandBodies['contactSendText'],
    options?: CallOptions,
  ): Promise<CommandAnswer<'contactSendText'>> {
    return this.send('contactSendText', body, options);
  }

  msgStatus(message: Message, options?: CallOptions): Promise<CommandAnswer<'msgStatus'>> {
    return this.send('msgStatus', message, options);
  }

  msgCancel(message: Message, options?: CallOptions): Promise<CommandAnswer<'msgCancel'>> {
    return this.send('msgCancel', message, options);
  }

  botQueue(
    body: CommandBodies['botQueue'] = {},
    options?: CallOptions,
  ): Promise<CommandAnswer<'botQueue'>> {
    return this.send('botQueue', body, options);
  }

  async #signed(head: Record<string, string>, reqBody: object) {
    const { key, signature = 'HMAC-SHA256', now = Date.now } = this.#options;
    // Milliseconds need no time zone.
    const reqHead = { ...head, txtime: String(now()) };
    const body = JSON.stringify({ reqHead, reqBody });
    return {
      body,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-ecaspsplus-signature': await sign(body, key, signature),
        'x-ecaspsplus-signaturetype': signature,
      },
    };
  }
}

/** @throws ConnectionError: it is nobody of ours who answers */
function readAnswer(text: string, status: number): Schemas['roomSendTextAnswer']['resBody'] {
  try {
    const { resBody } = JSON.parse(text) as Schemas['roomSendTextAnswer'];
    if (typeof resBody.rtCode === 'string') return resBody;
  } catch {
    // Told below.
  }
  throw new ConnectionError(`HTTP ${status}, and no answer of a command`, { status });
}
