import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appid, GroupsRig, user } from '../../tests/support/groups-rig.ts';
import type { Groups } from './groups.ts';

type Json = { name?: unknown; inviter?: unknown };
const at = 1_700_000_000;
let rig: GroupsRig;
let groups: Groups;

beforeEach(async () => {
  rig = await GroupsRig.open();
  groups = rig.groups;
});
afterEach(() => rig.close());

/** A group of 1, 2 and 3, whose notice of creation is forgotten. */
async function made(more: { super?: boolean } = {}): Promise<number> {
  const { gid } = await groups.create({
    appid,
    master: 1,
    name: '组',
    members: [1, 2, 3],
    ...more,
  });
  return gid;
}

/** What each of these is told by `work` in its own inbox. */
async function told(
  uids: readonly number[],
  work: () => Promise<unknown>,
): Promise<Record<number, string[]>> {
  const all: Record<number, string[]> = {};
  const before = new Map<number, number>();
  for (const uid of uids) before.set(uid, (await rig.inbox(uid)).length);
  await work();
  for (const uid of uids) all[uid] = (await rig.inbox(uid)).slice(before.get(uid));
  return all;
}

function each<T>(uids: readonly number[], value: T): Record<number, T> {
  return Object.fromEntries(uids.map((uid) => [uid, value]));
}

describe('notices of a normal group', () => {
  const all = [1, 2, 3];
  const cases: [string, (gid: number) => Promise<void>, (gid: number) => object][] = [
    [
      'name',
      (gid) => groups.rename(appid, gid, '新'),
      (gid) => ({ update_name: { group_id: gid, timestamp: at, name: '新' } }),
    ],
    [
      'notice',
      (gid) => groups.setNotice(appid, gid, '公告'),
      (gid) => ({ update_notice: { group_id: gid, timestamp: at, notice: '公告' } }),
    ],
    [
      'disbanding',
      (gid) => groups.disband(appid, gid),
      (gid) => ({ disband: { group_id: gid, group_name: '组', timestamp: at } }),
    ],
    [
      'disbanding by the master',
      (gid) => groups.disband(appid, gid, user(1)),
      (gid) => ({ disband: { group_id: gid, timestamp: at } }),
    ],
    [
      'nickname',
      (gid) => groups.setNickname(appid, gid, 2, '二'),
      (gid) => ({
        update_member_nickname: {
          ...{ group_id: gid, group_name: '组', timestamp: at },
          ...{ nickname: '二', member_id: 2 },
        },
      }),
    ],
    [
      'own nickname',
      (gid) => groups.setNickname(appid, gid, 2, '二', user(2)),
      (gid) => ({
        update_member_nickname: { group_id: gid, timestamp: at, nickname: '二', member_id: 2 },
      }),
    ],
  ];
  it.each(cases)('%s', async (_name, work, notice) => {
    const gid = await made();
    expect(await told(all, () => work(gid))).toEqual(each(all, [JSON.stringify(notice(gid))]));
  });

  it('reach all members of a group that was idle since the start', async () => {
    const gid = await made();
    groups = rig.restarted();
    const notice = `{"disband":{"group_id":${gid},"group_name":"组","timestamp":${at}}}`;
    expect(await told(all, () => groups.disband(appid, gid))).toEqual(each(all, [notice]));
  });

  it('adding: one for each, to all and to the new ones', async () => {
    const gid = await made();
    const inviter = { uid: 1, name: '一' };
    const members = [4, { uid: 5, name: '五', avatar: 'p' }];
    const head = `{"add_member":{"group_id":${gid},"group_name":"组","member_id":`;
    const by = '"inviter":{"uid":1,"name":"一"}}}';
    const everybody = [1, 2, 3, 4, 5];
    expect(
      await told(everybody, () => groups.addMembers(appid, gid, members, { inviter })),
    ).toEqual(
      each(everybody, [
        `${head}4,"timestamp":${at},${by}`,
        `${head}5,"timestamp":${at},"name":"五","avatar":"p",${by}`,
      ]),
    );
    const invited = await told([6], () => groups.addMembers(appid, gid, [6], { as: user(99) }));
    expect(invited).toEqual({
      6: [`{"add_member":{"group_id":${gid},"member_id":6,"timestamp":${at}}}`],
    });
  });

  it('leaving: to the rest and to the one who left, with the name of the user', async () => {
    const gid = await made();
    await rig.users.setName(user(2), '张三');
    const notice =
      `{"quit_group":{"group_id":${gid},"group_name":"组","member_id":2,` +
      `"timestamp":${at},"name":"张三"}}`;
    expect(await told(all, () => groups.leave(appid, gid, 2))).toEqual(each(all, [notice]));
    // Nobody any more, and still said by the application.
    expect(await told([1, 2], () => groups.leave(appid, gid, 2))).toEqual(each([1, 2], [notice]));
    expect(await told([1, 2], () => groups.leave(appid, gid, 2, user(2)))).toEqual(
      each([1, 2], []),
    );
    const own = `{"quit_group":{"group_id":${gid},"member_id":3,"timestamp":${at}}}`;
    expect(await told([1, 3], () => groups.leave(appid, gid, 3, user(3)))).toEqual(
      each([1, 3], [own]),
    );
  });

  it('removal: one for each, to the rest and to that one', async () => {
    const gid = await made();
    const text = (uid: number, more = ''): string =>
      `{"quit_group":{"group_id":${gid},"group_name":"组","member_id":${uid},"timestamp":${at}${more}}}`;
    const members = [{ uid: 2, name: 'b', avatar: 'p' }, 3];
    expect(await told(all, () => groups.removeMembers(appid, gid, members))).toEqual({
      1: [text(2, ',"name":"b","avatar":"p"'), text(3)],
      2: [text(2, ',"name":"b","avatar":"p"')],
      3: [text(3)],
    });
    expect([...((await rig.restarted().get(gid))?.members.keys() ?? [])]).toEqual([1]);
  });

  it('names are those that were said, of the user, in the group', async () => {
    const gid = await made();
    await rig.users.setName(user(1), '用户一');
    await rig.users.setName(user(4), '用户四');
    await rig.users.setName(user(5), '用户五');
    const members = [4, { uid: 5, name: '五' }, { uid: 6, name: '' }];
    const added = await told([2], () =>
      groups.addMembers(appid, gid, members, { inviter: { uid: 1 } }),
    );
    const namesIn = (texts: readonly string[] = []): unknown[] =>
      texts.map((text) => {
        const { name, inviter } = Object.values(JSON.parse(text) as Record<string, Json>)[0] ?? {};
        return inviter === undefined ? name : [name, inviter];
      });
    const by = { uid: 1, name: '用户一' };
    expect(namesIn(added[2])).toEqual([
      ['用户四', by],
      ['五', by],
      [undefined, by],
    ]);
    // In the group it is called what was said, and nothing else.
    const called = [4, 5].map((uid) => groups.peek(gid)?.members.get(uid)?.name);
    expect(called).toEqual(['', '五']);
    await rig.users.setName(user(5), '');
    const left = await told([2], () =>
      groups.removeMembers(appid, gid, [4, 5, { uid: 6, name: '六' }]),
    );
    expect(namesIn(left[2])).toEqual(['用户四', '五', '六']);
  });

  it('muting tells nobody', async () => {
    const gid = await made();
    const mute = () => groups.setMemberMute(appid, gid, 2, true);
    expect(await told(all, mute)).toEqual(each(all, []));
    expect(groups.peek(gid)?.members.get(2)?.mute).toBe(true);
    expect((await rig.restarted().get(gid))?.members.get(2)?.mute).toBe(true);
  });
});

