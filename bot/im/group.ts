import type { GroupFacts, GroupRow, MemberRow } from '../../store/im-groups.ts';
import type { User } from './message.ts';

export type Member = Readonly<MemberRow>;

/** A member as a request names one: by uid alone, or with what it is called. */
export type MemberInput = number | NamedMember;
export interface NamedMember {
  uid: number;
  name?: string | undefined;
  avatar?: string | undefined;
}

export interface NewGroup {
  appid: number;
  master: number;
  name: string;
  super?: boolean | undefined;
  members: readonly MemberInput[];
  /** The application's own choice. */
  gid?: number | undefined;
  /** The user who asks; absent: the application does. */
  as?: User | undefined;
}

/** A super group as one of its members reads it. */
export interface Reading {
  gid: number;
  joinedSeq: number;
  after: number;
  /** The newest place. */
  last: number;
}

/** A group in memory, as it is on disk. Only `Groups` changes it, when the change has become durable. */
export class LiveGroup {
  readonly gid: number;
  readonly appid: number;
  /** Need not be a member. */
  readonly master: number;
  /** Epoch ms. */
  readonly createdAt: number;
  #facts: GroupFacts;
  readonly #members: Map<number, Member>;
  #users: readonly User[] | undefined;

  constructor(row: GroupRow, members: Iterable<Member>) {
    this.gid = row.gid;
    this.appid = row.appid;
    this.master = row.master;
    this.createdAt = row.createdAt;
    this.#facts = row;
    this.#members = new Map();
    this.put(members);
  }

  /** Said once into the group's own inbox, instead of into that of each member. */
  get super(): boolean {
    return this.#facts.super;
  }

  get name(): string {
    return this.#facts.name;
  }

  get notice(): string {
    return this.#facts.notice;
  }

  get members(): ReadonlyMap<number, Member> {
    return this.#members;
  }

  /** The members as users. The list is made once and replaced, never changed: it may be held. */
  get users(): readonly User[] {
    this.#users ??= [...this.#members.keys()].map((uid) => ({ appid: this.appid, uid }));
    return this.#users;
  }

  update(change: Partial<GroupFacts>): void {
    this.#facts = { ...this.#facts, ...change };
  }

  /** Those who are new, or who changed. */
  put(members: Iterable<Member>): void {
    for (const member of members) this.#members.set(member.uid, member);
    this.#users = undefined;
  }

  remove(uids: Iterable<number>): void {
    for (const uid of uids) this.#members.delete(uid);
    this.#users = undefined;
  }
}

/** Chosen numbers end early, so that those that follow by themselves stay below 2^53. */
export function isChoosable(gid: number): boolean {
  return Number.isInteger(gid) && gid >= 1 && gid <= 2 ** 52;
}

/** Each once, in the order of first mention; a later mention completes an earlier one. */
export function mergeMembers(members: Iterable<MemberInput>): MemberInput[] {
  const merged = new Map<number, MemberInput>();
  for (const member of members) {
    const uid = uidOf(member);
    const before = merged.get(uid);
    const both = { ...named(before ?? uid), ...named(member) };
    const bare = typeof member === 'number' && typeof (before ?? uid) === 'number';
    merged.set(uid, bare ? uid : both);
  }
  return [...merged.values()];
}

export function uidOf(member: MemberInput): number {
  return typeof member === 'number' ? member : member.uid;
}

/** Without what is not known. */
export function named(member: MemberInput): NamedMember {
  if (typeof member === 'number') return { uid: member };
  const { uid, name, avatar } = member;
  return {
    uid,
    ...(name !== undefined && { name }),
    ...(avatar !== undefined && { avatar }),
  };
}

/** What a member is called in a notice: as was said, else as the user, else as before in the group. */
export function calledAs(
  member: MemberInput,
  names: ReadonlyMap<number, string>,
  before?: string,
): NamedMember {
  const { uid, name, avatar } = named(member);
  return { uid, name: name || names.get(uid) || before, avatar };
}
