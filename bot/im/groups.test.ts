import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { appid, GroupsRig, user } from '../../tests/support/groups-rig.ts';
import type { Groups } from './groups.ts';

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

const refused = (code: string, text?: string) =>
  expect.objectContaining({ code, ...(text !== undefined && { message: text }) });

describe('creation', () => {
  it('reaches every member, and echoes them as they were sent', async () => {
    const members = [5, { uid: 6, name: '六', avatar: 'http://a/6' }, { uid: 7 }];
    const { gid } = await groups.create({ appid, master: 9, name: '组', members });
    const notice =
      `{"create":{"group_id":${gid},"master":9,"name":"组",` +
      `"members":[5,{"uid":6,"name":"六","avatar":"http://a/6"},{"uid":7}],"timestamp":${at}}}`;
    for (const uid of [5, 6, 7]) expect(await rig.inbox(uid)).toEqual([notice]);
    expect(await rig.inbox(9)).toEqual([]);
    const [placed] = await rig.log.read(user(6), 0, 10);
    expect(placed?.message).toMatchObject({ kind: 'notice', sender: 0, receiver: gid, device: 0 });
    const live = await rig.restarted().get(gid);
    expect(live).toMatchObject({ gid, appid, master: 9, super: false, name: '组', notice: '' });
    const plain = { name: '', avatar: '', nickname: '', mute: false };
    const joined = { joinedAt: at * 1000 + 123, joinedSeq: 0 };
    expect([...(live?.members.values() ?? [])]).toEqual([
      { ...plain, uid: 5, ...joined },
      { ...plain, uid: 6, name: '六', avatar: 'http://a/6', ...joined },
      { ...plain, uid: 7, ...joined },
    ]);
  });

  it('takes those named twice as one', async () => {
    const members = [
      5,
      { uid: 6, name: 'a' },
      5,
      { uid: 6, avatar: 'b' },
      { uid: 5, name: 'c' },
      6,
    ];
    const { gid } = await groups.create({ appid, master: 5, name: 'g', members });
    const merged = [
      { uid: 5, name: 'c' },
      { uid: 6, name: 'a', avatar: 'b' },
    ];
    expect(JSON.parse((await rig.inbox(5))[0] ?? '').create.members).toEqual(merged);
    expect(await rig.inbox(6)).toHaveLength(1);
    expect([...((await groups.get(gid))?.members.values() ?? [])]).toMatchObject(merged);
  });

  it('allows a group of nobody', async () => {
    const { gid } = await groups.create({ appid, master: 5, name: 'g', members: [] });
    await groups.rename(appid, gid, 'h');
    await groups.disband(appid, gid);
    expect(await rig.db.read('SELECT id FROM im_messages')).toEqual([]);
  });

  it('lets the application choose the number, once', async () => {
    const chosen = { appid, master: 1, name: 'g', members: [1], gid: 2 ** 52 };
    expect((await groups.create(chosen)).gid).toBe(2 ** 52);
    await expect(groups.create({ ...chosen, members: [2] })).rejects.toEqual(refused('conflict'));
    expect(await rig.inbox(2)).toEqual([]);
    expect((await groups.create({ ...chosen, gid: undefined })).gid).toBe(2 ** 52 + 1);
    for (const gid of [0, -1, 1.5, 2 ** 52 + 1, Number.NaN]) {
      await expect(groups.create({ ...chosen, gid })).rejects.toEqual(refused('field_value'));
    }
  });

  it('never gives the number of a disbanded group to another', async () => {
    const gid = await made({ super: true });
    await groups.disband(appid, gid);
    expect(await made()).toBe(gid + 1);
    const again = { master: 1, name: 'again', members: [2], gid };
    await expect(groups.create({ ...again, appid: 8 })).rejects.toEqual(refused('conflict'));
    const live = await groups.create({ ...again, appid });
    expect(live).toMatchObject({ gid, name: 'again', super: false });
    expect([...live.members.keys()]).toEqual([2]);
  });
});

