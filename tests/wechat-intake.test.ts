import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cipher } from '../bot/wechat/cipher.ts';
import { textIn } from '../bot/wechat/fields.ts';
import { signatureOf } from '../bot/wechat/signature.ts';
import { parseXml } from '../bot/wechat/xml.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import {
  Agent,
  customerPath,
  FakePlatform,
  officialPath,
  pushTo,
  verifyAt,
} from './support/wechat-http.ts';
import {
  aesKey,
  eventPush,
  Poster,
  type PosterOptions,
  textPush,
} from './support/wechat-pushes.ts';
import { vectors } from './support/wechat-vectors.ts';

const [officialVector] = vectors('wechat-crypto').vectors;
const encodingAesKey = aesKey;
const success = { status: 200, type: 'text/plain; charset=utf-8', text: 'success' };
const forged = { status: 401, type: 'text/plain; charset=utf-8', text: 'invalid signature' };

let platform: FakePlatform;
let running: TestDaemon;
let agent: Agent;

beforeEach(async () => {
  platform = await FakePlatform.start();
  const sends = { apiBase: platform.url, secret: 'app-secret' };
  running = await startDaemon({
    bots: [],
    wechat: [
      { appid: 'wxplain', token: 'AAAAA', kind: 'official', welcome: '欢迎' },
      { appid: 'wxmini', token: 'MMMMM', encodingAesKey, welcome: '欢迎访问客服', ...sends },
      {
        ...{ appid: 'wxboth', token: 'CCCCC', encodingAesKey, mode: 'compatible' },
        ...{ kind: 'official', welcome: '欢迎', ...sends },
      },
      {
        ...{ appid: officialVector?.appid, token: officialVector?.token },
        encodingAesKey: officialVector?.encodingAESKey,
      },
    ],
  });
  agent = await Agent.connect(running.url, 'agent01');
});
afterEach(async () => {
  agent.close();
  await running.close();
  platform.close();
});

const posters = {
  wxplain: { appid: 'wxplain', token: 'AAAAA' },
  wxmini: { appid: 'wxmini', token: 'MMMMM', encodingAesKey },
  wxboth: { appid: 'wxboth', token: 'CCCCC', encodingAesKey, mode: 'compatible' },
} satisfies Record<string, PosterOptions>;
type Appid = keyof typeof posters;

function poster(appid: Appid, format: 'xml' | 'json' = 'xml'): Poster {
  return new Poster({ ...posters[appid], format });
}

/** Pushes to the address of its account. */
function push(appid: Appid, fields: ReturnType<typeof textPush>, format: 'xml' | 'json' = 'xml') {
  return pushTo(running.url, officialPath(appid), poster(appid, format).push(fields));
}

describe('pushes in every mode and form', () => {
  it('reach the agent, each user in order', async () => {
    const said: string[] = [];
    for (const appid of ['wxplain', 'wxmini', 'wxboth'] as const) {
      for (const format of ['xml', 'json'] as const) {
        const text = `${appid} ${format}: <你好> & ]]> \u{1f600}`;
        expect(await push(appid, textPush('oAnna', text), format)).toEqual(success);
        said.push(text);
      }
    }
    // Each account has users of its own: three conversations, two messages in each.
    const heard = await agent.hears(6);
    expect(heard.map(({ code, contact }) => [code, contact])).toEqual(
      said.map(() => [1001, 'oAnna']),
    );
    for (const at of [0, 2, 4]) {
      const both = heard.map(({ msg }) => String(msg['content']));
      expect(both.indexOf(said[at] ?? '')).toBeGreaterThanOrEqual(0);
      expect(both.indexOf(said[at] ?? '')).toBeLessThan(both.indexOf(said[at + 1] ?? ''));
    }
  });

  it('are verified by what is echoed, with nothing round it', async () => {
    const echo = '4375120948345356249';
    const echoed = { ...success, text: echo };
    for (const appid of ['wxplain', 'wxmini', 'wxboth'] as const) {
      const query = poster(appid).verification(echo);
      expect(await verifyAt(running.url, officialPath(appid), query)).toEqual(echoed);
      const wrong = { ...query, signature: signatureOf(['wrong', '1', '2']) };
      expect(await verifyAt(running.url, officialPath(appid), wrong)).toEqual(forged);
    }
    expect(await verifyAt(running.url, officialPath('wxplain'), { echostr: echo })).toEqual(forged);
  });

  it("WeChat's own example is taken", async () => {
    const { appid = '', url = '', body = '' } = officialVector ?? {};
    const query = Object.fromEntries(new URLSearchParams(url.slice(1)));
    expect(await pushTo(running.url, officialPath(appid), { query, body })).toEqual(success);
    const [heard] = await agent.hears(1);
    expect(heard).toMatchObject({ code: 1009, contact: 'o9AgO5Kd5ggOC-bXrbNODIiE3bGY' });
    expect(heard?.msg).toMatchObject({ event: 'debug_demo' });
  });

  it('at the address of the mini-program IM are those of its account, or of the one named', async () => {
    const mini = poster('wxmini');
    expect(await pushTo(running.url, customerPath, mini.push(textPush('o1', 'mini')))).toEqual(
      success,
    );
    const { query, body } = poster('wxplain').push(textPush('o2', 'plain'));
    const named = { query: { ...query, appid: 'wxplain' }, body };
    expect(await pushTo(running.url, customerPath, named)).toEqual(success);
    expect(await pushTo(running.url, customerPath, { query, body })).toEqual(forged);
    const echo = { ...mini.verification('12345') };
    expect((await verifyAt(running.url, customerPath, echo)).text).toBe('12345');
    const heard = await agent.hears(2);
    expect(heard.map(({ msg }) => msg['content'])).toEqual(['mini', 'plain']);
  });
});

