import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type GobelieveRest,
  gobelieveRest,
  server7,
  server8,
  userOf,
} from './support/gobelieve-rest.ts';

const success = { code: 200, message: 'success' };
const done = { meta: success, data: { success: true }, success: true };

let rig: GobelieveRest;
let lastUid = 1000;

beforeAll(async () => {
  rig = await gobelieveRest();
});
afterAll(async () => {
  await rig.close();
  // Nothing went wrong inside.
  expect(rig.lines).toEqual([]);
});

const call: GobelieveRest['call'] = (...request) => rig.call(...request);
const fresh = (): number => ++lastUid;

/** Two users, and a group of both whose master is the first. */
async function pair(more: object = {}) {
  const [one, two] = [fresh(), fresh()];
  const tokens = [await userOf(rig, one, `n${one}`), await userOf(rig, two, `n${two}`)] as const;
  const body = { master: one, name: '群', members: [{ uid: one }, two], ...more };
  const answer = await call('POST', '/client/groups', body, tokens[0]);
  expect(answer).toMatchObject({ status: 200, json: { meta: success } });
  const gid: number = answer.json.data.group_id;
  return { one, two, tokens, gid, path: `/client/groups/${gid}` };
}

function refused(message: string, status = 400) {
  return { status, json: { meta: { code: status, message } } };
}

async function notices(uid: number): Promise<object[]> {
  const placed = await rig.im.log.read({ appid: 7, uid }, 0, 100);
  return placed.map(({ message }) => JSON.parse(message.content.toString()));
}

describe('making groups', () => {
  test('a user makes its own, the application any', async () => {
    const { one, two, gid, tokens } = await pair();
    expect(await notices(two)).toEqual([
      {
        create: {
          group_id: gid,
          master: one,
          name: '群',
          members: [{ uid: one }, two],
          timestamp: Math.floor(rig.clock.now() / 1000),
        },
      },
    ]);
    const foreign = { master: two, name: 'x', members: [] };
    expect(await call('POST', '/client/groups', foreign, tokens[0])).toEqual(
      expect.objectContaining(refused('master must be self')),
    );
    expect((await call('POST', '/client/groups', foreign, server7)).status).toBe(200);
    const digits = { master: String(one), name: 'x', members: [String(one)], super: true };
    const made = await call('POST', '/v2/client/groups', digits, tokens[0]);
    expect((await rig.im.groups.get(made.json.data.group_id))?.super).toBe(true);
  });

  test.each([
    ['master', { name: 'x', members: [] }],
    ['name', { master: 5, members: [] }],
    ['members', { master: 5, name: 'x' }],
    ['members', { master: 5, name: 'x', members: { uid: 1 } }],
    ['members[0]', { master: 5, name: 'x', members: ['abc'] }],
    ['super', { master: 5, name: 'x', members: [], super: 'maybe' }],
  ])('%s at fault', async (field, body) => {
    const answer = await call('POST', '/client/groups', body, server7);
    expect(answer.status).toBe(400);
    expect(answer.json.meta).toEqual({ code: 400, message: expect.stringContaining(field) });
  });
});

describe('reading groups', () => {
  test('the list, with members and settings when asked for', async () => {
    const { one, two, gid, tokens } = await pair();
    await call('PATCH', `/client/groups/${gid}/members/${two}`, { nickname: '小二' }, tokens[1]);
    await call('PATCH', `/client/groups/${gid}/members/${two}`, { quiet: true }, tokens[1]);
    const bare = { id: gid, appid: 7, master: one, super: 0, name: '群', notice: '' };
    const list = (query: string, token: string = tokens[1]) =>
      call('GET', `/client/groups${query}`, undefined, token);
    expect((await list('')).json).toEqual({ meta: success, data: [bare] });
    const members = [
      { uid: one, name: `n${one}`, avatar: '', nickname: `n${one}` },
      { uid: two, name: `n${two}`, avatar: '', nickname: '小二', nickname_in_group: '小二' },
    ];
    const whole = { ...bare, members, do_not_disturb: true };
    expect((await list('?fields=members,quiet')).json.data).toEqual([whole]);
    expect((await list('?fields=quiet', tokens[0])).json.data).toEqual([
      { ...bare, do_not_disturb: false },
    ]);
    expect((await list('?fields=nonsense')).json.data).toEqual([bare]);
    expect((await list(`?uid=${two}&fields=quiet`, server7)).json.data).toEqual([
      { ...bare, do_not_disturb: true },
    ]);
    expect(await list('', server7)).toMatchObject(refused('invalid uid'));
    expect((await list('?uid=x', server7)).status).toBe(400);
    expect((await list('?fields=members&fields=quiet')).status).toBe(400);
    const own = await call('GET', `/client/groups/${gid}`, undefined, tokens[0]);
    expect(own.json.data).toEqual({ ...bare, members });
    const asApp = await call(
      'GET',
      `/v2/client/groups/${gid}?fields=quiet&uid=${two}`,
      undefined,
      server7,
    );
    expect(asApp.json.data).toEqual(whole);
  });

  test('a name that came with the member counts where the user has none', async () => {
    const uid = fresh();
    const members = [{ uid, name: '来客', avatar: 'http://a/b.png' }];
    const { tokens, path } = await pair({ members });
    const { json } = await call('GET', path, undefined, tokens[0]);
    expect(json.data.members).toEqual([
      { uid, name: '来客', avatar: 'http://a/b.png', nickname: '来客' },
    ]);
  });
});

