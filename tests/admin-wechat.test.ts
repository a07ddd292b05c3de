import { afterAll, beforeAll, expect, test } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { officialPath, pushTo } from './support/wechat-http.ts';
import { aesKey, eventPush, Poster, textPush } from './support/wechat-pushes.ts';

let running: TestDaemon;
let admin: AdminClient;

interface PushView {
  id: number;
  openId: string;
  kind: string;
  tries: number;
  state: string;
  hasBody: boolean;
  body: string | null;
  answer: string | null;
}

beforeAll(async () => {
  running = await startDaemon({
    bots: [],
    wechat: [
      {
        ...{
          appid: 'wx1',
          name: '小店',
          kind: 'official',
          token: 'TokenOfWx1',
          secret: 'secret-1',
        },
        ...{ welcome: '欢迎', tokenUrl: 'https://tokens.example/get?key=hidden', simulate: true },
      },
      { appid: 'wx2', token: 'TokenOfWx2', encodingAesKey: aesKey, storeId: 3 },
    ],
  });
  admin = new AdminClient(() => running.url);
  await admin.login();
  const [plain, sealed] = [
    new Poster({ appid: 'wx1', token: 'TokenOfWx1' }),
    new Poster({ appid: 'wx2', token: 'TokenOfWx2', encodingAesKey: aesKey, format: 'json' }),
  ];
  const follow = plain.push(eventPush('o1', 'subscribe', { Ticket: 'a-ticket', EventKey: 'k' }));
  for (const [appid, posted] of [
    ['wx1', plain.push(textPush('o1', 'one'))],
    ['wx2', sealed.push(textPush('o1', 'two'))],
    ['wx1', plain.push(textPush('o2', 'three'))],
    ['wx1', follow],
    ['wx1', follow],
  ] as const) {
    expect((await pushTo(running.url, officialPath(appid), posted)).status).toBe(200);
  }
  await eventually('all to be done', async () => (await list('state=due')).length === 0);
});
afterAll(() => running.close());

async function list(query = ''): Promise<PushView[]> {
  const { body } = await admin.ok('GET', `/wechat/pushes?${query}`);
  return body.items as unknown as PushView[];
}

async function get(id: number): Promise<PushView> {
  return (await admin.ok('GET', `/wechat/pushes/${id}`)).body as unknown as PushView;
}

/** As if working it off had failed. */
async function fail(id: number): Promise<void> {
  await running.daemon.core.db.transaction((tx) =>
    tx.run(`UPDATE wechat_pushes SET state = 'failed', error = 'broken' WHERE id = ?`, [id]),
  );
}

test('accounts are shown with the addresses for the console, and without secrets', async () => {
  const { body, text } = await admin.ok('GET', '/wechat/accounts');
  expect(body.items).toMatchObject([
    {
      ...{ appid: 'wx1', name: '小店', kind: 'official', mode: 'plain', token: 'To… (10)' },
      ...{ hasKey: false, hasSecret: true, simulate: true, storeId: null, welcome: '欢迎' },
      tokenUrl: 'https://tokens.example/get',
      pushUrls: [
        `${running.url}/im_component/wx_official_account/push/wx1`,
        `${running.url}/api/imbot/wechat/customer?appid=wx1`,
      ],
    },
    {
      appid: 'wx2',
      kind: 'miniprogram',
      mode: 'secure',
      hasKey: true,
      hasSecret: false,
      storeId: 3,
    },
  ]);
  expect(text).not.toMatch(/TokenOf|secret-1|hidden|abcdefghij/);
  const first = (await admin.ok('GET', '/wechat/accounts?limit=1')).body;
  expect((await admin.ok('GET', `/wechat/accounts?cursor=${first.next}`)).body.items).toMatchObject(
    [{ appid: 'wx2' }],
  );
});