describe('what is not WeChat', () => {
  it('is refused and leaves no trace but in the log', async () => {
    const fields = textPush('o1', 'forged');
    const sealed = poster('wxmini').push(fields);
    const plain = poster('wxplain').push(fields);
    const path = officialPath('wxmini');
    // Downgraded; for another account; changed; signed by somebody else; not signed at all.
    const attacks = [
      { query: new Poster({ token: 'MMMMM' }).push(fields).query, body: plain.body },
      { query: sealed.query, body: plain.body },
      { query: sealed.query, body: poster('wxboth').push(fields).body },
      poster('wxboth').push(fields),
      { query: { ...sealed.query, nonce: '1' }, body: sealed.body },
      { query: {}, body: sealed.body },
    ];
    for (const one of attacks) expect(await pushTo(running.url, path, one)).toEqual(forged);
    expect(await pushTo(running.url, officialPath('wxnone'), plain)).toMatchObject({
      ...{ status: 404, text: 'unknown account' },
    });
    expect(
      await pushTo(running.url, officialPath('wxplain'), { ...plain, body: 'x' }),
    ).toMatchObject({
      ...{ status: 400, text: 'malformed' },
    });
    const xxe =
      '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><xml><ToUserName>&a;</ToUserName></xml>';
    expect(
      (await pushTo(running.url, officialPath('wxplain'), { ...plain, body: xxe })).status,
    ).toBe(400);
    const large = { ...plain, body: `${plain.body}${' '.repeat(1_048_577)}` };
    expect((await pushTo(running.url, officialPath('wxplain'), large)).status).toBe(413);
    const rows = await running.daemon.core.wechat.intake.list({ limit: 10 });
    expect([rows, agent.heard()]).toEqual([[], []]);
    const log = running.log();
    expect(log).toContain('a push was refused: downgrade');
    expect(log).not.toMatch(/MMMMM|AAAAA|CCCCC|app-secret|abcdefghijklmnopqrstuvwxyz/);
  });

  it('but the probe of cloud hosting is answered', async () => {
    const body = '{"action":"CheckContainerPath"}';
    expect(await pushTo(running.url, officialPath('wxmini'), { query: {}, body })).toEqual(success);
  });
});