describe('changing groups', () => {
  test('name, else notice', async () => {
    const { gid, two, path, tokens } = await pair();
    expect((await call('PATCH', path, { name: '新', notice: '公告' }, tokens[1])).json).toEqual(
      done,
    );
    expect((await call('PATCH', path, { notice: '公告' }, tokens[1])).json).toEqual(done);
    const group = await rig.im.groups.get(gid);
    expect([group?.name, group?.notice]).toEqual(['新', '公告']);
    const timestamp = Math.floor(rig.clock.now() / 1000);
    expect((await notices(two)).slice(1)).toEqual([
      { update_name: { group_id: gid, timestamp, name: '新' } },
      { update_notice: { group_id: gid, timestamp, notice: '公告' } },
    ]);
    expect(await call('PATCH', path, {}, tokens[0])).toMatchObject(refused('patch nothing'));
    expect((await call('PATCH', path, { name: 5 }, tokens[0])).status).toBe(400);
    expect((await call('PATCH', path, { name: 'app' }, server7)).status).toBe(200);
  });

  test('its master disbands it, or the application', async () => {
    const { two, gid, path, tokens } = await pair();
    expect(await call('DELETE', path, undefined, tokens[1])).toMatchObject(refused('no authority'));
    expect((await call('DELETE', path, undefined, tokens[0])).json).toEqual(done);
    const timestamp = Math.floor(rig.clock.now() / 1000);
    expect((await notices(two)).at(-1)).toEqual({ disband: { group_id: gid, timestamp } });
    expect(await call('DELETE', path, undefined, tokens[0])).toMatchObject(
      refused('group non exists'),
    );
    const other = await pair();
    expect((await call('DELETE', other.path, undefined, server7)).status).toBe(200);
  });
});

