import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { socketPath as chatbotSocket, isChatbotAddress } from '../api/chatbot/addresses.ts';
import { isImbotAddress } from '../api/imbot/envelope.ts';
import { isOfficialAddress, socketPaths } from '../api/official/addresses.ts';
import { pushPaths as wechatPaths } from '../api/wechat/routes.ts';
import { createRouters } from '../scripts/routers.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { pictureOf } from './support/pictures.ts';
import { rawCall } from './support/raw-get.ts';
import { formOf } from './support/uploads-rig.ts';
import { Poster } from './support/wechat-pushes.ts';

const all = 'token-of-the-server-0123';
const joe = 'token-of-joe-0123456789';
let running: TestDaemon;

beforeAll(async () => {
  running = await startDaemon({
    access: { tokens: [all, { token: joe, userId: 'Joe' }] },
    wechat: [{ appid: 'wxplain', token: 'AAAAA', kind: 'official' }],
  });
});
afterAll(async () => {
  await running.close();
  for (const token of [all, joe, 'wrong-token']) expect(running.log()).not.toContain(token);
});

/** What WeChat calls is signed by WeChat. */
const exempt = new Set<string>(Object.values(wechatPaths));

/** Every route of the open families, as the routers of the daemon have them. */
function routes(): [method: string, path: string][] {
  const routers = createRouters({
    core: running.daemon.core,
    stopping: new AbortController().signal,
    publicUrl: () => '',
    reload: async () => [],
    reloadFault: () => undefined,
    configInForce: () => running.daemon.core.config,
  });
  return routers
    .flatMap((router) => router.stack)
    .map(({ methods, path }) => [methods, String(path)] as const)
    .filter(([, path]) => isImbotAddress(path) || isOfficialAddress(path) || isChatbotAddress(path))
    .filter(([, path]) => !exempt.has(path))
    .flatMap(([methods, path]) => methods.map((method): [string, string] => [method, path]));
}

interface Answer {
  status: number;
  body: string;
  challenge: string | undefined;
}

/** Not by fetch(), which has no word for HEAD with a body, nor for some methods. */
async function call(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer | string,
): Promise<Answer> {
  const filled = path.replace(/:\w+/g, 'x');
  const got = await rawCall(method, running.url, filled, headers, body);
  return {
    status: got.status,
    body: got.body.toString(),
    challenge: got.headers['www-authenticate'],
  };
}

/** A refusal in the form of the family that the address is of. */
function isFamilies(path: string, method: string, body: string): void {
  if (method === 'HEAD') return;
  const said: unknown = JSON.parse(body);
  if (isChatbotAddress(path))
    expect(said).toEqual({ code: 401, message: expect.any(String), data: {} });
  else if (isImbotAddress(path)) expect(said).toEqual({ error: expect.any(String) });
  else expect(said).toEqual({ data: {}, result: { code: -1, message: expect.any(String) } });
}

