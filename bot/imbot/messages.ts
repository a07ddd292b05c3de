import type { Database, Tx } from '../../store/database.ts';
import { contentOf } from '../im/content-of.ts';
import type { ConversationPort, Talk } from '../im/conversation.ts';
import { ownApps, type User } from '../im/message.ts';
import type { Draft, MessageLog } from '../im/message-log.ts';
import type { Names } from '../im/names.ts';
import type { DeskRoute, ImbotDesk } from './desk.ts';
import type { Notices } from './notices.ts';
import type { Given, Pairs } from './pairs.ts';
import type { ImbotUsers } from './users.ts';

/** One person says something to another. */
export interface Say extends Given {
  from: string;
  to: string;
  /** Whom to tell when it is not fetched. */
  templateUrl: string | undefined;
}

export interface ImbotMessagesOptions {
  db: Database;
  log: Pick<MessageLog, 'append' | 'appendIn'>;
  names: Names;
  pairs: Pairs;
  users: Pick<ImbotUsers, 'profile'>;
  notices: Pick<Notices, 'sets' | 'armIn'>;
  /** Undefined: there is no customer service. */
  service:
    | {
        desk: ImbotDesk;
        conversations: ConversationPort;
        /** While this stays the same, who answers whom does, too. */
        changes: () => number;
      }
    | undefined;
}

/** Of so many pairs it is remembered that they are no customer service. */
const mostPlain = 200_000;

/**
 * What people of the mini-program IM say to each other. A message between two who have written
 * before costs three rows: itself, its place in the queue and in the history.
 */
export class ImbotMessages {
  readonly #options: ImbotMessagesOptions;
  #accepted = 0;
  /** Pairs whose messages are plain ones while conversations are at this change. */
  readonly #plainAt = new Map<number, number>();

  constructor(options: ImbotMessagesOptions) {
    this.#options = options;
  }

  /** Messages in this life of the daemon. */
  get accepted(): number {
    return this.#accepted;
  }

  /** `told` is called when it is on disk. */
  say(say: Say, told: (error: Error | undefined) => void): void {
    const { service } = this.#options;
    const done = (error: Error | undefined): void => {
      if (error === undefined) this.#accepted += 1;
      told(error);
    };
    const between = this.#between(say);
    const before = service?.changes();
    if (service === undefined || (between && this.#plainAt.get(between.pair) === before)) {
      this.#plain(say, between, done);
      return;
    }
    service.desk.routeOf(say.from, say.to).then(
      (route) => {
        if (route !== undefined) {
          settle(this.#talk(say, route, service.conversations), done);
          return;
        }
        if (between !== undefined && before !== undefined && !service.desk.mayBeDesk(say.to)) {
          if (this.#plainAt.size >= mostPlain) this.#plainAt.clear();
          this.#plainAt.set(between.pair, before);
        }
        this.#plain(say, between, done);
      },
      (error: unknown) => done(asError(error)),
    );
  }

  /** Both people and their pair, if they are in memory. */
  #between(say: Say): Between | undefined {
    const { names, pairs } = this.#options;
    const from = names.peek(say.from);
    const to = from && names.peek(say.to);
    const pair = from && to && pairs.peek(from, to);
    return from && to && pair !== undefined ? { from, to, pair } : undefined;
  }

  #plain(say: Say, between: Between | undefined, done: (error: Error | undefined) => void): void {
    if (between === undefined) settle(this.#first(say), done);
    else this.#options.log.append(this.#draft(say, between), done);
  }

  /** Their first message, or the first that this process knows of. */
  async #first(say: Say): Promise<void> {
    const { db, names, pairs, log } = this.#options;
    await db.transaction(async (tx) => {
      const from = await names.getIn(tx, say.from);
      const to = await names.getIn(tx, say.to);
      const pair = await pairs.getIn(tx, from, to);
      await log.appendIn(tx, this.#draft(say, { from, to, pair }));
    });
  }

  #draft(say: Say, { from, to, pair }: Between): Draft {
    const { pairs, notices } = this.#options;
    const { templateUrl } = say;
    return {
      kind: 'imbot',
      appid: ownApps.names,
      sender: from.uid,
      receiver: to.uid,
      device: 0,
      clientId: 0,
      content: say.body,
      inboxes: [pairs.ownerOf(pair)],
      push: 'tell',
      // Not async: this is run for every message.
      alongside: (tx, { message }) => {
        const noted = pairs.noteIn(tx, pair, message, say.at);
        if (templateUrl === undefined || !notices.sets(to)) return noted;
        return noted.then(() => notices.armIn(tx, from, to, templateUrl, say.body));
      },
    };
  }

  async #arm(tx: Tx, { templateUrl, body }: Say, from: User, to: User): Promise<void> {
    const { notices } = this.#options;
    if (templateUrl === undefined || !notices.sets(to)) return;
    await notices.armIn(tx, from, to, templateUrl, body);
  }

  /** Customer service: stored there, and in the queue of whom it was addressed to as it was given. */
  async #talk(say: Say, route: DeskRoute, conversations: ConversationPort): Promise<void> {
    const { db, names, pairs, users } = this.#options;
    const profile = route.kind === 'ask' ? await users.profile(say.from) : undefined;
    const content = contentOf({ kind: 'imbot', content: say.body });
    const message = await db.transaction(async (tx) => {
      const from = await names.getIn(tx, say.from);
      const to = await names.getIn(tx, say.to);
      let talk: Talk | undefined;
      const given = {
        ...say,
        from,
        to,
        inQueue: route.kind === 'answer' || route.agent !== undefined,
      };
      const stored = await pairs.layIn(tx, given, async () => {
        if (route.kind === 'answer') {
          talk = await conversations.fromAgent(tx, { agent: say.from, contact: say.to, content });
        } else {
          const { storeId, agent } = route;
          const customer = { via: 'imbot' as const, account: '', contact: say.from, ...profile };
          talk = await conversations.fromCustomer(tx, { customer, storeId, agent, content });
        }
        return talk?.message;
      });
      // Those whom another way reaches need no notice.
      const reached = route.kind === 'answer' && route.elsewhere;
      if (stored !== undefined && !reached) await this.#arm(tx, say, from, to);
      return stored;
    });
    // The conversation ended meanwhile.
    if (message === undefined) await this.#first(say);
  }
}

interface Between {
  from: User;
  to: User;
  pair: number;
}

function settle(work: Promise<unknown>, done: (error: Error | undefined) => void): void {
  work.then(
    () => done(undefined),
    (error: unknown) => done(asError(error)),
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
