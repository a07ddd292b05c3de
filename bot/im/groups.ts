import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import type { GroupView } from '../../store/im-groups.ts';
import {
  calledAs,
  isChoosable,
  LiveGroup,
  type Member,
  type MemberInput,
  mergeMembers,
  type NamedMember,
  type NewGroup,
  named,
  type Reading,
} from './group.ts';
import { GroupCache } from './group-cache.ts';
import { assertBearable, GroupChange, type GroupPorts, portions } from './group-change.ts';
import * as refusals from './group-errors.ts';
import { groupNotices } from './group-notices.ts';
import type { User } from './message.ts';
import type { Users } from './users.ts';

export type { GroupView } from '../../store/im-groups.ts';

/** Members of all groups in memory. */
const mostMembers = 200_000;

export interface GroupsOptions extends Omit<GroupPorts, 'cache'> {
  db: Database;
  users: Pick<Users, 'namesOf'>;
  logger: Logger;
  mostMembers?: number;
}

/**
 * The groups of all applications. Each change and the notice of it are one transaction, so that no
 * notice is lost and none is sent of what did not happen. What is in memory changes when that is on
 * disk, in the same order, before anybody is told.
 *
 * A group of another application does not exist for the caller. `as` is the user who asks: it
 * narrows what is allowed, and the notices then do not name the group.
 */
export class Groups {
  readonly #db: Database;
  readonly #users: Pick<Users, 'namesOf'>;
  readonly #logger: Logger;
  readonly #cache: GroupCache;
  readonly #ports: GroupPorts;

  constructor({ db, users, logger, ...ports }: GroupsOptions) {
    this.#db = db;
    this.#users = users;
    this.#logger = logger;
    this.#cache = new GroupCache(ports.store, ports.mostMembers ?? mostMembers);
    this.#ports = { ...ports, cache: this.#cache };
  }

  /** If it is in memory. */
  peek(gid: number): LiveGroup | undefined {
    return this.#cache.peek(gid);
  }

  get(gid: number): Promise<LiveGroup | undefined> {
    return this.#cache.get(gid);
  }

  /** @throws AppError not_found */
  async of(appid: number, gid: number): Promise<LiveGroup> {
    const group = await this.get(gid);
    if (group?.appid !== appid) throw refusals.noGroup();
    return group;
  }

  /** Those the user is in, by number. */
  async ofUser({ appid, uid }: User): Promise<LiveGroup[]> {
    const gids = await this.#ports.store.ofUser(appid, uid);
    const groups = await Promise.all(gids.map((gid) => this.get(gid)));
    return groups.filter((group) => group !== undefined).filter((group) => group.members.has(uid));
  }

  /**
   * The super groups that a user is in, by number. `after`: the place behind which it is news, where
   * the user came or what the user has confirmed.
   */
  async superOf(user: User): Promise<Reading[]> {
    const rows = await this.#ports.store.superOfUser(user.appid, user.uid);
    return rows.map(({ gid, joinedSeq, cursor, last }) => {
      // One beyond the newest was never told.
      const stored = cursor > last ? 0 : cursor;
      const after = Math.max(joinedSeq, stored, this.#ports.cursors.peekGroup(user, gid));
      return { gid, joinedSeq, after, last };
    });
  }

  /** Groups whose name holds `text`, or whose number it is. `next`: where the next page begins. */
  async search(
    appid: number | undefined,
    text: string,
    page: { after?: number | undefined; limit: number },
  ): Promise<{ groups: GroupView[]; next: number | undefined }> {
    const groups = await this.#ports.store.search({ appid, text }, page.after ?? 0, page.limit);
    const next = groups.length === page.limit ? groups.at(-1)?.gid : undefined;
    return { groups, next };
  }

  /** Members by uid. `next`: where the next page begins. */
  async members(
    gid: number,
    page: { after?: number | undefined; limit: number },
  ): Promise<{ members: Member[]; next: number | undefined }> {
    const after = page.after ?? Number.MIN_SAFE_INTEGER;
    const members = await this.#ports.store.pageOfMembers(gid, after, page.limit);
    const next = members.length === page.limit ? members.at(-1)?.uid : undefined;
    return { members, next };
  }

  /**
   * Adds a group of exactly these members; the master is none unless named among them.
   * @throws AppError conflict (the number is taken), field_value (it is out of range), forbidden
   */
  async create(group: NewGroup): Promise<LiveGroup> {
    const { appid, master, name, as } = group;
    if (as !== undefined && as.uid !== master) throw refusals.masterNotSelf();
    if (group.gid !== undefined && !isChoosable(group.gid)) throw refusals.gidOutOfRange();
    const members = mergeMembers(group.members);
    const live = await this.#db.transaction(async (tx) => {
      const gid = group.gid ?? (await this.#ports.store.nextGid(tx));
      const createdAt = this.#ports.clock.now();
      const isSuper = group.super ?? false;
      const row = { gid, appid, master, super: isSuper, name, notice: '', createdAt };
      if (!(await this.#ports.store.add(tx, row))) throw refusals.gidTaken(gid);
      const change = new GroupChange(this.#ports, tx, row, as);
      const made = new LiveGroup(row, await change.join(members));
      tx.onDurable(() => this.#cache.add(made));
      await change.tell(groupNotices.created(change.head, row, members));
      return made;
    });
    this.#logger.info({ appid, gid: live.gid, members: members.length }, 'group created');
    return live;
  }

  /** Any user of the application may. @throws AppError not_found */
  rename(appid: number, gid: number, name: string): Promise<void> {
    return this.#change(appid, gid, undefined, async (change) => {
      await change.set({ name });
      await change.tell(groupNotices.renamed(change.head, name));
    });
  }

  /** Any user of the application may. @throws AppError not_found */
  setNotice(appid: number, gid: number, notice: string): Promise<void> {
    return this.#change(appid, gid, undefined, async (change) => {
      await change.set({ notice });
      await change.tell(groupNotices.noticed(change.head, notice));
    });
  }

