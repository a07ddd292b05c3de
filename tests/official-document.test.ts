import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

const vector = JSON.parse(
  readFileSync(
    join(import.meta.dirname, 'vectors/seed001-official-account-behaviour.json'),
    'utf8',
  ),
) as { text_frame_keys: string[]; codes: Record<string, number> };

const base = '/im_component/wx_official_account';

/** Section 3 of the document, to the letter. */
const documentBody = `<xml>
  <ToUserName>1</ToUserName>
  <FromUserName>魏秀兰</FromUserName>
  <CreateTime>1976-04-10 12:21:47</CreateTime>
  <MsgType>enim</MsgType>
  <Content>occaecat ut in fugiat dolor</Content>
  <MsgId>19</MsgId>
  <MsgDataId>27</MsgDataId>
  <Idx>74</Idx>
</xml>
`;

/** Section 2.2. */
const textXml = `<xml>
  <ToUserName><![CDATA[toUser]]></ToUserName>
  <CreateTime>1348831860</CreateTime>
  <MsgType><![CDATA[text]]></MsgType>
  <Content><![CDATA[this is a test]]></Content>
  <MsgId>1234567890123456</MsgId>
</xml>`;

let running: TestDaemon;
let url: string;
beforeAll(async () => {
  running = await startDaemon();
  url = running.url;
});
afterAll(() => running.close());

/** What arrives of a push, whole. */
async function delivered(to: string, body: unknown, path?: string) {
  const client = await OfficialClient.open(url, `userid=${to}`);
  const before = client.messages.length;
  const reply = await push(url, body, path);
  expect(reply).toMatchObject({ status: 200 });
  const [frame] = (await client.gets(before + 1)).slice(before);
  await client.close();
  return { reply, frame };
}

function xml(to: string, type: string, fields: string): string {
  return `<xml><ToUserName>${to}</ToUserName><FromUserName>u</FromUserName><CreateTime>1</CreateTime><MsgType>${type}</MsgType>${fields}<MsgId>1</MsgId></xml>`;
}

describe('frames', () => {
  it('are spelled as in the document, keys in its order', async () => {
    const { frame, reply } = await delivered('keys', {
      data: { msg_type: 'text', contact_id: 'keys', msg: { content: '你好' } },
      result: { code: 1001, message: 'common' },
    });
    expect(Object.keys(frame ?? {})).toEqual(['data', 'result']);
    expect(Object.keys(frame?.data ?? {})).toEqual(vector.text_frame_keys);
    const now = Math.floor(Date.now() / 1000);
    expect(frame).toEqual({
      data: {
        id: reply.body.data.id,
        name: '',
        avatar: '',
        msg_type: 'text',
        contact_id: 'keys',
        company_id: '',
        send_time: expect.any(Number),
        msg: { content: '你好' },
      },
      result: { code: 1001, message: 'common' },
    });
    // Seconds, not milliseconds.
    expect(Math.abs((frame?.data.send_time ?? 0) - now)).toBeLessThan(10);
  });

  it('a push is answered with code 100 and the id of the frame', async () => {
    const { status, body } = await push(url, {
      data: { msg_type: 'text', contact_id: 'answer', msg: { content: 'a' } },
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      data: { id: expect.stringMatching(/^\d+$/) },
      result: { code: vector.codes['push_ok'], message: '成功' },
    });
  });

  it.each(['text', 'image', 'voice', 'video'])('of kind %s have its code', async (kind) => {
    const msg = kind === 'text' ? { content: 'c' } : { media_path: `http://media/${kind}` };
    const { frame } = await delivered(`kind-${kind}`, {
      data: { msg_type: kind, contact_id: `kind-${kind}`, msg },
      result: { code: vector.codes[kind], message: 'common' },
    });
    expect(frame?.result).toEqual({ code: vector.codes[kind], message: 'common' });
    expect(frame?.data).toMatchObject({ msg_type: kind, msg });
  });

  it('hand through what is given besides', async () => {
    const data = {
      ...{ msg_type: 'text', contact_id: 'through', from_id: 'anna', name: 'Anna' },
      ...{ avatar: 'http://a/b.png', company_id: 'c7', msg: { content: 'x', more: [1] } },
    };
    const { frame } = await delivered('through', { data });
    expect(frame?.data).toMatchObject({
      ...{ contact_id: 'anna', name: 'Anna', avatar: 'http://a/b.png', company_id: 'c7' },
      msg: { content: 'x', more: [1] },
    });
  });

  it('the first of a connection is a system frame, its code a text', async () => {
    const client = await OfficialClient.open(url, 'userid=system');
    const first = await client.frame('102');
    expect(client.frames[0]).toBe(first);
    expect(Object.keys(first.data)).toEqual(vector.text_frame_keys);
    expect(first).toMatchObject({
      data: { id: '', name: '系统消息', msg_type: 'system', contact_id: 'system01' },
      result: { code: '102', message: 'common' },
    });
    expect(first.data.msg).toEqual({
      event: 'connected',
      heartbeatMs: 25_000,
      version: expect.any(String),
    });
    await client.close();
  });

  it('ids are unique and rise, whoever gets them', async () => {
    const ids: number[] = [];
    for (const to of ['a', 'b', 'a', 'c']) ids.push(await pushText(url, `rise-${to}`, to));
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
  });
});