describe('the same push again', () => {
  it('while it is handled, and over a restart, is handled once', async () => {
    // The file of the first try comes when the test says so.
    let waiting: ServerResponse[] = [];
    platform.answers.set('/cgi-bin/media/get', (response) => waiting.push(response));
    const photo = textPush('o1', '', { MsgType: 'image', MediaId: 'm1', PicUrl: 'http://p/1' });
    expect(await push('wxmini', photo)).toEqual(success);
    await eventually('the download', () => waiting.length === 1);
    expect(await push('wxmini', photo)).toEqual(success);
    expect(
      await Promise.all([push('wxmini', photo), push('wxmini', textPush('o1', 'behind'))]),
    ).toEqual([success, success]);
    expect(await push('wxmini', textPush('o2', 'another user'))).toEqual(success);
    await agent.hears(1, 'o2');
    expect(agent.heard('o1')).toEqual([]);
    expect(waiting).toHaveLength(1);
    waiting = [];
    await running.restart();
    agent = await Agent.connect(running.url, 'agent01');
    await eventually('the download again', () => waiting.length === 1);
    waiting[0]?.setHeader('content-type', 'image/jpeg');
    waiting[0]?.end(jpeg);
    expect(await push('wxmini', photo)).toEqual(success);
    const heard = await agent.hears(2, 'o1');
    expect(heard).toMatchObject([{ code: 1002 }, { code: 1001, msg: { content: 'behind' } }]);
    const address = String(heard[0]?.msg['media_path']);
    const served = await fetch(new URL(address, `${running.url}/`));
    expect(Buffer.from(await served.arrayBuffer()).equals(jpeg)).toBe(true);
    expect(await push('wxmini', textPush('o1', 'last'))).toEqual(success);
    expect(await agent.hears(3, 'o1')).toHaveLength(3);
    const rows = await running.daemon.core.wechat.intake.list({ account: 'wxmini', limit: 9 });
    expect(rows.map((row) => [row.open_id, row.tries, row.state]).toReversed()).toEqual([
      ['o1', 4, 'done'],
      ['o1', 1, 'done'],
      ['o2', 1, 'done'],
      ['o1', 1, 'done'],
    ]);
  });

  it('a picture that cannot be had arrives by its address at WeChat', async () => {
    const gone = '{"errcode":40007,"errmsg":"invalid media_id"}';
    platform.answers.set('/cgi-bin/media/get', (response) => response.end(gone));
    const photo = { MsgType: 'image', MediaId: 'm1', PicUrl: 'http://mmbiz.example/p/1' };
    expect(await push('wxmini', textPush('o1', '', photo))).toEqual(success);
    // Without a secret nothing can even be asked.
    expect(await push('wxplain', textPush('o2', '', photo))).toEqual(success);
    const heard = await agent.hears(2);
    expect(heard.map(({ msg }) => msg['media_path'])).toEqual([photo.PicUrl, photo.PicUrl]);
  });
});

describe('a welcome', () => {
  it('answers who follows an official account, encrypted where it is', async () => {
    const plain = await push('wxplain', eventPush('o1', 'subscribe'));
    expect(plain).toMatchObject({ status: 200, type: 'application/xml; charset=utf-8' });
    expect(parseXml(plain.text)).toMatchObject({
      ...{ ToUserName: 'o1', FromUserName: 'gh_1', MsgType: 'text', Content: '欢迎' },
    });
    const followed = eventPush('o1', 'subscribe');
    const posted = poster('wxboth').push(followed);
    const sealed = parseXml((await pushTo(running.url, officialPath('wxboth'), posted)).text);
    const [encrypted, at] = [textIn(sealed, 'Encrypt'), textIn(sealed, 'TimeStamp')];
    expect(sealed['Nonce']).toBe(posted.query['nonce']);
    expect(sealed['MsgSignature']).toBe(
      signatureOf(['CCCCC', at, posted.query['nonce'] ?? '', encrypted]),
    );
    const inner = parseXml(new Cipher(aesKey, 'wxboth').decrypt(encrypted));
    expect(inner).toMatchObject({ ToUserName: 'o1', Content: '欢迎' });
    const json = await push('wxplain', eventPush('o2', 'subscribe'), 'json');
    expect(json.type).toBe('application/json; charset=utf-8');
    expect(JSON.parse(json.text)).toMatchObject({ Content: '欢迎' });
  });

  it('is sent to who enters a mini program', async () => {
    const entered = eventPush('o1', 'user_enter_tempsession', { SessionFrom: 'card' });
    expect(await push('wxmini', entered, 'json')).toEqual(success);
    expect(await push('wxmini', entered, 'json')).toEqual(success);
    const sent = '/cgi-bin/message/custom/send';
    await eventually('the welcome', () => platform.called(sent).length > 0);
    expect(JSON.parse(platform.called(sent)[0]?.body ?? '')).toMatchObject({
      ...{ touser: 'o1', msgtype: 'text', text: { content: '欢迎访问客服' } },
    });
    await push('wxmini', textPush('o1', 'hello'));
    await agent.hears(2, 'o1');
    expect(platform.called(sent)).toHaveLength(1);
  });
});

/** As much of a picture as tells its kind. */
const jpeg = Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex');
