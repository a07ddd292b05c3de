import { randomBytes } from 'node:crypto';
import { eventPush, saidPush } from './push-body.ts';
import type { Pusher } from './pusher.ts';
import type {
  Call,
  FaultOptions,
  Fields,
  PushOptions,
  PushOutcome,
  Said,
  Seen,
  Template,
  UserOptions,
  UserView,
  VerifyOutcome,
} from './types.ts';
import type { User } from './user.ts';
import type { Action } from './windows.ts';
import type { World } from './world.ts';

/** Which account is meant; absent: the user's own, or the first. */
export interface Where {
  appid?: string;
}

export interface AccountView {
  appid: string;
  kind: string;
  mode: string;
  format: string;
  originalId: string;
  push?: string;
  templates: Template[];
}

export interface SandboxState {
  url: string;
  now: number;
  accounts: AccountView[];
  users: UserView[];
  faults: FaultOptions[];
  calls: number;
  pushes: number;
}

/** What the people of a sandbox do, and what whoever tests orders. */
export class Controls {
  readonly #world: World;
  readonly #pusher: Pusher;

  constructor(world: World, pusher: Pusher) {
    this.#world = world;
    this.#pusher = pusher;
  }

  now(): number {
    return this.#world.now();
  }

  state(): SandboxState {
    const world = this.#world;
    return {
      url: world.url,
      now: world.now(),
      accounts: [...world.accounts.values()].map((one) => ({
        appid: one.appid,
        kind: one.kind,
        mode: one.mode,
        format: one.format,
        originalId: one.originalId,
        ...(one.push === undefined ? {} : { push: one.push }),
        templates: [...one.templates.values()],
      })),
      users: world.users().map((user) => world.view(user)),
      faults: world.faults.list(),
      calls: world.calls.length,
      pushes: world.pushes.length,
    };
  }

  /** Makes a user, or changes one. */
  user(given: UserOptions = {}): UserView {
    return this.#world.view(this.#world.meet(given));
  }

  users(): UserView[] {
    return this.#world.users().map((user) => this.#world.view(user));
  }

  /** @throws when there is no such user */
  find(openid: string, where: Where = {}): UserView {
    const user = this.#known(openid, where);
    if (user === undefined) throw new Error(`no such user: ${openid}`);
    return this.#world.view(user);
  }

