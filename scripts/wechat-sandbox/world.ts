import { createHash, randomBytes } from 'node:crypto';
import { Faults } from './faults.ts';
import { MediaStore } from './media-store.ts';
import { Tokens } from './tokens.ts';
import type {
  Account,
  AccountOptions,
  Call,
  PushOutcome,
  SandboxOptions,
  UserOptions,
  UserView,
} from './types.ts';
import { User } from './user.ts';

/** The account there is when none is named. */
export const defaultAccount = {
  appid: 'wx5a4db0c000000001',
  secret: 'sandboxsecret0000000000000000000',
  token: 'sandboxtoken',
} as const satisfies AccountOptions;

/** How much of what happened is kept for looking at. */
const kept = 10_000;

/** Everything this small platform knows. In memory: a sandbox begins anew each time. */
export class World {
  readonly options: SandboxOptions;
  readonly accounts = new Map<string, Account>();
  readonly faults = new Faults();
  readonly tokens: Tokens;
  readonly media = new MediaStore();
  readonly codes = new Map<string, { user: User; madeAt: number; used: boolean }>();
  readonly calls: Call[] = [];
  readonly pushes: PushOutcome[] = [];
  /** Address of the sandbox itself, once it listens. */
  url = '';
  readonly #users = new Map<string, User>();
  #offset = 0;
  #ids = 0;
  #msgIds = 0n;

  constructor(options: SandboxOptions) {
    this.options = options;
    this.tokens = new Tokens(options.tokenLength ?? 157);
    for (const account of options.accounts ?? [defaultAccount]) this.addAccount(account);
  }

  now(): number {
    return (this.options.now?.() ?? Date.now()) + this.#offset;
  }

  advance(ms: number): void {
    this.#offset += ms;
  }

  /** Growing numbers for whatever is listed. */
  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  /** Always past 2^53 and odd, so that a client which reads a double changes it. */
  nextMsgId(): bigint {
    this.#msgIds += 1n;
    return 22_876_340_532_172_985n + 2n * this.#msgIds + (BigInt(this.now()) << 20n);
  }

  addAccount(given: AccountOptions): Account {
    const account: Account = {
      appid: given.appid,
      secret: given.secret,
      token: given.token,
      encodingAesKey: given.encodingAesKey,
      kind: given.kind ?? 'miniprogram',
      originalId: given.originalId ?? `gh_${digest(given.appid).slice(0, 12)}`,
      push: (given.push ?? this.options.push)?.replaceAll('{appid}', given.appid),
      mode:
        given.mode ??
        this.options.mode ??
        (given.encodingAesKey === undefined ? 'plain' : 'secure'),
      format: given.format ?? this.options.format ?? 'xml',
      templates: new Map(),
    };
    if (account.mode !== 'plain' && account.encodingAesKey === undefined) {
      throw new Error(`${account.appid}: mode ${account.mode} needs an EncodingAESKey`);
    }
    this.accounts.set(account.appid, account);
    return account;
  }

  /** The account of that appid, or the first. */
  account(appid?: string): Account {
    const account = appid === undefined ? first(this.accounts) : this.accounts.get(appid);
    if (account === undefined) throw new Error(`no such account: ${appid}`);
    return account;
  }

  users(): User[] {
    return [...this.#users.values()];
  }

  find(appid: string, openid: string): User | undefined {
    return this.#users.get(`${appid} ${openid}`);
  }

  /** Makes a user, or changes what is given of one who is there. */
  meet(given: UserOptions): User {
    const openid = given.openid ?? `o${randomBytes(20).toString('base64url')}`.slice(0, 28);
    const there =
      given.appid === undefined
        ? this.users().find((one) => one.openid === openid)
        : this.find(given.appid, openid);
    const user = there ?? new User(this.account(given.appid).appid, openid);
    user.change(given);
    this.#users.set(`${user.appid} ${openid}`, user);
    return user;
  }

  view(user: User): UserView {
    return user.view(this.now());
  }

  logCall(call: Call): void {
    this.calls.push(call);
    if (this.calls.length > kept) this.calls.shift();
  }

  logPush(push: PushOutcome): void {
    this.pushes.push(push);
    if (this.pushes.length > kept) this.pushes.shift();
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function first<T>(map: Map<string, T>): T | undefined {
  for (const value of map.values()) return value;
  return undefined;
}
