import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { aesKey, Poster, textPush } from './support/wechat-pushes.ts';
import { vectors } from './support/wechat-vectors.ts';

const official = vectors('wechat-crypto').vectors[0];
const folder = mkdtempSync(join(tmpdir(), 'wxrc-check-'));
const config = join(folder, 'config.json');
let wechat: Server;
let answer = '';
const asked: { url: string | undefined; body: string }[] = [];

beforeAll(async () => {
  wechat = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({ url: request.url, body });
      response.end(answer);
    });
  });
  await new Promise<void>((resolve) => wechat.listen(0, '127.0.0.1', resolve));
  const apiBase = `http://127.0.0.1:${(wechat.address() as AddressInfo).port}`;
  const secret = 'app-secret-1';
  const accounts = [
    { appid: 'wx1', token: 'AAAAA', kind: 'official', secret, apiBase },
    { appid: 'wx2', token: 'BBBBB', encodingAesKey: aesKey },
    { appid: 'wx3' },
    {
      ...{ appid: official?.appid, token: official?.token },
      encodingAesKey: official?.encodingAESKey,
    },
  ];
  writeFileSync(config, JSON.stringify({ wechat: accounts, language: 'en' }));
});
afterAll(() => {
  wechat.close();
  rmSync(folder, { recursive: true });
});

async function check(...args: string[]) {
  return await runInProcess(['wechat', 'check', '--config', config, ...args]);
}

/** The words of each line. */
function words(out: string): string[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => line.trim().replaceAll(/ +/g, ' '));
}

function posted(poster: Poster, fields = textPush('o1', 'hello')): { query: string; file: string } {
  const { query, body } = poster.push(fields);
  const file = join(folder, 'body');
  writeFileSync(file, body);
  return { query: new URLSearchParams(query).toString(), file };
}

const callback = 'https://example.com/im_component/wx_official_account/push';

test('an account: what is set, and nothing of its secrets', async () => {
  const { code, out } = await check('--appid', 'wx1');
  expect([code, words(out)]).toEqual([
    0,
    [...['wx1 official plain', 'token AA… (5)', 'encodingAesKey missing', 'secret set']],
  ]);
  expect((await check('--appid', 'wx3')).code).toBe(1);
  const wrong = await check('--appid', 'wx9');
  expect([wrong.code, wrong.err]).toEqual([2, expect.stringMatching(/wx1 .*wx2 .*wx3 /)]);
  expect((await check()).code).toBe(2);
  expect((await check('--url', 'nothing', '--appid', 'wx1')).code).toBe(2);
  expect((await check('--url', callback, '--body', '/nowhere', '--appid', 'wx1')).code).toBe(2);
});

test('a verification that fits, and one that was signed with the token of another account', async () => {
  const query = new URLSearchParams(new Poster().verification('12345')).toString();
  const fits = await check('--url', `${callback}/wx1?${query}`);
  expect(fits.code).toBe(0);
  expect(words(fits.out).slice(-2)).toEqual(['verification ok', '→ 12345']);
  const other = await check('--url', `${callback}/wx2?${query}`);
  expect(other.code).toBe(1);
  const lines = words(other.out);
  expect(lines).toContain('token 5 BB…');
  expect(lines.at(-1)).toBe('it was signed with the token of account wx1');
  expect(lines.find((line) => line.startsWith('sha1'))).toMatch(/^sha1 [0-9a-f]{40}$/);
});

test('pushes: of which kind, from whom; or what does not fit', async () => {
  const plain = posted(new Poster());
  const fits = await check('--url', `${callback}/wx1?${plain.query}`, '--body', plain.file);
  expect([fits.code, words(fits.out).at(-1)]).toEqual([
    ...[0, expect.stringMatching(/^text o1 plain xml \d+$/)],
  ]);
  const customer = 'https://example.com/api/imbot/wechat/customer?appid=wx2';
  const downgraded = await check('--url', `${customer}&${plain.query}`, '--body', plain.file);
  expect(downgraded.code).toBe(1);
  expect(downgraded.out).toContain('the request is not: choose secure mode');
  const sealed = posted(new Poster({ appid: 'wx2', token: 'BBBBB', encodingAesKey: aesKey }));
  const opened = await check(
    '--url',
    `${customer}&${sealed.query}`,
    '--body',
    sealed.file,
    '--json',
  );
  expect(JSON.parse(opened.out)).toMatchObject({
    ...{ appid: 'wx2', mode: 'secure', token: 'BB… (5)' },
    request: { what: 'push', ok: true, push: { kind: 'text', openId: 'o1', mode: 'secure' } },
  });
  const foreign = posted(new Poster({ appid: 'wx7', token: 'BBBBB', encodingAesKey: aesKey }));
  const misled = await check('--url', `${customer}&${foreign.query}`, '--body', foreign.file);
  expect(misled.out).toContain('it is meant for another appid');
  const key = 'x'.repeat(43);
  const keyed = posted(new Poster({ appid: 'wx2', token: 'BBBBB', encodingAesKey: key }));
  const locked = await check('--url', `${customer}&${keyed.query}`, '--body', keyed.file);
  expect(locked.out).toContain('the encodingAesKey does not fit');
  expect([locked.code, misled.code]).toEqual([1, 1]);
});

test("WeChat's own example is read", async () => {
  const file = join(folder, 'official');
  writeFileSync(file, official?.body ?? '');
  const url = `${callback}/${official?.appid}${official?.url}`;
  const { code, out } = await check('--url', url, '--body', file);
  expect([code, words(out).at(-1)]).toEqual([
    ...[0, 'event:debug_demo o9AgO5Kd5ggOC-bXrbNODIiE3bGY secure json'],
  ]);
});

test('--live asks for a token with the secret, and says what an error means', async () => {
  answer = JSON.stringify({ access_token: 'a-token', expires_in: 7000 });
  const fits = await check('--appid', 'wx1', '--live');
  expect([fits.code, words(fits.out).at(-1)]).toEqual([0, 'stable_token ok, 7000 s']);
  expect(asked.at(-1)?.url).toBe('/cgi-bin/stable_token');
  expect(JSON.parse(asked.at(-1)?.body ?? '')).toMatchObject({
    appid: 'wx1',
    force_refresh: false,
  });
  answer = JSON.stringify({ errcode: 40164, errmsg: 'invalid ip 1.2.3.4' });
  const refused = await check('--appid', 'wx1', '--live');
  expect(refused.code).toBe(1);
  expect(refused.out).toMatch(/stable_token +40164 +invalid ip 1.2.3.4 +.*allow-list/);
  expect(fits.out + refused.out).not.toMatch(/a-token|app-secret/);
  expect((await check('--appid', 'wx2', '--live')).out).toContain('no secret');
});

test('of several accounts one is chosen by the address, else they are listed', async () => {
  const { code, err } = await check('--live');
  expect(code).toBe(2);
  expect(err).toMatch(/several accounts.*--appid: wx1 \(official\), wx2 \(miniprogram\)/);
  expect((await check('--appid', 'wx9')).err).toMatch(/no account wx9.*wx1 \(official\)/);
  const customer = 'https://example.com/api/imbot/wechat/customer?signature=x';
  expect((await check('--url', customer)).out).toMatch(/^wx2 /);
});