  /** Makes it a super group, for good. @throws AppError not_found */
  async upgrade(appid: number, gid: number): Promise<void> {
    await this.#change(appid, gid, undefined, async (change) => {
      await change.set({ super: true });
      const audience = await change.audience({ ...change.row, super: true });
      await change.tell(groupNotices.upgraded(change.head), audience);
    });
    this.#logger.info({ appid, gid }, 'group upgraded');
  }

  /** Of the users only its master may. @throws AppError not_found, forbidden */
  async disband(appid: number, gid: number, as?: User): Promise<void> {
    await this.#change(appid, gid, as, async (change) => {
      change.assertMaster();
      // Into the members' own inboxes: the group's own is closed to them from now on.
      const audience = await change.audience({ ...change.row, super: false });
      await this.#ports.store.disband(change.tx, gid, change.now);
      change.tx.onDurable(() => this.#cache.remove(gid));
      await change.tell(groupNotices.disbanded(change.head), audience);
    });
    this.#logger.info({ appid, gid }, 'group disbanded');
  }

  /**
   * Any user of the application may. Who is in already keeps the place in it and is called as said
   * now. Many go in by several transactions, each whole with its notices.
   * @throws AppError not_found
   */
  async addMembers(
    appid: number,
    gid: number,
    members: readonly MemberInput[],
    { inviter, as }: { inviter?: NamedMember | undefined; as?: User | undefined } = {},
  ): Promise<void> {
    const group = await this.of(appid, gid);
    assertBearable(group, members.length);
    const { size } = group.members;
    const names = await this.#namesOf(appid, [...members, ...(inviter ? [inviter] : [])]);
    const by = inviter && calledAs(inviter, names);
    for (const some of portions(mergeMembers(members), size)) {
      await this.#change(appid, gid, as, async (change) => {
        const joined = await change.join(some);
        change.remember((group) => group.put(joined));
        const audience = await change.audience();
        for (const [at, one] of some.entries()) {
          const called = calledAs(one, names, joined[at]?.name);
          await change.tell(groupNotices.joined(change.head, called, by), audience);
        }
      });
    }
  }

  /** A user may for itself only. @throws AppError not_found, forbidden */
  async leave(appid: number, gid: number, uid: number, as?: User): Promise<void> {
    if (as !== undefined && as.uid !== uid) throw refusals.noAuthority();
    const names = await this.#namesOf(appid, [uid]);
    await this.#change(appid, gid, as, (change) => change.quit([uid], names));
  }

  /**
   * Of the users only its master may. Many leave by several transactions, each whole with its
   * notices.
   * @throws AppError not_found, forbidden
   */
  async removeMembers(
    appid: number,
    gid: number,
    members: readonly MemberInput[],
    as?: User,
  ): Promise<void> {
    const group = await this.of(appid, gid);
    assertBearable(group, members.length);
    const { size } = group.members;
    const names = await this.#namesOf(appid, members);
    for (const some of portions(mergeMembers(members), size)) {
      await this.#change(appid, gid, as, async (change) => {
        change.assertMaster();
        await change.quit(some, names);
      });
    }
  }

  /** A user may for itself only. @throws AppError not_found (group or member), forbidden */
  async setNickname(
    appid: number,
    gid: number,
    uid: number,
    nickname: string,
    as?: User,
  ): Promise<void> {
    if (as !== undefined && as.uid !== uid) throw refusals.notOwnSetting();
    await this.#change(appid, gid, as, async (change) => {
      await change.setMember(uid, { nickname });
      await change.tell(groupNotices.nicknamed(change.head, uid, nickname));
    });
  }

  /** A muted member may not speak in the group. Nobody is told. @throws AppError not_found */
  setMemberMute(appid: number, gid: number, uid: number, mute: boolean): Promise<void> {
    return this.#change(appid, gid, undefined, (change) => change.setMember(uid, { mute }));
  }

  /** What those are called as users of whom it is not said; before the change, which waits for nothing else. */
  #namesOf(appid: number, members: readonly MemberInput[]): Promise<ReadonlyMap<number, string>> {
    const unnamed = members.map(named).filter(({ name = '' }) => name === '');
    const uids = unnamed.map(({ uid }) => uid);
    return this.#users.namesOf(appid, uids);
  }

  /** In its turn with all other changes, on the group as those before left it. */
  #change(
    appid: number,
    gid: number,
    as: User | undefined,
    work: (change: GroupChange) => Promise<void>,
  ): Promise<void> {
    return this.#db.transaction(async (tx) => {
      const row = await this.#ports.store.get(tx, gid);
      if (row?.appid !== appid) throw refusals.noGroup();
      await work(new GroupChange(this.#ports, tx, row, as));
    });
  }
}