  /**
   * A user writes. Whoever is not known yet is made. Answers once WeChat is done with the push.
   * @throws when he does not follow the official account
   */
  async say(openid: string, said: Said, options: PushOptions & Where = {}): Promise<PushOutcome> {
    const user = this.#user(openid, options);
    const account = this.#world.account(user.appid);
    if (account.kind === 'official' && !user.subscribed) {
      throw new Error(`${openid} does not follow the account`);
    }
    const push = saidPush(this.#world, account, user, said);
    const now = this.#world.now();
    user.see({ at: now, via: 'own', ...push.own, push: push.id });
    user.windows.act(account.kind, 'message', now);
    user.lastExchange = now;
    return this.#pusher.push(account, user, push, options);
  }

  /** Something happens: `{event: 'CLICK', EventKey: 'menu'}`. Fields as WeChat spells them. */
  async event(
    openid: string,
    event: Fields,
    options: PushOptions & Where = {},
  ): Promise<PushOutcome> {
    const user = this.#user(openid, options);
    const account = this.#world.account(user.appid);
    const push = eventPush(this.#world, account, user, event);
    const now = this.#world.now();
    const name = String(event['event']).toLowerCase();
    if (!unseen.test(name)) user.see({ at: now, via: 'own', ...push.own, push: push.id });
    const action = actions[name];
    if (name === 'subscribe') user.subscribed = true;
    if (action !== undefined) user.windows.act(account.kind, action, now);
    if (name === 'unsubscribe') {
      user.subscribed = false;
      user.windows.clear();
    }
    settleCredits(user, name, event['List']);
    return this.#pusher.push(account, user, push, options);
  }

  /** The user lets the account send him a subscribe message, or refuses it. */
  accept(
    openid: string,
    templateId: string,
    options: { times?: number; reject?: boolean } & PushOptions & Where = {},
  ): Promise<PushOutcome> {
    const user = this.#user(openid, options);
    const more = (options.times ?? 1) - 1;
    if (options.reject !== true && more > 0) credit(user, templateId, more);
    const list: Fields = {
      TemplateId: templateId,
      SubscribeStatusString: options.reject === true ? 'reject' : 'accept',
      PopupScene: '0',
    };
    const event = { event: 'subscribe_msg_popup_event', List: [list] };
    return this.event(openid, event, { ...options, appid: user.appid });
  }

  /** The user wants no messages of the account any more, or again. */
  block(openid: string, blocked = true, where: Where = {}): UserView {
    const user = this.#user(openid, where);
    user.blocked = blocked;
    return this.#world.view(user);
  }

  /** Everything this user has seen, in order; `own`: with what he said and did himself. */
  messages(openid: string, options: { own?: boolean } & Where = {}): Seen[] {
    return this.#known(openid, options)?.seen(options.own === true) ?? [];
  }

  /** What wx.login gives to the mini program of this user. */
  code(openid: string, where: Where = {}): string {
    const code = `0${randomBytes(24).toString('base64url')}`.slice(0, 32);
    const user = this.#user(openid, where);
    this.#world.codes.set(code, { user, madeAt: this.#world.now(), used: false });
    return code;
  }

  fault(fault: FaultOptions): void {
    this.#world.faults.add(fault);
  }

  faults(): FaultOptions[] {
    return this.#world.faults.list();
  }

  clearFaults(): void {
    this.#world.faults.clear();
  }

  /** WeChat's clock goes on; its time-outs for pushes stay real. */
  advance(ms: number): number {
    this.#world.advance(ms);
    return this.#world.now();
  }

  /** Calls received, oldest first; `path`: those whose path contains it. */
  calls(path = ''): Call[] {
    return this.#world.calls.filter((one) => one.path.includes(path));
  }

  /** Pushes sent, oldest first, those under way too. */
  pushes(openid?: string): PushOutcome[] {
    return this.#world.pushes.filter((one) => openid === undefined || one.openid === openid);
  }

  /** Where pushes go from now on, for one account or all. */
  setPush(url: string, where: Where = {}): void {
    for (const account of this.#world.accounts.values()) {
      if (where.appid !== undefined && where.appid !== account.appid) continue;
      account.push = new URL(url.replaceAll('{appid}', account.appid)).href;
    }
  }

  /** Makes the account know a template. Once it knows one, no other id is taken (40037). */
  template(template: Template, where: Where = {}): void {
    this.#world.account(where.appid).templates.set(template.id, template);
  }

  /** As the console checks an address; `wrong`: with a signature that must be refused. */
  verify(options: { wrong?: boolean } & Where = {}): Promise<VerifyOutcome> {
    return this.#pusher.verify(this.#world.account(options.appid), options.wrong);
  }

  #known(openid: string, { appid }: Where): User | undefined {
    return this.#world
      .users()
      .find((one) => one.openid === openid && (appid === undefined || appid === one.appid));
  }

  #user(openid: string, where: Where): User {
    const { appid } = where;
    return this.#world.meet({ openid, ...(appid === undefined ? {} : { appid }) });
  }
}

/** Events that happen without the user. */
const unseen = /^(subscribe_msg_sent_event|.*jobfinish|kf_.*_session)$/;

const actions: Record<string, Action> = {
  user_enter_tempsession: 'enter',
  click: 'click',
  scancode_push: 'click',
  scancode_waitmsg: 'click',
  subscribe: 'follow',
  scan: 'scan',
};

function credit(user: User, templateId: string, times: number): void {
  user.credits.set(templateId, (user.credits.get(templateId) ?? 0) + times);
}

/** Popups give a credit each; a refusal in the settings takes all. */
function settleCredits(user: User, event: string, given: Fields[string] | undefined): void {
  if (!/^subscribe_msg_(popup|change)_event$/.test(event) || typeof given !== 'object') return;
  for (const one of Array.isArray(given) ? given : [given]) {
    const templateId = String(one['TemplateId']);
    if (one['SubscribeStatusString'] === 'accept') credit(user, templateId, 1);
    else if (event.includes('change')) user.credits.delete(templateId);
  }
}
