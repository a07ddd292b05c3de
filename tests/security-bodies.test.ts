import { afterAll, beforeAll, expect, test } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { Poster } from './support/wechat-pushes.ts';

// Bodies that are made to exhaust, to confuse or to get in, at every door that strangers may knock
// at. Each is answered soon, in the family's own form, and others are served meanwhile.

let running: TestDaemon;
beforeAll(async () => {
  running = await startDaemon({
    bots: [],
    wechat: [{ appid: 'wxplain', token: 'AAAAA', kind: 'official' }],
  });
});
afterAll(async () => {
  await running.close();
  expect(running.log()).not.toMatch(/request failed|push failed|unhandled/);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

const doors = [
  '/api/imbot/msg',
  '/api/imbot/user',
  '/api/imbot/form_id',
  '/api/imbot/template_msg',
  '/send',
  '/im_component/wx_official_account/send',
  '/im_component/wx_official_account/send_xml',
  '/im_component/wx_official_account/push/wxplain',
  '/api/imbot/wechat/customer',
];

/** A message in the form that the door takes, with this in the middle of it. */
function json(door: string, middle: string): string {
  if (door.endsWith('/msg') || door.endsWith('template_msg')) {
    return `{"fromUserId":"a","toUserId":"b","formId":"f","msg":{"type":"text","reply":"x","timestamp":1,"more":${middle}}}`;
  }
  if (door.includes('send')) {
    return `{"data":{"msg_type":"text","contact_id":"b","msg":{"content":"x","more":${middle}}},"result":{"code":1001}}`;
  }
  return `{"id":"a","openId":"a","formId":"f","wechat":{"more":${middle}},"more":${middle}}`;
}
function xml(inside: string, before = ''): string {
  return `${before}<xml><ToUserName>b</ToUserName><FromUserName>a</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId>${inside}</xml>`;
}

const laughs = Array.from(
  { length: 10 },
  (_, i) => `<!ENTITY l${i + 1} "${`&l${i};`.repeat(10)}">`,
).join('');
const hostileXml: [string, string][] = [
  ['a billion laughs', xml('<a>&l10;</a>', `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]>`)],
  ['a file', xml('<a>&f;</a>', '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>')],
  ['an address', xml('<a>&f;</a>', '<!DOCTYPE x SYSTEM "http://169.254.169.254/x.dtd">')],
  ['a parameter entity', xml('', '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>')],
  ['100,000 levels', xml(`${'<a>'.repeat(100_000)}${'</a>'.repeat(100_000)}`)],
  ['100,000 elements', xml('<a></a>'.repeat(100_000))],
  ['100,000 attributes', xml(`<a ${'b="c" '.repeat(100_000)}/>`)],
  ['no end', `<xml>${'<![CDATA['.repeat(50_000)}`],
  ['a prototype', xml('<__proto__><polluted>1</polluted></__proto__>')],
  [
    'a constructor',
    xml('<constructor><prototype><polluted>1</polluted></prototype></constructor>'),
  ],
];
const hostileJson: [string, (door: string) => string][] = [
  ['100,000 arrays', (door) => json(door, `${'['.repeat(100_000)}${']'.repeat(100_000)}`)],
  ['30,000 objects', (door) => json(door, `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`)],
  ['arrays without an end', () => '['.repeat(200_000)],
  ['a number of 200,000 digits', (door) => json(door, '9'.repeat(200_000))],
  [
    '200,000 digits with a dot',
    (door) => json(door, `1${'1'.repeat(100_000)}.${'1'.repeat(99_999)}`),
  ],
  [
    '10,000 fields',
    (door) => json(door, `{${Array.from({ length: 10_000 }, (_, i) => `"k${i}":0`).join(',')}}`),
  ],
  [
    'a prototype',
    (door) => json(door, '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'),
  ],
  ['a prototype at the top', () => '{"__proto__":{"polluted":1}}'],
  ['lone surrogates and NUL', (door) => json(door, '"\\ud800\\u0000"')],
  ['100,000 quotes', () => '"'.repeat(100_000)],
  ['100,000 backslashes', (door) => json(door, `"${'\\\\'.repeat(50_000)}"`)],
  ['another type', () => 'null'],
];

/** Answers of these families say what they are. */
function isFamilies(door: string, text: string): void {
  if (door.includes('/push/') || door.includes('/wechat/')) {
    expect(text).toMatch(/^(?:success|malformed|invalid signature|unknown account|too large|)$/);
    return;
  }
  const said: unknown = JSON.parse(text);
  if (!door.startsWith('/api/imbot')) {
    expect(said).toEqual({ data: expect.any(Object), result: expect.any(Object) });
  } else if (!door.endsWith('template_msg')) {
    expect(Object.keys(said as object)).toEqual([expect.stringMatching(/^(?:result|error)$/)]);
  }
}

async function knock(door: string, body: string, type: string): Promise<void> {
  const { query } = new Poster().push({});
  const signed = door.includes('/push/') ? `?${new URLSearchParams(query)}` : '';
  const began = performance.now();
  const [response, live] = await Promise.all([
    fetch(`${running.url}${door}${signed}`, {
      method: 'POST',
      body,
      headers: { 'content-type': type },
    }),
    fetch(`${running.url}/live`),
  ]);
  const text = await response.text();
  const took = performance.now() - began;
  const what = `${door} ${body.slice(0, 80)}`;
  expect([200, 400, 401, 404, 413, 415], what).toContain(response.status);
  expect(live.status).toBe(200);
  expect(took, what).toBeLessThan(5000);
  expect(text, what).not.toMatch(/root:|ENTITY|at \w+ \(|node_modules/);
  isFamilies(door, text);
}

test.each(hostileXml)('XML with %s is answered at every door', async (_what, body) => {
  for (const door of doors) await knock(door, body, 'text/xml');
});

test.each(hostileJson)('JSON with %s is answered at every door', async (_what, body) => {
  for (const door of doors) await knock(door, body(door), 'application/json');
});

test('what was kept of it comes back, and breaks nobody', async () => {
  const query = 'fromUserId=a&toUserId=b&startTimeStamp=0&endTimeStamp=9';
  for (const path of ['msg', 'pending_msgs']) {
    const response = await fetch(`${running.url}/api/imbot/${path}?${query}`);
    expect(response.status).toBe(200);
    const { msgs } = (await response.json()) as { msgs: unknown[] };
    expect(msgs.length).toBeGreaterThan(0);
  }
});
