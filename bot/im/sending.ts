import type { Tx } from '../../store/database.ts';
import { AppError } from '../errors.ts';
import type { LiveGroup } from './group.ts';
import type { Groups } from './groups.ts';
import type { Hub } from './hub.ts';
import type { Message, Parties, User } from './message.ts';
import type { Draft, MessageLog, Outcome } from './message-log.ts';
import type { Session } from './session.ts';
import type { Users } from './users.ts';

/** What becomes of what a client says. */
export type SayStatus = 'sent' | 'muted' | 'notMember' | 'noGroup' | 'gagged';

/**
 * `error`: it could not be stored; `outcome`: where it lies, when it was; `own`: its place in the
 * sender's own inbox, or in that of the super group.
 */
export type Said = (
  error: Error | undefined,
  status: SayStatus,
  outcome: Outcome | undefined,
  own?: number,
) => void;

/** Told of what customer service says, in the transaction of the message. */
export type Overhear = (
  tx: Tx,
  heard: { kind: 'customer' | 'toDesk' | 'fromDesk'; message: Message; to: User },
) => Promise<void>;

/** Something said by a user. */
export interface Say {
  appid: number;
  sender: number;
  receiver: number;
  content: Buffer;
  /** Its number on the device. */
  clientId?: number;
  /** The connection it was said on; absent: over REST. */
  session?: Session;
}

/**
 * What users and applications say, whichever way it comes in. Callbacks, not promises: this is run
 * for every message; each is called once, after the message is on disk.
 */
export class ImSender {
  readonly #log: MessageLog;
  readonly #groups: Groups;
  readonly #users: Users;
  readonly #hub: Hub;
  readonly #overhear: Overhear | undefined;

  constructor(options: {
    log: MessageLog;
    groups: Groups;
    users: Users;
    hub: Hub;
    overhear?: Overhear;
  }) {
    this.#overhear = options.overhear;
    this.#log = options.log;
    this.#groups = options.groups;
    this.#users = options.users;
    this.#hub = options.hub;
  }

  /** From user to user: into both inboxes. */
  peer(say: Say, done: Said): void {
    const { appid, sender, receiver } = say;
    // Nobody reads the inbox of the application itself.
    const inboxes: User[] = sender === 0 ? [] : [{ appid, uid: sender }];
    if (receiver !== sender) inboxes.push({ appid, uid: receiver });
    // An application's word comes without its content: clients fetch it.
    const push = say.session === undefined ? 'tell' : 'push';
    this.#log.append({ ...this.#draft(say, 'peer'), inboxes, push }, (error, outcome) =>
      done(error, 'sent', outcome, outcome?.seqs[0]),
    );
  }

  /** Into a group. A session has to be a member that is not muted; an application need not. */
  group(say: Say, done: Said): void {
    const known = this.#groups.peek(say.receiver);
    if (known !== undefined) {
      this.#intoGroup(say, known, done);
      return;
    }
    this.#groups.get(say.receiver).then(
      (group) => this.#intoGroup(say, group, done),
      (error: unknown) => done(asError(error), 'noGroup', undefined),
    );
  }

  #intoGroup(say: Say, group: LiveGroup | undefined, done: Said): void {
    if (group === undefined || group.appid !== say.appid) {
      done(undefined, 'noGroup', undefined);
      return;
    }
    if (say.session !== undefined) {
      const member = group.members.get(say.sender);
      if (member === undefined || member.mute) {
        done(undefined, member === undefined ? 'notMember' : 'muted', undefined);
        return;
      }
    }
    const { appid } = say;
    const draft: Draft = { ...this.#draft(say, 'group'), inboxes: [], push: 'push' };
    if (group.super) {
      // As the original: an application's word into a super group is only told of.
      if (say.session === undefined) draft.push = 'tell';
      draft.group = { gid: group.gid, members: group.members.keys() };
    } else draft.inboxes = [...group.members.keys()].map((uid) => ({ appid, uid }));
    const at = draft.inboxes.findIndex((user) => user.uid === say.sender);
    this.#log.append(draft, (error, outcome) =>
      done(error, 'sent', outcome, outcome?.groupSeq ?? outcome?.seqs[at]),
    );
  }

  /** From the application to a user. */
  system(appid: number, receiver: number, content: Buffer, done: Said): void {
    const draft = this.#draft({ appid, sender: 0, receiver, content }, 'system');
    const inboxes = [{ appid, uid: receiver }];
    this.#log.append({ ...draft, inboxes, push: 'tell' }, (error, outcome) =>
      done(error, 'sent', outcome),
    );
  }

  /** A notice of the application's own to all members of a group. @throws AppError not_found */
  async groupNotice(appid: number, gid: number, content: Buffer): Promise<void> {
    const group = await this.#groups.get(gid);
    if (group === undefined || group.appid !== appid || group.members.size === 0) {
      throw new AppError('not_found', { zh: 'group no member', en: 'group no member' });
    }
    const draft: Draft = {
      ...this.#draft({ appid, sender: 0, receiver: gid, content }, 'notice'),
      inboxes: group.super ? [] : [...group.members.keys()].map((uid) => ({ appid, uid })),
      push: 'tell',
    };
    if (group.super) draft.group = { gid, members: group.members.keys() };
    await new Promise<void>((resolve, reject) => {
      this.#log.append(draft, (error) => (error === undefined ? resolve() : reject(error)));
    });
  }

  /** Customer service: into the inboxes of both, each in its own application. */
  customer(
    say: Say & { kind: 'customer' | 'toDesk' | 'fromDesk'; parties: Parties; to: User },
    done: Said,
  ): void {
    const { appid, sender, to, kind, parties } = say;
    const inboxes: User[] = [{ appid, uid: sender }];
    if (to.appid !== appid || to.uid !== sender) inboxes.push(to);
    const draft: Draft = { ...this.#draft(say, kind), parties, inboxes, push: 'push' };
    const overhear = this.#overhear;
    if (overhear !== undefined) {
      draft.alongside = (tx, { message }) => overhear(tx, { kind, message, to });
    }
    this.#log.append(draft, (error, outcome) => done(error, 'sent', outcome, outcome?.seqs[0]));
  }

  /** To those in a chat room now; not stored. `session` has to be inside and may not be gagged. */
  chatRoom(say: Say, done: Said): void {
    const { appid, sender, receiver: room, content, session } = say;
    const inside = this.#hub.inRoom(appid, room);
    if (session !== undefined && (!inside.has(session) || this.#users.isForbidden(session))) {
      done(undefined, inside.has(session) ? 'gagged' : 'notMember', undefined);
      return;
    }
    for (const one of inside) if (one !== session) one.chatRoom(sender, room, content);
    done(undefined, 'sent', undefined);
  }

  /** To those sessions of a user that are online; not stored, not answered. */
  realtime({ appid, sender, receiver, content }: Say): void {
    for (const session of this.#hub.of(appid, receiver)) {
      session.realtime(sender, receiver, content);
    }
  }

  /** From the application to those online; not stored. */
  notification(appid: number, receiver: number, content: Buffer): void {
    for (const session of this.#hub.of(appid, receiver)) session.notification(content);
  }

  #draft(say: Say, kind: Draft['kind']): Omit<Draft, 'inboxes' | 'push'> {
    const { appid, sender, receiver, content, clientId = 0, session } = say;
    const device = session?.device ?? 0;
    const draft = { kind, appid, sender, receiver, device, clientId, content };
    return session === undefined ? draft : { ...draft, except: session };
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
