/** What a sandbox is made of, as its users name it; times are epoch milliseconds. */

export type AccountKind = 'miniprogram' | 'official';
export type PushMode = 'plain' | 'compatible' | 'secure';
export type PushFormat = 'xml' | 'json';

export interface AccountOptions {
  appid: string;
  secret: string;
  /** Token of the message push; without it nothing is pushed. */
  token?: string;
  encodingAesKey?: string;
  kind?: AccountKind;
  /** ToUserName of its pushes; default: made from the appid. */
  originalId?: string;
  /** Where pushes go; default: that of the sandbox. */
  push?: string;
  /** Default: that of the sandbox, else secure with a key and plain without. */
  mode?: PushMode;
  format?: PushFormat;
}

export interface SandboxOptions {
  /** Default 0: any free port. */
  port?: number;
  host?: string;
  /** Default: one mini program, `defaultAccount`. */
  accounts?: AccountOptions[];
  /** Where pushes go; `{appid}` in it is replaced. Can be set later by `setPush`. */
  push?: string;
  mode?: PushMode;
  format?: PushFormat;
  /** How long a push waits for its answer. WeChat: 5 s. */
  pushTimeoutMs?: number;
  /** Every call takes this long. */
  latencyMs?: number;
  /** Characters of an access_token; WeChat's have about 160 and may have 512. */
  tokenLength?: number;
  /** Logins of one user in a minute before 45011. */
  loginsPerMinute?: number;
  /** Where time comes from, before `advance` is added. */
  now?: () => number;
}

export interface Account
  extends Required<Omit<AccountOptions, 'token' | 'encodingAesKey' | 'push'>> {
  token: string | undefined;
  encodingAesKey: string | undefined;
  push: string | undefined;
  /** Templates known by id; none known: every id is taken. */
  templates: Map<string, Template>;
}

export interface Template {
  id: string;
  /** Its fields, such as thing1; every one must be given. */
  fields: string[];
  /** Values of its enum fields. */
  values?: Record<string, string[]>;
  /** Accepted once, sends without end. */
  longTerm?: boolean;
}

export interface UserOptions {
  /** Default: a new one. */
  openid?: string;
  /** Default: the first account. */
  appid?: string;
  nickname?: string;
  unionid?: string;
  /** Follows the official account. Default true. */
  subscribed?: boolean;
  /** WeChat thinks badly of this user: no login (40226). */
  risky?: boolean;
}

export interface UserView {
  openid: string;
  appid: string;
  nickname: string;
  unionid?: string;
  subscribed: boolean;
  blocked: boolean;
  risky: boolean;
  /** What may still be sent by custom/send. */
  windows: { action: string; left: number; until: number }[];
  /** Accepted subscribe messages, by template. */
  credits: Record<string, number>;
}

/** How something came to the eyes of a user; `own`: what he said or did himself. */
export type Via = 'passive' | 'custom' | 'subscribe' | 'typing' | 'notice' | 'own';

export interface Seen {
  seq: number;
  at: number;
  via: Via;
  /** text, image …; Typing or CancelTyping; an event's name with `own`. */
  msgtype: string;
  /** The words to read, where there are some. */
  text?: string;
  mediaId?: string;
  /** Address of the picture, voice or video in this sandbox. */
  mediaUrl?: string;
  /** All of it, as it was given. */
  data: unknown;
  /** With `own`: id of the push that carried it. */
  push?: number;
}

/** Base64, a data: address, bytes, or true for a small sample. */
export type FileInput = string | true | Uint8Array;

/** One thing said: exactly one of the kinds. */
export interface Said {
  text?: string;
  image?: FileInput;
  voice?: FileInput;
  /** Speech recognition, with `voice`. */
  recognition?: string;
  video?: FileInput;
  shortvideo?: FileInput;
  location?: { latitude: number; longitude: number; scale?: number; label?: string };
  link?: { title: string; description?: string; url: string };
  miniprogrampage?: { title: string; appid?: string; pagepath: string; thumbUrl?: string };
  /** Any other push: its own fields, MsgType among them. */
  raw?: Fields;
}

/** Fields of a push in order. Numbers stand bare, texts in CDATA; a list repeats its element. */
export interface Fields {
  [name: string]: string | number | bigint | Fields | Fields[];
}

export interface PushOptions {
  /** The same push this many times at once, as rival data centres do. */
  copies?: number;
  /** A new nonce, time and encryption for each try. Default: byte for byte the same. */
  fresh?: boolean;
  /**
   * What an attacker might send: `signature` by another token, `appid` another one inside the
   * encryption, `body` one changed after signing, `downgrade` plain to a secure account.
   */
  forge?: 'signature' | 'appid' | 'body' | 'downgrade';
}

export interface PushTry {
  at: number;
  ms: number;
  url: string;
  sent: string;
  status?: number;
  answer?: string;
  error?: string;
}

export interface PushOutcome {
  id: number;
  appid: string;
  openid: string;
  msgId?: string;
  /** XML or JSON before encryption. */
  plain: string;
  tries: PushTry[];
  /** Acknowledged in time and properly. */
  ok: boolean;
  /** Why WeChat would show that the service is out of order. */
  problem?: string;
  /** What the answer put before the user. */
  reply?: Seen;
}

export interface VerifyOutcome {
  ok: boolean;
  url: string;
  status?: number;
  answer?: string;
  reason?: string;
}

export type FaultKind =
  | 'delay'
  | 'hang'
  | 'error'
  | 'http500'
  | 'garbage'
  | 'cut'
  | 'close'
  | 'expireToken';

export interface FaultOptions {
  kind: FaultKind;
  /** Calls whose path contains this; absent: every call. */
  path?: string;
  /** Only calls for this user. */
  openid?: string;
  /** Default 1. */
  times?: number | 'always';
  /** delay: how long; hang: when the connection breaks (default: never). */
  ms?: number;
  errcode?: number;
  errmsg?: string;
  /** The call takes effect although its answer does not arrive; with `cut` it always does. */
  done?: boolean;
}

export interface Call {
  seq: number;
  at: number;
  method: string;
  path: string;
  query: Record<string, string>;
  /** Parsed JSON body, if it was one. */
  body?: unknown;
  /** The body as it came, if it is text. */
  text: string;
  /** Files of a multipart body. */
  files?: { field: string; name: string; type: string; bytes: number }[];
  appid?: string;
  fault?: FaultKind;
  /** Absent while the call is under way. */
  status?: number;
  answer?: string;
}
