import { readFileSync } from 'node:fs';

interface SignatureVector {
  name: string;
  token?: string;
  timestamp?: string;
  nonce?: string;
  encrypt?: string;
  echostr?: string;
  parts?: string[];
  sorted?: string[];
  signature: string;
  valid: boolean;
}

export interface CryptoVector {
  name: string;
  encodingAESKey: string;
  token?: string;
  appid?: string;
  timestamp?: string;
  nonce?: string;
  msg_signature?: string;
  encrypt: string;
  random?: string;
  msg?: string;
  pad?: number;
  url?: string;
  body?: string;
  reply_json?: { Encrypt: string; MsgSignature: string; TimeStamp: number; Nonce: string };
  reply_xml?: string;
  expect_fields?: Record<string, string>;
  reject?: { msg_signature?: string; appid?: string }[];
}

interface PushVector {
  name: string;
  xml?: string;
  json?: Record<string, unknown>;
  json_text?: string;
  expect?: unknown;
  expect_error?: true;
}

interface Vectors {
  'wechat-signature': { vectors: SignatureVector[] };
  'wechat-crypto': { vectors: CryptoVector[]; must_reject: CryptoVector[] };
  'wechat-push-messages': {
    mini_program: (PushVector & { xml: string; json: Record<string, unknown> })[];
    subscribe_events: (PushVector & { expect: Record<string, string>[] })[];
    official_account: (PushVector & { xml: string; wechatpy_asserts: [string, unknown][] })[];
    edge_cases: PushVector[];
  };
  'wechat-passive-replies': {
    replies: { type: string; fields: Record<string, unknown>; xml?: string }[];
    handler_cases: { handler_returns: string | null; body?: string; reply?: object }[];
  };
  'wxa-userdata': {
    signature: { session_key: string; rawData: string; signature: string };
    decrypt: { appid: string; session_key: string; iv: string; encryptedData: string };
  };
}

/** A file of vectors, as it is. */
export function vectors<K extends keyof Vectors>(name: K): Vectors[K] {
  const file = new URL(`../vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Vectors[K];
}