describe('members', () => {
  test('all forms of a body bring them in', async () => {
    const { one, gid, path, tokens } = await pair();
    const [a, b, c, d] = [fresh(), fresh(), fresh(), fresh()];
    const bodies = [
      [a],
      { uid: b, name: '乙' },
      { members: [String(c)] },
      { members: [{ uid: d }], inviter: { uid: one, name: '一' } },
    ];
    for (const body of bodies) {
      expect((await call('POST', `${path}/members`, body, tokens[0])).json).toEqual(done);
    }
    const uids = [...((await rig.im.groups.get(gid))?.members.keys() ?? [])];
    expect(uids).toEqual(expect.arrayContaining([a, b, c, d]));
    const timestamp = Math.floor(rig.clock.now() / 1000);
    expect(await notices(d)).toEqual([
      { add_member: { group_id: gid, member_id: d, timestamp, inviter: { uid: one, name: '一' } } },
    ]);
    const forged = { members: [fresh()], inviter: { uid: 99 } };
    expect(await call('POST', `${path}/members`, forged, tokens[0])).toMatchObject(
      refused('inviter must be self'),
    );
    expect((await call('POST', `${path}/members`, forged, server7)).status).toBe(200);
    for (const body of ['x', 5, { members: 'x' }, [{}], [null]]) {
      const answer = await call('POST', `${path}/members`, JSON.stringify(body), tokens[0]);
      expect(answer.status, JSON.stringify(body)).toBe(400);
    }
  });

  test('the master takes them out', async () => {
    const { one, two, gid, path, tokens } = await pair();
    const body = [{ uid: two, name: 'x' }];
    expect(await call('DELETE', `${path}/members`, [one], tokens[1])).toMatchObject(
      refused('no authority'),
    );
    expect(await call('DELETE', `${path}/members`, [], tokens[0])).toMatchObject(
      refused('no memebers to delete'),
    );
    expect((await call('DELETE', `${path}/members`, { uid: two }, tokens[0])).status).toBe(400);
    expect((await call('DELETE', `${path}/members`, body, tokens[0])).json).toEqual(done);
    expect((await rig.im.groups.get(gid))?.members.has(two)).toBe(false);
    expect((await notices(two)).at(-1)).toMatchObject({ quit_group: { member_id: two } });
    expect((await call('DELETE', `${path}/members`, [String(one)], server7)).json).toEqual(done);
  });

  test('a member leaves by itself', async () => {
    const { one, two, gid, path, tokens } = await pair();
    expect(await call('DELETE', `${path}/members/${one}`, undefined, tokens[1])).toMatchObject(
      refused('no authority'),
    );
    expect((await call('DELETE', `${path}/members/${two}`, undefined, tokens[1])).json).toEqual(
      done,
    );
    expect((await rig.im.groups.get(gid))?.members.has(two)).toBe(false);
    expect((await call('DELETE', `${path}/members/${one}`, undefined, server7)).status).toBe(200);
  });

  test('settings of its own', async () => {
    const { one, two, gid, path, tokens } = await pair();
    const set = (mid: number, body: unknown, token: string = tokens[1]) =>
      call('PATCH', `${path}/members/${mid}`, body, token);
    const quiet = () => rig.im.users.isQuiet({ appid: 7, uid: two }, 'group', gid);
    expect((await set(two, { do_not_disturb: true })).json).toEqual(done);
    expect(await quiet()).toBe(true);
    expect((await set(two, { quiet: 0, nickname: 'x' })).json).toEqual(done);
    expect(await quiet()).toBe(false);
    expect((await set(two, { nickname: '二' })).json).toEqual(done);
    expect((await rig.im.groups.get(gid))?.members.get(two)?.nickname).toBe('二');
    expect((await set(two, { quiet: 1 }, server7)).json).toEqual(done);
    expect(await set(one, { quiet: true })).toMatchObject(refused('setting other is forbidden'));
    expect(await set(two, {})).toMatchObject(refused('no action'));
    // The application mutes members at its own address.
    expect(await set(two, { mute: true })).toMatchObject(refused('no action'));
    expect((await set(two, { quiet: 'maybe' })).status).toBe(400);
    expect((await set(two, { nickname: 5 })).status).toBe(400);
    const stranger = fresh();
    const answer = await set(stranger, { nickname: 'x' }, await userOf(rig, stranger));
    expect(answer.status).toBe(400);
  });
});

const addresses: [string, string, unknown][] = [
  ['GET', '', undefined],
  ['PATCH', '', { name: 'x' }],
  ['DELETE', '', undefined],
  ['POST', '/members', [1]],
  ['DELETE', '/members', [1]],
  ['DELETE', '/members/5', undefined],
  ['PATCH', '/members/5', { quiet: true }],
];

describe.each(addresses)('%s /client/groups/{gid}%s', (method, rest, body) => {
  test('a group that is not there, or of another application', async () => {
    const token = await userOf(rig, 5);
    const { gid } = await pair();
    const missing = refused('group non exists');
    for (const credential of [token, server7]) {
      expect(await call(method, `/client/groups/404${rest}`, body, credential)).toMatchObject(
        missing,
      );
    }
    expect(await call(method, `/client/groups/${gid}${rest}`, body, server8)).toMatchObject(
      missing,
    );
  });

  test('addresses and credentials at fault', async () => {
    for (const [credential, status] of [
      ['', 401],
      ['Bearer wrong', 403],
      ['Basic wrong', 403],
      ['Digest x', 403],
    ] as const) {
      const answer = await call(method, `/client/groups/1${rest}`, body, credential);
      expect(answer, credential).toMatchObject({ status, json: { meta: { code: status } } });
    }
    for (const gid of ['abc', '-1', '1.5', '99999999999999999999', '%00', '1%2f2']) {
      const answer = await call(method, `/client/groups/${gid}${rest}`, body, server7);
      expect(answer, gid).toMatchObject({ status: 404, json: { meta: { code: 404 } } });
    }
    if (body === undefined) return;
    const broken = await call(method, `/client/groups/1${rest}`, '{"a":', server7);
    expect(broken).toMatchObject(refused('invalid json format'));
  });
});