describe('with access.tokens configured', () => {
  test('the routers have what the documents have', () => {
    const paths = new Set(routes().map(([method, path]) => `${method} ${path}`));
    for (const path of ['openid', 'user', 'users', 'pending_count', 'pending_count_list'])
      expect(paths).toContain(`GET /api/imbot/${path}`);
    for (const path of ['pending_msgs', 'msg', 'image/:name', 'audio/:name', 'video/:name'])
      expect(paths).toContain(`GET /api/imbot/${path}`);
    for (const path of ['user', 'template_msg', 'form_id', 'msg', 'image', 'audio', 'video'])
      expect(paths).toContain(`POST /api/imbot/${path}`);
    for (const path of ['/send', '/im_component/wx_official_account/send'])
      expect(paths).toContain(`POST ${path}`);
    expect(paths).toContain('POST /im_component/wx_official_account/send_xml');
    expect(paths).toContain('DELETE /api/imbot/form_id');
    for (const path of ['send', 'destroy', 'message/send', 'message/appraise', 'stream'])
      expect(paths).toContain(`POST /mpweixin/chatbot/${path}`);
    expect(paths).toContain('GET /mpweixin/chatbot/receive');
  });

  test('every route is refused without one, and served with one', async () => {
    for (const [method, path] of routes()) {
      const bodies = [undefined, '{}', '<xml></xml>', 'garbage'];
      for (const body of method === 'POST' ? bodies : [undefined]) {
        const refused = await call(method, path, {}, body);
        expect(refused.status, `${method} ${path}`).toBe(401);
        expect(refused.challenge, `${method} ${path}`).toBe('Bearer');
        isFamilies(path, method, refused.body);
      }
      const served = await call(method, path, { authorization: `Bearer ${all}` });
      expect([401, 403, 429], `${method} ${path}`).not.toContain(served.status);
      const asked = await call(method, `${path}?access_token=${all}`);
      expect(asked.status, `${method} ${path}`).toBe(served.status);
    }
  });

  test('other spellings of an address open nothing', async () => {
    const spellings = [
      (path: string) => path.toUpperCase(),
      (path: string) => path.replace('/api/', '/API/'),
      (path: string) => path.replace('im', 'IM'),
      (path: string) => `${path}/`,
      (path: string) => `/${path}`,
      (path: string) => path.replace(/\/(?=\w+$)/, '//'),
      (path: string) => path.replace('i', '%69'),
      (path: string) => `http://elsewhere.test${path}`,
    ];
    for (const [method, path] of routes()) {
      for (const spell of spellings) {
        const { status } = await call(method, spell(path));
        expect([401, 404], `${method} ${spell(path)}`).toContain(status);
      }
    }
  });

  test('an upload without one is not written down', async () => {
    const form = new Response(formOf('image', pictureOf(50_000)));
    const body = Buffer.from(await form.arrayBuffer());
    const headers = { 'content-type': form.headers.get('content-type') ?? '' };
    expect((await call('POST', '/api/imbot/image', headers, body)).status).toBe(401);
    expect(await running.daemon.core.db.read('SELECT count(*) AS n FROM files')).toEqual([
      { n: 0 },
    ]);
    const granted = { ...headers, authorization: `Bearer ${joe}` };
    const answer = await call('POST', '/api/imbot/image', granted, body);
    expect(answer.status).toBe(200);
    const { url } = JSON.parse(answer.body) as { url: string };
    expect((await call('GET', `/api/imbot/${url}`)).status).toBe(401);
    expect((await call('GET', `/api/imbot/${url}?access_token=${joe}`)).status).toBe(200);
  });

  test.each(socketPaths)('a socket on %s needs one, and may be whom it names', async (path) => {
    const open = async (query: string, protocols: string[] = []): Promise<string> => {
      const socket = new WebSocket(
        `${running.url.replace('http', 'ws')}${path}${query}`,
        protocols,
      );
      const outcome = await Promise.race([
        once(socket, 'open').then(() => `open ${socket.protocol}`),
        once(socket, 'unexpected-response').then(([, response]) => String(response.statusCode)),
      ]);
      if (outcome.startsWith('open')) socket.close();
      return outcome;
    };
    expect(await open('?userid=Joe')).toBe('401');
    expect(await open(`?userid=Joe&access_token=${joe}`)).toBe('open ');
    expect(await open('?userid=Joe', ['echo', `bearer.${joe}`])).toBe('open echo');
    expect(await open('?userId=Joe', [`bearer.${joe}`])).toBe(`open bearer.${joe}`);
    expect(await open(`?userid=Bowen&access_token=${joe}`)).toBe('403');
    expect(await open(`?userid=Bowen&access_token=${all}`)).toBe('open ');
  });
});

test('WeChat signs what it pushes, and is asked for no token', async () => {
  const query = new Poster({ token: 'AAAAA' }).verification('4375120948345356249');
  for (const path of exempt) {
    const named = { ...query, appid: 'wxplain' };
    const address = path.replace(':appid', 'wxplain');
    const answer = await call('GET', `${address}?${new URLSearchParams(named)}`);
    expect([answer.status, answer.body], path).toEqual([200, '4375120948345356249']);
    const forged = await call('GET', `${address}?${new URLSearchParams({ ...named, nonce: 'x' })}`);
    expect([forged.status, forged.body], path).toEqual([401, 'invalid signature']);
  }
});

test('a socket of the chatbot needs one', async () => {
  const open = async (query: string): Promise<string> => {
    const socket = new WebSocket(`${running.url.replace('http', 'ws')}${chatbotSocket}${query}`);
    const outcome = await Promise.race([
      once(socket, 'open').then(() => 'open'),
      once(socket, 'unexpected-response').then(([, response]) => String(response.statusCode)),
    ]);
    if (outcome === 'open') socket.close();
    return outcome;
  };
  expect(await open('?sessionId=s1')).toBe('401');
  expect(await open(`?sessionId=s1&access_token=${joe}`)).toBe('open');
});

