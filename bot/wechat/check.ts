import type { WechatSettings } from '../../config/wechat-schema.ts';
import { type Account, accountOf } from './account.ts';
import type { Diagnosis, RefusalReason } from './diagnosis.ts';
import { isProbe, type PushQuery, readEcho, readPush } from './push.ts';

/** What an account's settings are worth, and what becomes of a request to it. */
export interface RequestCheck {
  what: 'verification' | 'push' | 'probe';
  ok: boolean;
  reason?: RefusalReason;
  diagnosis?: Diagnosis;
  /** Account whose token the request was signed with, where it is not this one's. */
  signedFor?: string;
  /** What was said, when it is right. */
  echo?: string;
  push?: { kind: string; openId: string; mode: string; format: string; msgId: string | undefined };
}

/**
 * Tries a request of WeChat as the daemon would take it; nothing is kept of it.
 * @param url its whole address, with the query
 * @param body of a push; undefined: it is a verification
 */
export function checkRequest(options: {
  settings: WechatSettings;
  /** All accounts: the wrong one may have been asked. */
  others: readonly WechatSettings[];
  url: string;
  body: Uint8Array | undefined;
}): RequestCheck {
  const { settings, others, url, body } = options;
  const query: PushQuery = Object.fromEntries(new URL(url).searchParams);
  const account = accountOf(settings);
  if (body !== undefined && isProbe(body)) return { what: 'probe', ok: true };
  const what = body === undefined ? 'verification' : 'push';
  const read = tried(account, query, body);
  if (!read.ok) {
    const signedFor = others.find(
      (one) => one.appid !== settings.appid && isSignedFor(accountOf(one), query, body),
    );
    const { reason, diagnosis } = read;
    const elsewhere = signedFor === undefined ? {} : { signedFor: signedFor.appid };
    return { what, ok: false, reason, diagnosis, ...elsewhere };
  }
  if ('echo' in read) return { what, ok: true, echo: read.echo };
  const { kind, openId, mode, format, msgId } = read.push;
  return { what, ok: true, push: { kind, openId, mode, format, msgId } };
}

type Tried = ReturnType<typeof readPush> | ReturnType<typeof readEcho>;

function tried(account: Account, query: PushQuery, body: Uint8Array | undefined): Tried {
  return body === undefined ? readEcho({ account, query }) : readPush({ account, query, body });
}

function isSignedFor(account: Account, query: PushQuery, body: Uint8Array | undefined): boolean {
  const read = tried(account, query, body);
  return read.ok || beyondSignature.has(read.reason);
}

/** Whoever is refused for these has signed rightly. */
const beyondSignature = new Set<RefusalReason>(['no key', 'cannot be decrypted', 'malformed']);