describe('members', () => {
  it('who are added again keep their place, are called as said now, and all are told again', async () => {
    const gid = await made();
    await groups.addMembers(appid, gid, [{ uid: 2, name: 'b', avatar: 'p' }]);
    await groups.setNickname(appid, gid, 2, 'nick');
    rig.cursors.raiseGroup(user(2), gid, 5);
    await rig.clock.advance(5000);
    const before = (await rig.inbox(3)).length;
    await groups.addMembers(appid, gid, [{ uid: 2, name: 'bb' }]);
    expect((await rig.inbox(3)).length).toBe(before + 1);
    const member = { name: 'bb', avatar: 'p', nickname: 'nick', joinedAt: at * 1000 + 123 };
    expect(groups.peek(gid)?.members.get(2)).toMatchObject(member);
    expect((await rig.restarted().get(gid))?.members.get(2)).toMatchObject(member);
    expect(await rig.cursors.getGroup(user(2), gid)).toBe(5);
  });

  it('who come back begin at the time of joining', async () => {
    const gid = await made({ super: true });
    rig.cursors.raiseGroup(user(2), gid, 5);
    await rig.cursors.write();
    rig.cursors.raiseGroup(user(2), gid, 6);
    await groups.leave(appid, gid, 2);
    await rig.clock.advance(5000);
    await groups.addMembers(appid, gid, [2]);
    expect(await rig.cursors.getGroup(user(2), gid)).toBe(0);
    const member = groups.peek(gid)?.members.get(2);
    expect(member?.joinedAt).toBe(at * 1000 + 5123);
    // The first thing they find is word of their joining.
    const rest = await rig.log.readGroup(gid, member?.joinedSeq ?? 0, 100);
    expect(rest.map(({ message }) => message.content.toString())).toEqual([
      expect.stringContaining('add_member'),
    ]);
  });

  it('by the hundred are told of each, and no list is left out', async () => {
    const gid = await made();
    const many = Array.from({ length: 100 }, (_one, i) => 100 + i);
    await groups.addMembers(appid, gid, many);
    expect(await rig.inbox(1)).toHaveLength(1 + 100);
    expect((await rig.restarted().get(gid))?.members.size).toBe(103);
    await groups.removeMembers(appid, gid, many);
    expect(await rig.inbox(1)).toHaveLength(1 + 200);
    expect((await rig.restarted().get(gid))?.members.size).toBe(3);
    await groups.addMembers(appid, gid, []);
  });

  it('only they have settings', async () => {
    const gid = await made();
    await expect(groups.setNickname(appid, gid, 9, 'x')).rejects.toEqual(refused('not_found'));
    await expect(groups.setMemberMute(appid, gid, 9, true)).rejects.toEqual(refused('not_found'));
    expect(await rig.inbox(1)).toHaveLength(1);
  });
});

describe('what is allowed', () => {
  it('to another application: nothing, for it the group does not exist', async () => {
    const gid = await made();
    const tries: (() => Promise<unknown>)[] = [
      () => groups.rename(8, gid, 'x'),
      () => groups.setNotice(8, gid, 'x'),
      () => groups.upgrade(8, gid),
      () => groups.disband(8, gid),
      () => groups.addMembers(8, gid, [9]),
      () => groups.leave(8, gid, 1),
      () => groups.removeMembers(8, gid, [1]),
      () => groups.setNickname(8, gid, 1, 'x'),
      () => groups.setMemberMute(8, gid, 1, true),
      () => groups.of(8, gid),
      () => groups.rename(appid, 999, 'x'),
    ];
    for (const one of tries) {
      await expect(one()).rejects.toEqual(refused('not_found', 'group non exists'));
    }
    expect(await rig.inbox(1)).toHaveLength(1);
    expect(groups.peek(gid)).toMatchObject({ name: '组', super: false });
    expect(await groups.ofUser({ appid: 8, uid: 1 })).toEqual([]);
  });

  it('to a user', async () => {
    const gid = await made();
    const foreign = { appid, master: 1, name: 'x', members: [], as: user(2) };
    const tries: [() => Promise<unknown>, string][] = [
      [() => groups.create(foreign), 'master must be self'],
      [() => groups.disband(appid, gid, user(2)), 'no authority'],
      [() => groups.removeMembers(appid, gid, [3], user(2)), 'no authority'],
      [() => groups.leave(appid, gid, 3, user(1)), 'no authority'],
      [() => groups.setNickname(appid, gid, 3, 'x', user(1)), 'setting other is forbidden'],
    ];
    for (const [one, text] of tries) {
      await expect(one()).rejects.toEqual(refused('forbidden', text));
    }
    expect(await rig.inbox(3)).toHaveLength(1);
    await groups.removeMembers(appid, gid, [3], user(1));
    await groups.leave(appid, gid, 2, user(2));
    await groups.disband(appid, gid, user(1));
    await groups.create({ ...foreign, master: 2 });
  });
});
