import { afterEach, beforeEach, expect, test } from 'vitest';
import { signatureOf } from '../bot/wechat/signature.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { Agent, customerPath, officialPath, pushTo } from './support/wechat-http.ts';
import { aesKey, type Posted, Poster, textPush } from './support/wechat-pushes.ts';

// Whoever knows the address but not the token, and whoever has seen what WeChat sends.

const secure = { appid: 'wxsecure', token: 'SSSSS', encodingAesKey: aesKey };
let running: TestDaemon;
let agent: Agent;

beforeEach(async () => {
  running = await startDaemon({
    bots: [],
    wechat: [
      { ...secure, kind: 'official' },
      { appid: 'wxplain', token: 'PPPPP', kind: 'official' },
    ],
  });
  agent = await Agent.connect(running.url, 'agent01');
});
afterEach(async () => {
  agent.close();
  await running.close();
});

const pushes = () => running.daemon.core.wechat.intake.list({ limit: 100 });
const send = (posted: Posted, path = officialPath('wxsecure')) => pushTo(running.url, path, posted);
/** The same with one character changed. */
function flipped(text: string, at: number): string {
  const letter = text[at] === '0' ? '1' : '0';
  return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
}

test('a sealed push in which anything was changed is refused', async () => {
  const { query, body } = new Poster(secure).push(textPush('o1', 'hello'));
  const begin = body.indexOf('<Encrypt><![CDATA[') + 18;
  const end = body.indexOf(']]>', begin);
  const attacks: Posted[] = [];
  for (let at = begin; at < end; at += 7) attacks.push({ query, body: flipped(body, at) });
  for (const name of ['timestamp', 'nonce', 'msg_signature']) {
    const value = query[name] ?? '';
    for (let at = 0; at < value.length; at += 3) {
      attacks.push({ query: { ...query, [name]: flipped(value, at) }, body });
    }
    const { [name]: _left, ...rest } = query;
    attacks.push({ query: rest, body }, { query: { ...query, [name]: '' }, body });
  }
  // Cut off, doubled, for another receiver, signed over something else.
  attacks.push({ query, body: body.slice(0, end - 24) + body.slice(end) });
  attacks.push({ query, body: body.replace('</xml>', '<Encrypt>AAAA</Encrypt></xml>') });
  attacks.push(new Poster({ ...secure, appid: 'wxother' }).push(textPush('o1', 'x')));
  attacks.push(new Poster({ ...secure, encodingAesKey: 'B'.repeat(43) }).push(textPush('o1', 'x')));
  const { signature = '' } = query;
  attacks.push({ query: { ...query, msg_signature: signature }, body });
  for (const attack of attacks) {
    const { status } = await send(attack);
    expect([400, 401], JSON.stringify(attack.query)).toContain(status);
  }
  expect(attacks.length).toBeGreaterThan(40);
  expect([await pushes(), agent.heard()]).toEqual([[], []]);
  expect((await send({ query, body })).text).toBe('success');
  await agent.hears(1);
});

test('a sealed account takes nothing in clear, whoever signs it', async () => {
  const clear = new Poster({ token: 'SSSSS' }).push(textPush('o1', 'in clear'));
  const json = new Poster({ token: 'SSSSS', format: 'json' }).push(textPush('o1', 'in clear'));
  const { query } = new Poster(secure).push(textPush('o1', 'sealed'));
  const empty = { ...clear.query, encrypt_type: 'raw' };
  const twice = { ...query, encrypt_type: 'raw' };
  for (const attack of [
    clear,
    json,
    { query: empty, body: clear.body },
    { query, body: clear.body },
    { query: twice, body: clear.body },
    { query, body: clear.body.replace('</xml>', '<Encrypt></Encrypt></xml>') },
  ]) {
    expect((await send(attack)).status).toBe(401);
  }
  // At the other address, too.
  const named = { query: { ...clear.query, appid: 'wxsecure' }, body: clear.body };
  expect((await send(named, customerPath)).status).toBe(401);
  expect([await pushes(), agent.heard()]).toEqual([[], []]);
});

test('one push that comes a hundred times, at once and over a restart, is one', async () => {
  const sealed = new Poster(secure).push(textPush('o1', 'once'));
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(sealed)));
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
    new Set(['200 success']),
  );
  await agent.hears(1);
  await running.restart();
  agent = await Agent.connect(running.url, 'agent01');
  expect((await send(sealed)).text).toBe('success');
  // Something new behind it, so that there is an end to wait for.
  expect((await send(new Poster(secure).push(textPush('o1', 'new')))).text).toBe('success');
  const heard = await agent.hears(1);
  expect(heard.filter(({ msg }) => msg['content'] === 'once').length).toBeLessThanOrEqual(1);
  expect((await pushes()).map(({ tries }) => tries).toSorted()).toEqual([1, 101]);
});

test('two thousand forged ones leave no trace on disk, little in the log, and true ones in time', async () => {
  const posted = new Poster(secure).push(textPush('o1', 'forged'));
  const forged = { ...posted.query, msg_signature: signatureOf(['guess', '1', '2']) };
  const lines = () => running.log().split('a push was refused').length - 1;
  let sent = 0;
  const flood = Array.from({ length: 24 }, async () => {
    while (sent < 2000) {
      sent += 1;
      const query = { ...forged, nonce: String(sent) };
      expect((await send({ query, body: posted.body })).status).toBe(401);
    }
  });
  for (let i = 0; i < 5; i += 1) {
    const began = performance.now();
    const own = new Poster(secure).push(textPush('o2', `true ${i}`));
    expect((await send(own)).text).toBe('success');
    expect(performance.now() - began).toBeLessThan(4500);
  }
  await agent.hears(5, 'o2');
  await Promise.all(flood);
  expect(lines()).toBeGreaterThan(0);
  expect(lines()).toBeLessThan(60);
  expect(await pushes()).toHaveLength(5);
  expect(running.log()).not.toMatch(/SSSSS|PPPPP|abcdefghijklmnopqrstuvwxyz/);
});

test('what a forger is told is the same for every mistake', async () => {
  const posted = new Poster(secure).push(textPush('o1', 'x'));
  const other = new Poster({ ...secure, encodingAesKey: 'B'.repeat(43) }).push(textPush('o1', 'x'));
  const plain = new Poster({ token: 'SSSSS' }).push(textPush('o1', 'x'));
  const said = new Set<string>();
  for (const attack of [{ ...posted, query: {} }, plain, { ...posted, body: plain.body }]) {
    const { status, text } = await send(attack);
    said.add(`${status} ${text}`);
  }
  expect(said).toEqual(new Set(['401 invalid signature']));
  // Signed rightly, sealed with another key: whether padding or appid was wrong is not told.
  const { text } = await send(other);
  expect(text).toMatch(/^(?:invalid signature|malformed)$/);
  await eventually('a line', () => running.log().includes('a push was refused'));
});
