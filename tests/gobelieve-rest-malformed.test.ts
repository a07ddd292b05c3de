import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type GobelieveRest, gobelieveRest } from './support/gobelieve-rest.ts';

/** Bodies that are taken, by route: what the malformed ones are made of. */
const taken: [string, string, unknown][] = [
  ['POST', '/auth/grant', { uid: 5, user_name: 'a' }],
  [
    'POST',
    '/users/5',
    { name: 'a', forbidden: false, do_not_disturb: { peer_uid: 6, on: 'on' }, mute: true },
  ],
  ['PATCH', '/users/5', { mute: 0 }],
  ['POST', '/groups', { master: 5, name: 'a', super: false, members: [{ uid: 6, name: 'b' }] }],
  ['PATCH', '/groups/1', { name: 'a' }],
  [
    'POST',
    '/groups/1/members',
    { members: [{ uid: 7, name: 'c' }], inviter: { uid: 5, name: 'a' } },
  ],
  ['DELETE', '/groups/1/members', [{ uid: 8, name: 'd' }]],
  ['PATCH', '/groups/1/members/5', { nickname: 'n', mute: false }],
  ['PATCH', '/groups/1/members/5', { do_not_disturb: true }],
  ['POST', '/messages/peers', { sender: 5, receiver: 6, content: 'x' }],
  ['POST', '/messages/groups', { sender: 5, receiver: 1, content: 'x' }],
  ['POST', '/messages/systems', { receiver: 5, content: 'x' }],
  ['POST', '/messages/notifications', { receiver: 5, content: 'x' }],
  ['POST', '/messages/groups/notifications', { group_id: 1, content: 'x' }],
  ['POST', '/messages/rooms', { sender: 5, receiver: 3, content: 'x' }],
];

let rig: GobelieveRest;

beforeAll(async () => {
  rig = await gobelieveRest();
  await rig.im.groups.create({ appid: 7, master: 5, name: 'g', members: [5, 6] });
});
afterAll(async () => {
  await rig.close();
  expect(rig.lines).toEqual([]);
});

const call: GobelieveRest['call'] = (...request) => rig.call(...request);
const refused = (code: number, message: unknown) => ({
  status: code,
  json: { meta: { code, message } },
});
const text = expect.any(String);

test.each(taken)('%s %s: its body is taken, and what is no such body is not', async (...route) => {
  const [method, path, body] = route;
  expect(await call(method, path, body)).toMatchObject({ status: 200 });
  const bodies = ['{"a":', '{}}', '[1,]', 'uid=5&name=a', '"text"', '5', 'true', 'null', '\ufeff'];
  const broken = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
  const wrongKind = Array.isArray(body) ? '{"uid":8}' : '["x",null,{}]';
  const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
  for (const one of [...bodies, broken, wrongKind, deep, '{"__proto__":{"uid":5}}', '']) {
    const sent = await call(method, path, one);
    expect(sent, String(one).slice(0, 30)).toMatchObject(refused(400, text));
  }
  const huge = JSON.stringify({ ...(body as object), more: 'x'.repeat(1_048_576) });
  expect(await call(method, path, huge)).toMatchObject(refused(413, text));
});

