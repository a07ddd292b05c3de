import type { Tx } from '../../store/database.ts';
import type { GroupFacts, GroupRow, ImGroupStore } from '../../store/im-groups.ts';
import type { Clock } from '../clock.ts';
import { AppError } from '../errors.ts';
import type { Cursors } from './cursors.ts';
import {
  calledAs,
  type LiveGroup,
  type Member,
  type MemberInput,
  type NamedMember,
  named,
  uidOf,
} from './group.ts';
import type { GroupCache } from './group-cache.ts';
import { noAuthority, noMember } from './group-errors.ts';
import {
  type Audience,
  audienceOf,
  groupNotices,
  type NoticeHead,
  noticeDraft,
} from './group-notices.ts';
import type { User } from './message.ts';
import type { MessageLog } from './message-log.ts';

/** Places in inboxes that one change should not write many more of: some milliseconds. */
const placesPerChange = 1000;

/** What a change works with. */
export interface GroupPorts {
  store: ImGroupStore;
  log: Pick<MessageLog, 'appendIn' | 'lastOfGroupIn'>;
  cursors: Pick<Cursors, 'clearGroup' | 'peekGroup'>;
  clock: Clock;
  cache: GroupCache;
}

/** One change of a group, inside its transaction. */
export class GroupChange {
  readonly tx: Tx;
  /** The group as the changes before left it. */
  readonly row: GroupRow;
  /** The user who asks; undefined: the application. */
  readonly as: User | undefined;
  /** Epoch ms. */
  readonly now: number;
  readonly #ports: GroupPorts;

  constructor(ports: GroupPorts, tx: Tx, row: GroupRow, as: User | undefined) {
    this.tx = tx;
    this.row = row;
    this.as = as;
    this.now = ports.clock.now();
    this.#ports = ports;
  }

  /** An application may do what of its users only the master may. @throws AppError forbidden */
  assertMaster(): void {
    if (this.as !== undefined && this.as.uid !== this.row.master) throw noAuthority();
  }

  /** Of the notices. */
  get head(): NoticeHead {
    const { gid, name } = this.row;
    return { gid, name: this.as === undefined ? name : undefined, at: this.now };
  }

  /**
   * Has it change in memory too once it is on disk; before what is told from here on is delivered,
   * so that whoever is told and asks finds the change made.
   */
  remember(work: (group: LiveGroup) => void): void {
    this.tx.onDurable(() => this.#ports.cache.change(this.row.gid, work));
  }

  async set(facts: Partial<GroupFacts>): Promise<void> {
    await this.#ports.store.set(this.tx, this.row.gid, facts);
    this.remember((group) => group.update(facts));
  }

  /** Puts members in. Who is in already keeps the place in it and is called as said now. */
  async join(members: readonly MemberInput[]): Promise<Member[]> {
    const { store, cursors } = this.#ports;
    const { gid, appid } = this.row;
    const joined: Member[] = [];
    const last = await this.#ports.log.lastOfGroupIn(this.tx, gid);
    for (const one of members) {
      const { uid, name, avatar } = named(one);
      const before = await store.member(this.tx, gid, uid);
      const member = {
        uid,
        name: name ?? before?.name ?? '',
        avatar: avatar ?? before?.avatar ?? '',
        nickname: before?.nickname ?? '',
        mute: before?.mute ?? false,
        joinedAt: before?.joinedAt ?? this.now,
        joinedSeq: before?.joinedSeq ?? last,
      };
      await store.putMember(this.tx, this.row, member);
      if (before === undefined) await cursors.clearGroup(this.tx, { appid, uid }, gid);
      joined.push(member);
    }
    return joined;
  }

  /** Takes members out and tells of each. @param names of users */
  async quit(leavers: readonly MemberInput[], names: ReadonlyMap<number, string>): Promise<void> {
    const { store } = this.#ports;
    const { gid, appid } = this.row;
    const told: NamedMember[] = [];
    for (const leaver of leavers) {
      const was = await store.member(this.tx, gid, uidOf(leaver));
      if (was !== undefined) await store.removeMember(this.tx, gid, was.uid);
      // @NOTE as the original, the application may say again that somebody has left, who was not told
      // perhaps; a user could only disturb with it.
      if (was !== undefined || this.as === undefined) told.push(calledAs(leaver, names, was?.name));
    }
    this.remember((group) => group.remove(leavers.map(uidOf)));
    const audience = await this.audience();
    for (const leaver of told) {
      // In the own inbox even of a super group: the group's own is closed to whoever left.
      const content = groupNotices.left(this.head, leaver);
      await this.tell(content, audience, { appid, uid: leaver.uid });
    }
  }

  /** @throws AppError not_found */
  async setMember(uid: number, change: Partial<Pick<Member, 'nickname' | 'mute'>>): Promise<void> {
    const before = await this.#ports.store.member(this.tx, this.row.gid, uid);
    if (before === undefined) throw noMember(uid);
    const member = { ...before, ...change };
    await this.#ports.store.putMember(this.tx, this.row, member);
    this.remember((group) => group.put([member]));
  }

  /** All who are members now. */
  async audience(row = this.row): Promise<Audience> {
    return audienceOf(row, await this.#ports.store.memberIds(this.tx, row.gid));
  }

  /** @param also somebody who is not in the audience */
  async tell(content: Buffer, audience?: Audience, also?: User): Promise<void> {
    const draft = noticeDraft(this.row, content, audience ?? (await this.audience()), also);
    if (draft.inboxes.length === 0 && draft.group === undefined) return;
    await this.#ports.log.appendIn(this.tx, draft);
  }
}

/** Of a list of whom all members are told one by one: as many as one change may take. */
export function* portions(list: readonly MemberInput[], members: number): Iterable<MemberInput[]> {
  const step = Math.max(1, Math.floor(placesPerChange / (members + list.length)));
  for (let at = 0; at < list.length; at += step) yield list.slice(at, at + step);
}

/** Places in inboxes that one call may write: some seconds. */
const mostPlaces = 200_000;

/** Each one who comes or goes is told to all others. @throws AppError field_value */
export function assertBearable(group: LiveGroup, count: number): void {
  if (group.super || count * (group.members.size + count) <= mostPlaces) return;
  throw new AppError('field_value', {
    zh: `群 ${group.gid} 人数过多，请分批操作或升级为超级群`,
    en: `group ${group.gid} is too large for so many at once: fewer, or make it a super group`,
  });
}