describe("Joe's token", () => {
  const headers = { authorization: `Bearer ${joe}`, 'content-type': 'application/json' };
  const as = async (method: string, path: string, body?: object): Promise<number> => {
    const text = body && JSON.stringify(body);
    const { status } = await call(method, path, headers, text);
    return status;
  };
  const msg = { type: 'text', reply: 'hi', timestamp: 1 };
  const say = (fromUserId: string, toUserId: string) => ({ fromUserId, toUserId, msg });

  test('speaks as Joe, and as nobody else', async () => {
    expect(await as('POST', '/api/imbot/msg', say('Joe', 'Bowen'))).toBe(200);
    expect(await as('POST', '/api/imbot/msg', say('Bowen', 'Joe'))).toBe(403);
    expect(
      await as('POST', '/api/imbot/template_msg', { formId: 'f', ...say('Bowen', 'Joe') }),
    ).toBe(403);
    expect(await as('POST', '/api/imbot/user', { id: 'Joe' })).toBe(200);
    expect(await as('POST', '/api/imbot/user', { id: 'Bowen' })).toBe(403);
    expect(await as('POST', '/api/imbot/form_id', { openId: 'Joe', formId: 'x' })).toBe(200);
    expect(await as('POST', '/api/imbot/form_id', { openId: 'Bowen', formId: 'x' })).toBe(403);
    expect(await as('DELETE', '/api/imbot/form_id?openId=Joe')).toBe(200);
    expect(await as('DELETE', '/api/imbot/form_id?openId=Bowen')).toBe(403);
  });

  test("reads Joe's, and nobody else's", async () => {
    const between = (path: string, from: string, to: string) =>
      as(
        'GET',
        `/api/imbot/${path}?fromUserId=${from}&toUserId=${to}&startTimeStamp=0&endTimeStamp=9`,
      );
    expect(await between('pending_msgs', 'Bowen', 'Joe')).toBe(200);
    expect(await between('pending_msgs', 'Joe', 'Bowen')).toBe(403);
    for (const path of ['msg', 'pending_count']) {
      expect(await between(path, 'Bowen', 'Joe')).toBe(200);
      expect(await between(path, 'Joe', 'Bowen')).toBe(200);
      expect(await between(path, 'Bowen', 'Macheal')).toBe(403);
    }
    expect(await as('GET', '/api/imbot/pending_count_list?userId=Joe')).toBe(200);
    expect(await as('GET', '/api/imbot/pending_count_list?userId=Bowen')).toBe(403);
  });

  test('pushes in the name of Joe only', async () => {
    const xml = (from: string) =>
      `<xml><ToUserName>1</ToUserName><FromUserName>${from}</FromUserName><MsgType>text</MsgType><Content>x</Content></xml>`;
    const push = async (body: string) =>
      (await call('POST', '/send', { authorization: `Bearer ${joe}` }, body)).status;
    expect(await push(xml('Joe'))).toBe(200);
    expect(await push(xml('Bowen'))).toBe(403);
  });
});

test('wrong tokens are slowed down in all doors together', async () => {
  // From another address than the tests above: 127.0.0.0/8 is all ours.
  const port = new URL(running.url).port;
  const from = (path: string, token: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      request({ host: '127.0.0.1', localAddress: '127.0.0.9', port, path, headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on('error', reject)
        .end();
    });
  const doors = ['/api/imbot/users', '/api/imbot/openid', '/api/imbot/user?id=x'];
  const seen: number[] = [];
  for (let i = 0; i < 8; i += 1) seen.push(await from(doors[i % 3] ?? '', 'wrong-token'));
  expect(seen).toEqual([401, 401, 401, 401, 429, 429, 429, 429]);
  expect(await from('/api/imbot/users', all)).toBe(429);
  expect((await call('GET', '/api/imbot/users', { authorization: `Bearer ${all}` })).status).toBe(
    200,
  );
});

test('access.open false and no tokens: nobody gets in', async () => {
  const closed = await startDaemon({ access: { open: false } });
  try {
    const response = await fetch(`${closed.url}/api/imbot/users`);
    expect(response.status).toBe(401);
    expect(((await response.json()) as { error: string }).error).toContain('access.open');
    const push = await fetch(`${closed.url}/send`, { method: 'POST', body: '<xml></xml>' });
    expect(push.status).toBe(401);
  } finally {
    await closed.close();
  }
});