test('a content type says nothing, a byte order mark is none of the body', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
    const response = await fetch(`${rig.url}/auth/grant`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from('7:5ebe2294ecd0e0f08eab7690d2a6ee69').toString('base64')}`,
        'content-type': type,
      },
      body: '\ufeff{"uid":5,"unknown":{"field":[1]}}',
    });
    expect(response.status).toBe(200);
  }
});

/** [method, path, body, field that the message names] */
const member = (one: unknown): unknown => ({ members: [6, one] });
const faults: [string, string, unknown, string][] = [
  ...[
    undefined,
    0,
    '0',
    true,
    1.5,
    'x',
    '',
    ' 5',
    '5.0',
    null,
    [5],
    2 ** 53,
    '9007199254740992',
    -1,
    '-5',
    // Where the numbers of customers begin.
    10 ** 15,
    `${10 ** 15}`,
  ].map((uid): [string, string, unknown, string] => ['POST', '/auth/grant', { uid }, 'uid']),
  ['POST', '/auth/grant', { uid: 5, user_name: 7 }, 'user_name'],
  ['POST', '/auth/grant', { uid: 5, user_name: 'x'.repeat(256) }, 'user_name'],
  ['POST', '/auth/grant', { uid: 5, user_name: 'a\0b' }, 'user_name'],
  ['POST', '/auth/grant', '{"uid":5,"user_name":"\\ud800"}', 'user_name'],
  ['POST', '/users/5', {}, 'name'],
  ['POST', '/users/5', { nick: 'x' }, 'name'],
  ['POST', '/users/0', { name: 'x' }, 'uid'],
  ['POST', '/users/5', { name: null }, 'name'],
  ['POST', '/users/5', { mute: 'maybe' }, 'mute'],
  ['POST', '/users/5', { mute: 2 }, 'mute'],
  ['POST', '/users/5', { forbidden: [] }, 'forbidden'],
  ['POST', '/users/5', { do_not_disturb: true }, 'do_not_disturb'],
  ['POST', '/users/5', { do_not_disturb: { on: true } }, 'do_not_disturb.peer_uid'],
  ['POST', '/users/5', { do_not_disturb: { peer_uid: 6 } }, 'do_not_disturb.on'],
  ['POST', '/groups', { name: 'a', members: [] }, 'master'],
  ['POST', '/groups', { master: 5, members: [] }, 'name'],
  ['POST', '/groups', { master: 5, name: 'a' }, 'members'],
  ['POST', '/groups', { master: 'x', name: 'a', members: [] }, 'master'],
  ['POST', '/groups', { master: 5, name: {}, members: [] }, 'name'],
  ['POST', '/groups', { master: 5, name: 'a', members: '6' }, 'members'],
  ['POST', '/groups', { master: 5, name: 'a', members: {} }, 'members'],
  ['POST', '/groups', { master: 5, name: 'a', members: ['六'] }, 'members[0]'],
  ['POST', '/groups', { master: 5, name: 'a', members: [6, { name: 'b' }] }, 'members[1].uid'],
  ['POST', '/groups', { master: 5, name: 'a', members: Array(10_001).fill(6) }, 'members'],
  ['POST', '/groups', { master: 5, name: 'a', members: [], super: 'yes' }, 'super'],
  ['POST', '/groups', { master: 5, name: 'a', members: [], group_id: 'x' }, 'group_id'],
  ['PATCH', '/groups/1', {}, 'name'],
  ['PATCH', '/groups/1', { notice: 'x' }, 'name'],
  ['POST', '/groups/1/members', {}, 'members'],
  ['POST', '/groups/1/members', member(0), 'members[1]'],
  ['POST', '/groups/1/members', member({ uid: 7, name: 7 }), 'members[1].name'],
  ['POST', '/groups/1/members', { members: [7], inviter: 'x' }, 'inviter'],
  ['POST', '/groups/1/members', { members: [7], inviter: {} }, 'inviter.uid'],
  ['POST', '/groups/1/members', [7, 'x'], 'members[1]'],
  ['POST', '/groups/1/members', { uid: 'x' }, 'members[0].uid'],
  ['POST', '/groups/1/members', Array(1001).fill(7), 'members'],
  ['DELETE', '/groups/1/members', ['77', 'x'], '[1]'],
  ['DELETE', '/groups/1/members', Array(1001).fill(7), 'at most 1000'],
  ['PATCH', '/groups/1/members/5', { mute: 'x' }, 'mute'],
  ['PATCH', '/groups/1/members/5', { nickname: 5 }, 'nickname'],
  ...['peers', 'groups', 'rooms'].flatMap((kind): [string, string, unknown, string][] => [
    ['POST', `/messages/${kind}`, { receiver: 1, content: 'x' }, 'sender'],
    ['POST', `/messages/${kind}`, { sender: 5, content: 'x' }, 'receiver'],
    ['POST', `/messages/${kind}`, { sender: 5, receiver: 'x', content: 'x' }, 'receiver'],
  ]),
  ['POST', '/messages/peers', { sender: 5, receiver: 0, content: 'x' }, 'receiver'],
  ['POST', '/messages/peers', { sender: 5, receiver: -6, content: 'x' }, 'receiver'],
  ['POST', '/messages/peers', { sender: -5, receiver: 6, content: 'x' }, 'sender'],
  ['POST', '/messages/systems', { receiver: -6, content: 'x' }, 'receiver'],
  ['POST', '/groups', { master: -5, name: 'a', members: [] }, 'master'],
  ['POST', '/groups/1/members', [7, -7], 'members[1]'],
  ['POST', '/messages/systems', { content: 'x' }, 'receiver'],
  ['POST', '/messages/notifications', { receiver: {}, content: 'x' }, 'receiver'],
  ['POST', '/messages/groups/notifications', { content: 'x' }, 'group_id'],
  ...[undefined, '', {}, ['x'], 5, null, 'x'.repeat(32_744), '字'.repeat(10_915)].flatMap(
    (content): [string, string, unknown, string][] =>
      ['peers', 'groups', 'systems', 'notifications', 'groups/notifications', 'rooms'].map(
        (kind) => [
          'POST',
          `/messages/${kind}`,
          { sender: 5, receiver: 1, group_id: 1, content },
          'content',
        ],
      ),
  ),
];

test.each(faults)('%s %s %o: the field is named', async (method, path, body, field) => {
  const answer = await call(method, path, body);
  expect(answer).toMatchObject(refused(400, text));
  expect(answer.json.meta.message.startsWith(`invalid param: ${field}`)).toBe(true);
});

test.each<[string, string, unknown, string]>([
  ['PATCH', '/groups/1/members/5', {}, 'no action'],
  ['PATCH', '/groups/1/members/99', { nickname: 'x' }, 'user 99 is no member of the group'],
  ['DELETE', '/groups/1/members', [], 'no memebers to delete'],
  ['POST', '/messages/groups/notifications', { group_id: 9, content: 'x' }, 'group no member'],
  ['POST', '/messages/groups', { sender: 5, receiver: 9, content: 'x' }, 'group non exists'],
])('%s %s %o is refused: %s', async (method, path, body, message) => {
  expect(await call(method, path, body)).toMatchObject(refused(400, message));
});

test('the longest content that fits a frame is taken', async () => {
  const body = { sender: 5, receiver: 6, content: `a${'字'.repeat(10_914)}` };
  expect((await call('POST', '/messages/peers', body)).status).toBe(200);
});

test('10,000 bodies of any kind: an answer to each, and no other than these', async () => {
  const half = fc.oneof(
    fc.constantFrom(...taken.map(([, , body]) => body)),
    fc.jsonValue({ maxDepth: 3 }),
  );
  const one = fc.record({
    route: fc.constantFrom(...taken),
    base: half,
    keys: fc.array(fc.tuple(fc.constantFrom(...fields()), fc.jsonValue({ maxDepth: 2 })), {
      maxLength: 3,
    }),
    cut: fc.option(fc.nat(40)),
  });
  const seen = new Set<number>();
  let count = 0;
  const samples = fc.sample(one, { numRuns: 10_000, seed: 7 });
  const next = async (): Promise<void> => {
    for (let sample = samples.pop(); sample !== undefined; sample = samples.pop()) {
      const [method, path] = sample.route;
      const isObject = typeof sample.base === 'object' && !Array.isArray(sample.base);
      const body = isObject
        ? { ...(sample.base as object), ...Object.fromEntries(sample.keys) }
        : sample.base;
      const json = JSON.stringify(body);
      const { status, json: answer } = await call(method, path, json.slice(0, sample.cut ?? 1e6));
      expect(answer.meta.code).toBe(status);
      seen.add(status);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: 32 }, next));
  expect(count).toBe(10_000);
  expect([...seen].sort()).toEqual([200, 400]);
  expect((await call('POST', '/auth/grant', { uid: 5 })).status).toBe(200);
}, 120_000);

function fields(): string[] {
  return [...new Set(taken.flatMap(([, , body]) => Object.keys(body as object)))];
}
