import { afterEach, beforeEach, expect, it } from 'vitest';
import { ImGroupStore } from '../../store/im-groups.ts';
import { appid, GroupsRig, user } from '../../tests/support/groups-rig.ts';
import { planSteps } from '../../tests/support/plan-steps.ts';
import type { LiveGroup } from './group.ts';
import { GroupCache } from './group-cache.ts';
import type { Groups } from './groups.ts';

let rig: GroupsRig;
let groups: Groups;

beforeEach(async () => {
  rig = await GroupsRig.open();
  groups = rig.groups;
});
afterEach(() => rig.close());

const create = (members: readonly number[], name = 'g'): Promise<LiveGroup> =>
  groups.create({ appid, master: 1, name, members });

/** All that is known of a group. */
function facts(group: LiveGroup | undefined): unknown {
  if (group === undefined) return undefined;
  const members = [...group.members.values()].sort((a, b) => a.uid - b.uid);
  const { gid, master, name, notice } = group;
  return { gid, master, super: group.super, name, notice, members };
}

it('changes nothing when the notice cannot be laid', async () => {
  const { gid } = await create([1, 2]);
  const before = facts(groups.peek(gid));
  rig.fault = new Error('full');
  const tries = [
    () => create([1]),
    () => groups.rename(appid, gid, 'x'),
    () => groups.addMembers(appid, gid, [3]),
    () => groups.leave(appid, gid, 2),
    () => groups.upgrade(appid, gid),
    () => groups.setNickname(appid, gid, 2, 'x'),
    () => groups.disband(appid, gid),
  ];
  for (const one of tries) await expect(one()).rejects.toThrow('full');
  rig.fault = undefined;
  expect(facts(groups.peek(gid))).toEqual(before);
  expect(facts(await rig.restarted().get(gid))).toEqual(before);
  expect(await rig.inbox(1)).toHaveLength(1);
  // The inboxes go on without a gap.
  await rig.groups.rename(appid, gid, 'y');
  expect(await rig.log.last(user(1))).toBe(2);
});

it('has changed when members are told of it, and not before', async () => {
  const { gid } = await create([1, 2]);
  const seen: unknown[] = [];
  rig.listen(2, () => {
    const group = groups.peek(gid);
    seen.push(group && [group.name, group.super, [...group.members.keys()]]);
  });
  const renamed = groups.rename(appid, gid, 'h');
  expect(groups.peek(gid)?.name).toBe('g');
  await renamed;
  await groups.addMembers(appid, gid, [3]);
  await groups.upgrade(appid, gid);
  await groups.leave(appid, gid, 2);
  await groups.addMembers(appid, gid, [2]);
  await groups.disband(appid, gid);
  expect(seen).toEqual([
    ['h', false, [1, 2]],
    ['h', false, [1, 2, 3]],
    ['h', true, [1, 2, 3]],
    ['h', true, [1, 3]],
    ['h', true, [1, 3, 2]],
    undefined,
  ]);
});

it('knows after any changes, loads and evictions at once what is on disk', async () => {
  let seed = 42;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((seed / 2 ** 31) * below);
  };
  groups = rig.restarted({ mostMembers: 25 });
  const gids: number[] = [];
  for (let i = 0; i < 5; i += 1) gids.push((await create([1, 2, 3])).gid);
  for (let round = 0; round < 40; round += 1) {
    const work = Array.from({ length: 12 }, async () => {
      const gid = gids[random(gids.length)] ?? 0;
      const uid = 1 + random(9);
      const act = [
        () => groups.addMembers(appid, gid, [uid, { uid: uid + 1, name: `n${round}` }]),
        () => groups.leave(appid, gid, uid),
        () => groups.removeMembers(appid, gid, [uid, uid + 1]),
        () => groups.setMemberMute(appid, gid, uid, round % 2 === 0),
        () => groups.rename(appid, gid, `g${round}`),
        () => groups.get(gid),
        () => groups.get(gid),
      ][random(7)];
      await act?.().catch((error: unknown) => expect(error).toMatchObject({ code: 'not_found' }));
    });
    await Promise.all(work);
    const disk = rig.groups;
    const known = gids.map((gid) => facts(groups.peek(gid)));
    const fresh = rig.restarted();
    rig.groups = disk;
    for (const [i, gid] of gids.entries()) {
      const live = known[i];
      if (live !== undefined) expect(live).toEqual(facts(await fresh.get(gid)));
    }
  }
});

it('loses none of many changes at once', async () => {
  const { gid } = await create([]);
  const uids = Array.from({ length: 60 }, (_one, i) => i + 1);
  await Promise.all(uids.map((uid) => groups.addMembers(appid, gid, [uid])));
  await Promise.all(uids.slice(0, 20).map((uid) => groups.leave(appid, gid, uid)));
  expect([...(groups.peek(gid)?.members.keys() ?? [])]).toEqual(uids.slice(20));
  expect((await rig.restarted().get(gid))?.members.size).toBe(40);
});