describe('XML', () => {
  it('of section 2.2 is delivered as text; without a sender contact_id is the receiver', async () => {
    const { frame } = await delivered('toUser', textXml, `${base}/send_xml`);
    expect(frame).toMatchObject({
      data: { msg_type: 'text', contact_id: 'toUser', msg: { content: 'this is a test' } },
      result: { code: 1001 },
    });
  });

  it("the test body of section 3 is delivered, its kind unknown and its time a date's text", async () => {
    const client = await OfficialClient.open(url, 'userId=1', {
      path: '/',
      protocols: ['echo'],
    });
    expect(client.ws.protocol).toBe('echo');
    const first = await push(url, documentBody, '/send');
    // As often as it is posted: its MsgId is always the same.
    const second = await push(url, documentBody, '/send');
    expect(first.body.data.id).not.toBe(second.body.data.id);
    const frames = await client.gets(2);
    expect(frames[0]).toMatchObject({
      data: {
        msg_type: 'text',
        contact_id: '魏秀兰',
        msg: { content: 'occaecat ut in fugiat dolor' },
      },
      result: { code: 1001, message: 'common' },
    });
    await client.close();
  });

  it.each([
    [
      'image',
      '<PicUrl>http://p/1.jpg</PicUrl><MediaId>m1</MediaId>',
      1002,
      { media_path: 'http://p/1.jpg', media_id: 'm1' },
    ],
    [
      'voice',
      '<MediaId>m2</MediaId><Format>amr</Format><Recognition>hi</Recognition>',
      1003,
      { media_path: 'm2', media_id: 'm2', format: 'amr', recognition: 'hi' },
    ],
    [
      'video',
      '<MediaId>m3</MediaId><ThumbMediaId>t3</ThumbMediaId>',
      1004,
      { media_path: 'm3', media_id: 'm3', thumb_media_id: 't3' },
    ],
    ['shortvideo', '<MediaId>m4</MediaId>', 1005, { media_path: 'm4', media_id: 'm4' }],
    [
      'location',
      '<Location_X>23.1</Location_X><Location_Y>113.3</Location_Y><Scale>20</Scale><Label>位置</Label>',
      1006,
      { latitude: 23.1, longitude: 113.3, scale: 20, label: '位置' },
    ],
    [
      'link',
      '<Title>t</Title><Description>d</Description><Url>http://l</Url>',
      1007,
      { title: 't', description: 'd', url: 'http://l' },
    ],
    [
      'miniprogrampage',
      '<Title>t</Title><AppId>wx1</AppId><PagePath>p</PagePath><ThumbUrl>http://t</ThumbUrl>',
      1008,
      { title: 't', appid: 'wx1', pagepath: 'p', thumb_url: 'http://t' },
    ],
    [
      'event',
      '<Event>CLICK</Event><EventKey>k</EventKey>',
      1009,
      { event: 'CLICK', EventKey: 'k' },
    ],
  ])('of kind %s', async (kind, fields, code, msg) => {
    const { frame } = await delivered(`xml-${kind}`, xml(`xml-${kind}`, kind, fields));
    expect(frame).toMatchObject({ data: { msg_type: kind, contact_id: 'u' }, result: { code } });
    expect(frame?.data.msg).toEqual(msg);
  });
});

describe('addresses', () => {
  const json = (to: string) => ({
    data: { msg_type: 'text', contact_id: to, msg: { content: 'j' } },
  });
  it.each([`${base}/send`, `${base}/send_xml`, '/send'])('%s takes JSON and XML', async (path) => {
    expect(await push(url, json('both'), path)).toMatchObject({ status: 200 });
    expect(await push(url, xml('both', 'text', '<Content>x</Content>'), path)).toMatchObject({
      status: 200,
    });
    expect(await push(url, `\ufeff \n${JSON.stringify(json('both'))}`, path)).toMatchObject({
      status: 200,
    });
  });

  it.each(['userid=q', 'userId=q', 'userid=&userId=q'])(
    'sockets at both paths, ?%s',
    async (query) => {
      for (const path of [`${base}/msg`, '/']) {
        const client = await OfficialClient.open(url, query, { path });
        await client.frame('102');
        const [session] = running.daemon.core.im.hub.of(
          -1,
          (await running.daemon.core.im.names.get('q')).uid,
        );
        expect(session).toBeDefined();
        await client.close();
      }
    },
  );

  it('other methods and paths are refused in the form of the document', async () => {
    for (const [method, path, status] of [
      ['GET', `${base}/send`, 405],
      ['PUT', '/send', 405],
      ['GET', `${base}/nothing`, 404],
    ] as const) {
      const response = await fetch(`${url}${path}`, { method });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ data: {}, result: { code: -1 } });
    }
  });
});

describe('what the document leaves open', () => {
  it('numbers are taken as ids, long ones to the last digit', async () => {
    const body = `{"data":{"msg_type":"text","contact_id":22876340532172986,"msg":{"content":"n"}}}`;
    const { frame } = await delivered('22876340532172986', body);
    expect(frame?.data.contact_id).toBe('22876340532172986');
  });

  it('a kind nobody knows is a text where it has one; without a kind the code counts', async () => {
    const unknown = { msg_type: 'enim', contact_id: 'enim', msg: { content: 'e' } };
    expect((await delivered('enim', { data: unknown })).frame).toMatchObject({
      data: { msg_type: 'text', msg: { content: 'e' } },
      result: { code: 1001 },
    });
    const byCode = { contact_id: 'code', msg: { media_path: 'p' } };
    const coded = await delivered('code', { data: byCode, result: { code: '1003' } });
    expect(coded.frame).toMatchObject({ data: { msg_type: 'voice' }, result: { code: 1003 } });
  });
});