describe('notices of a super group', () => {
  const kinds = (texts: readonly string[]): string[] =>
    texts.map((text) => Object.keys(JSON.parse(text))[0] ?? '');

  it('lie in its own inbox, and members are told there', async () => {
    const heard: unknown[] = [];
    rig.listen(2, (placed, pushed, gid) => heard.push([gid, placed.seq, pushed]));
    const gid = await made({ super: true });
    await groups.rename(appid, gid, 'n');
    await groups.setNotice(appid, gid, 'n');
    await groups.setNickname(appid, gid, 2, 'n');
    await groups.addMembers(appid, gid, [4]);
    expect(kinds(await rig.groupInbox(gid))).toEqual([
      ...['create', 'update_name', 'update_notice', 'update_member_nickname', 'add_member'],
    ]);
    expect(heard).toEqual([1, 2, 3, 4, 5].map((seq) => [gid, seq, false]));
    for (const uid of [1, 2, 3, 4]) expect(await rig.inbox(uid)).toEqual([]);
  });

  it('lie there from the upgrade on', async () => {
    const gid = await made();
    await groups.upgrade(appid, gid);
    await groups.rename(appid, gid, 'n');
    expect(await rig.groupInbox(gid)).toEqual([
      `{"upgrade":{"group_id":${gid},"group_name":"组","timestamp":${at},"super":1}}`,
      `{"update_name":{"group_id":${gid},"timestamp":${at},"name":"n"}}`,
    ]);
    expect(kinds(await rig.inbox(1))).toEqual(['create']);
    expect(groups.peek(gid)?.super).toBe(true);
    expect((await rig.restarted().get(gid))?.super).toBe(true);
  });

  it('reach whoever left or was removed in the own inbox', async () => {
    const gid = await made({ super: true });
    await groups.leave(appid, gid, 2);
    await groups.removeMembers(appid, gid, [3]);
    expect(kinds(await rig.groupInbox(gid))).toEqual(['create', 'quit_group', 'quit_group']);
    expect(await rig.inbox(1)).toEqual([]);
    for (const uid of [2, 3]) {
      expect(await rig.inbox(uid)).toEqual([
        `{"quit_group":{"group_id":${gid},"group_name":"组","member_id":${uid},"timestamp":${at}}}`,
      ]);
    }
  });

  it('reach everybody in the own inbox when it is disbanded', async () => {
    const gid = await made({ super: true });
    groups = rig.restarted();
    await groups.disband(appid, gid);
    for (const uid of [1, 2, 3]) expect(kinds(await rig.inbox(uid))).toEqual(['disband']);
    expect(kinds(await rig.groupInbox(gid))).toEqual(['create']);
    expect(await groups.get(gid)).toBeUndefined();
  });
});
