import { randomInt } from 'node:crypto';
import { encrypt, signature } from './crypto.ts';
import { readAnswer } from './passive.ts';
import type { Push } from './push-body.ts';
import { toJson, toXml } from './spelling.ts';
import type { Account, Fields, PushOptions, PushOutcome, PushTry, VerifyOutcome } from './types.ts';
import type { User } from './user.ts';
import type { World } from './world.ts';

const tries = 3;

/** Sends pushes as WeChat does: 5 s for an answer, three tries, then the user is told. */
export class Pusher {
  readonly #world: World;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(world: World) {
    this.#world = world;
  }

  /** @throws when it cannot be forged like that */
  push(account: Account, user: User, push: Push, options: PushOptions = {}): Promise<PushOutcome> {
    const { forge } = options;
    if (forge !== undefined && forge !== 'signature' && account.mode === 'plain') {
      throw new Error(`forge ${forge}: ${account.appid} is not encrypted`);
    }
    const outcome: PushOutcome = {
      id: push.id,
      appid: account.appid,
      openid: user.openid,
      ...(push.msgId === undefined ? {} : { msgId: push.msgId }),
      plain: spell(account, push.fields),
      tries: [],
      ok: false,
    };
    this.#world.logPush(outcome);
    const work = this.#work(account, user, push, options, outcome);
    this.#running.add(work);
    return work.finally(() => this.#running.delete(work));
  }

  /** The GET by which the console checks an address; `wrong`: signed by another token. */
  async verify(account: Account, wrong = false): Promise<VerifyOutcome> {
    const echostr = String(randomInt(2 ** 47));
    const token = wrong ? 'anothertoken' : account.token;
    if (account.push === undefined || token === undefined) {
      return { ok: false, url: account.push ?? '', reason: 'no push address or no token' };
    }
    const url = new URL(account.push);
    const [timestamp, nonce] = [this.#seconds(), String(randomInt(1e9))];
    const query = { signature: signature(token, timestamp, nonce), echostr, timestamp, nonce };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const done = await this.#request('GET', url.href);
    const { status, answer, error } = done;
    const ok = status === 200 && answer === echostr;
    return {
      ok,
      url: url.href,
      ...(status === undefined ? {} : { status }),
      ...(answer === undefined ? {} : { answer }),
      ...(ok ? {} : { reason: error ?? 'the answer is not HTTP 200 with echostr alone' }),
    };
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#running);
  }

  async #work(
    account: Account,
    user: User,
    push: Push,
    options: PushOptions,
    outcome: PushOutcome,
  ): Promise<PushOutcome> {
    if (account.push === undefined || account.token === undefined) {
      outcome.problem = 'no push address or no token: nothing was pushed';
      return outcome;
    }
    const copies = Array.from({ length: options.copies ?? 1 }, () =>
      this.#deliver(account, push, options, outcome),
    );
    const [done] = await Promise.all(copies);
    if (this.#ending.signal.aborted) return outcome;
    const verdict =
      done?.status === 200
        ? readAnswer(this.#world, account, user, push.msgId !== undefined, done.answer ?? '')
        : { kind: 'bad' as const, problem: done?.error ?? `HTTP ${done?.status}` };
    outcome.ok = verdict.kind !== 'bad';
    if (verdict.kind === 'show') {
      user.lastExchange = this.#world.now();
      outcome.reply = user.see(verdict.seen);
    }
    if (verdict.kind === 'bad') {
      outcome.problem = verdict.problem;
      if (push.expectsAnswer && options.forge === undefined) {
        const text = notices[account.kind];
        const at = this.#world.now();
        user.see({ at, via: 'notice', msgtype: 'text', text, data: { problem: verdict.problem } });
      }
    }
    return outcome;
  }

  /** One copy, tried until it is answered. */
  async #deliver(
    account: Account,
    push: Push,
    options: PushOptions,
    outcome: PushOutcome,
  ): Promise<PushTry | undefined> {
    let sealed = this.#seal(account, push.fields, options);
    let last: PushTry | undefined;
    for (let n = 0; n < tries && !this.#ending.signal.aborted; n += 1) {
      if (n > 0 && options.fresh === true) sealed = this.#seal(account, push.fields, options);
      last = await this.#request('POST', sealed.url, sealed.body, account);
      outcome.tries.push(last);
      if (last.status === 200) return last;
      // A push that was meant to be refused is not repeated.
      if (options.forge !== undefined) return last;
    }
    return last;
  }

  #seal(account: Account, fields: Fields, options: PushOptions): { url: string; body: string } {
    const url = new URL(account.push ?? '');
    const token = options.forge === 'signature' ? 'anothertoken' : (account.token ?? '');
    const [timestamp, nonce] = [this.#seconds(), String(randomInt(1e9))];
    const query: Record<string, string> = {
      signature: signature(token, timestamp, nonce),
      timestamp,
      nonce,
      openid: String(fields['FromUserName'] ?? ''),
    };
    let sent = fields;
    if (account.mode !== 'plain' && options.forge !== 'downgrade') {
      const appid = options.forge === 'appid' ? 'wx0000000000000000' : account.appid;
      const sealed = encrypt(account.encodingAesKey ?? '', appid, spell(account, fields));
      query['encrypt_type'] = 'aes';
      query['msg_signature'] = signature(token, timestamp, nonce, sealed);
      const Encrypt = options.forge === 'body' ? changed(sealed) : sealed;
      sent =
        account.mode === 'secure'
          ? { ToUserName: fields['ToUserName'] ?? '', Encrypt }
          : { ...fields, Encrypt };
    }
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return { url: url.href, body: spell(account, sent) };
  }

  async #request(
    method: string,
    url: string,
    body?: string,
    account?: Account,
  ): Promise<PushTry & { answer?: string }> {
    const at = this.#world.now();
    const began = performance.now();
    const limit = this.#world.options.pushTimeoutMs ?? 5000;
    const one: PushTry = { at, ms: 0, url, sent: body ?? '' };
    try {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: {
          'user-agent': 'Mozilla/4.0',
          accept: '*/*',
          ...(account === undefined
            ? {}
            : { 'content-type': account.format === 'xml' ? 'text/xml' : 'application/json' }),
        },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.any([AbortSignal.timeout(limit), this.#ending.signal]),
      });
      one.answer = await response.text();
      one.status = response.status;
    } catch (error) {
      one.error = reasonOf(error, limit);
    }
    one.ms = Math.round(performance.now() - began);
    return one;
  }

  #seconds(): string {
    return String(Math.floor(this.#world.now() / 1000));
  }
}

const notices = {
  official: '该公众号提供的服务出现故障，请稍后再试',
  miniprogram: '该小程序客服暂时无法提供服务，请稍后再试',
} as const;

function spell(account: Account, fields: Fields): string {
  return account.format === 'xml' ? toXml(fields) : toJson(fields);
}

function changed(sealed: string): string {
  return `${sealed.startsWith('A') ? 'B' : 'A'}${sealed.slice(1)}`;
}

function reasonOf(error: unknown, limit: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer in ${limit} ms`;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