it('finds nothing that was disbanded while it was loaded', async () => {
  const { gid } = await create([1]);
  groups = rig.restarted();
  const loading = groups.get(gid);
  const disbanding = groups.disband(appid, gid);
  await disbanding;
  expect(await groups.get(gid)).toBeUndefined();
  expect(groups.peek(gid)).toBeUndefined();
  await loading;
});

it('holds so many members, and lets go of those not asked for lately', async () => {
  const cache = new GroupCache(new ImGroupStore(rig.db), 30);
  const made: LiveGroup[] = [];
  for (let i = 0; i < 4; i += 1) made.push(await create([1, 2, 3, 4, 5, 6, 7, 8, 9]));
  const [a, b, c, d] = made.map((group) => group.gid);
  for (const group of made.slice(0, 3)) cache.add(group);
  expect(cache.weight).toBe(30);
  // All are marked; the oldest leaves, the marks of the others are spent.
  for (const group of made.slice(3)) cache.add(group);
  expect(made.map(({ gid }) => cache.peek(gid) !== undefined)).toEqual([false, true, true, true]);
  const again = new GroupCache(new ImGroupStore(rig.db), 20);
  for (const group of made.slice(0, 3)) again.add(group);
  again.peek(c ?? 0);
  for (const group of made.slice(3)) again.add(group);
  expect([a, b, c, d].map((gid) => again.peek(gid ?? 0) !== undefined)).toEqual([
    ...[false, false, true, true],
  ]);
  again.change(d ?? 0, (group) => group.put(lots(50)));
  expect(again.weight).toBe(1 + 9 + 50);
  expect(again.peek(d ?? 0)).toBeDefined();
  again.remove(d ?? 0);
  expect(again.weight).toBe(0);
  expect((await again.get(a ?? 0))?.gid).toBe(a);
});

function lots(count: number) {
  return Array.from({ length: count }, (_one, i) => ({
    ...{ uid: 100 + i, name: '', avatar: '', nickname: '', mute: false, joinedAt: 0, joinedSeq: 0 },
  }));
}

it('lists those of a user, pages members and searches', async () => {
  const one = await create([1, 2, 3, 4, 5], '开发组');
  const two = await create([2], '100%');
  const other = await groups.create({ appid: 8, master: 1, name: '开发', members: [2] });
  groups = rig.restarted();
  expect((await groups.ofUser(user(2))).map(({ gid }) => gid)).toEqual([one.gid, two.gid]);
  expect(await groups.ofUser(user(99))).toEqual([]);
  expect(groups.peek(two.gid)?.users).toEqual([user(2)]);
  const page = await groups.members(one.gid, { limit: 3 });
  expect([page.members.map(({ uid }) => uid), page.next]).toEqual([[1, 2, 3], 3]);
  const rest = await groups.members(one.gid, { after: 3, limit: 3 });
  expect([rest.members.map(({ uid }) => uid), rest.next]).toEqual([[4, 5], undefined]);
  const found = async (app: number | undefined, text: string, after?: number) => {
    const answer = await groups.search(app, text, { limit: 2, ...(after && { after }) });
    return [answer.groups.map(({ gid }) => gid), answer.next];
  };
  expect(await found(undefined, '')).toEqual([[one.gid, two.gid], two.gid]);
  expect(await found(undefined, '', two.gid)).toEqual([[other.gid], undefined]);
  expect(await found(undefined, '开发')).toEqual([[one.gid, other.gid], other.gid]);
  expect(await found(appid, '开发')).toEqual([[one.gid], undefined]);
  expect(await found(undefined, '0%')).toEqual([[two.gid], undefined]);
  expect(await found(undefined, String(other.gid))).toEqual([[other.gid], undefined]);
  expect((await groups.search(appid, '开发', { limit: 9 })).groups[0]).toMatchObject({
    ...{ gid: one.gid, memberCount: 5, master: 1, super: false },
  });
  await groups.disband(appid, two.gid);
  expect(await found(undefined, '0%')).toEqual([[], undefined]);
});

it('looks through no table', async () => {
  const { gid } = await create([1, 2]);
  await groups.addMembers(appid, gid, [3]);
  await groups.upgrade(appid, gid);
  await groups.leave(appid, gid, 3);
  await groups.setNickname(appid, gid, 2, 'n');
  await groups.members(gid, { limit: 1 });
  groups = rig.restarted();
  await groups.ofUser(user(1));
  await groups.superOf(user(1));
  await rig.log.readBack(user(1), 9, 5);
  await rig.log.readGroupBack(gid, 9, 5);
  await rig.log.countAfter(user(1), 0, 5);
  await rig.log.countInGroup(gid, 0, 5);
  await groups.disband(appid, gid);
  await groups.search(appid, '', { limit: 5 });
  const steps = await planSteps(rig.db, rig.db.statements);
  const growing = /im_groups|im_members|im_inbox|im_group_inbox/;
  const scans = steps.filter(
    ({ sql, detail }) => growing.test(sql) && /^SCAN im_|TEMP B-TREE/.test(detail),
  );
  expect(scans).toEqual([]);
});