test('pushes are listed newest first, by account, user and state, page by page', async () => {
  const told = (rows: PushView[]) => rows.map(({ kind, openId }) => `${kind} ${openId}`);
  const all = ['event:subscribe o1', 'text o2', 'text o1', 'text o1'];
  expect(told(await list())).toEqual(all);
  expect(told(await list('account=wx1'))).toEqual(['event:subscribe o1', 'text o2', 'text o1']);
  expect(told(await list('account=wx1&openId=o1'))).toEqual(['event:subscribe o1', 'text o1']);
  expect(await list('state=failed')).toEqual([]);
  expect(await list('account=wx3')).toEqual([]);
  const paged: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `/wechat/pushes?limit=3${cursor}`);
    paged.push(...told(body.items as unknown as PushView[]));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(paged).toEqual(all);
  expect((await admin.refused(400, 'GET', '/wechat/pushes?openId=o1')).body.field).toBe('account');
  await admin.refused(400, 'GET', '/wechat/pushes?state=lost');
  await admin.refused(400, 'GET', '/wechat/pushes?limit=1000');
});

test('one push shows its text and our answer, without tickets and ciphers', async () => {
  const [follow, , sealed] = await list();
  const shown = await get(follow?.id ?? 0);
  expect(shown).toMatchObject({ kind: 'event:subscribe', tries: 2, state: 'done', hasBody: true });
  expect(shown.body).toContain('<EventKey><![CDATA[k]]></EventKey>');
  expect(shown.body).not.toContain('a-ticket');
  expect(shown.answer).toContain('欢迎');
  expect(JSON.parse((await get(sealed?.id ?? 0)).body ?? '')).toMatchObject({ Content: 'two' });
  await admin.refused(404, 'GET', '/wechat/pushes/999999');
  await admin.refused(400, 'GET', '/wechat/pushes/0');
});

test('what has failed is replayed, nothing else', async () => {
  const [row] = await list('account=wx1&openId=o2');
  const id = row?.id ?? 0;
  await admin.refused(409, 'POST', `/wechat/pushes/${id}/replay`);
  await admin.refused(404, 'POST', '/wechat/pushes/999999/replay');
  await fail(id);
  expect(await get(id)).toMatchObject({ state: 'failed', error: 'broken' });
  await admin.ok('POST', `/wechat/pushes/${id}/replay`);
  await eventually('it to be done', async () => (await get(id)).state === 'done');
  const { body } = await admin.ok('GET', '/im/conversations?via=wechat&text=o2');
  const words = await admin.ok('GET', `/im/conversations/${body.items[0]?.id}/messages`);
  // Once when it came, once more for the operator.
  expect(words.body.items).toHaveLength(2);
});

test('the same on the command line', async () => {
  const env = { WXRC_DATA: running.dataDir, LANG: 'en_US.UTF-8' };
  const run = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await runInProcess(['wechat', ...args], env);
    expect([args, code, err]).toEqual([args, 0, '']);
    return out.trimEnd().replaceAll(/ +/g, ' ');
  };
  const [head, first] = (await run('accounts')).split('\n');
  expect(head).toBe('APPID NAME KIND MODE TOKEN AES KEY APP SECRET DESK URL');
  expect(first).toMatch(/^wx1 小店 official plain To… \(10\) - simulate - http.*push\/wx1 http/);
  const rows = (await run('pushes', '--account', 'wx1', '--user', 'o1')).split('\n');
  expect(rows[0]).toBe('ID TIME ACCOUNT USER KIND TRIES STATE TOOK ERROR');
  expect(rows[1]).toMatch(/^\d+ \S+ \S+ wx1 o1 event:subscribe 2 done \S+ -$/);
  expect(rows).toHaveLength(3);
  const id = Number(rows[2]?.split(' ')[0]);
  expect(await run('push', String(id))).toMatch(
    /text\ndone tries 1 .*\n<xml>.*one.*<\/xml>\n→ success$/,
  );
  await fail(id);
  expect(await run('pushes', '--state', 'failed')).toContain('failed');
  expect(JSON.parse(await run('replay', String(id), '--json'))).toEqual({ replayed: id });
  const again = await runInProcess(['wechat', 'replay', String(id)], env);
  expect([again.code, again.err]).toEqual([1, expect.stringMatching(/not failed|未失败/)]);
});
