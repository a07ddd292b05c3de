import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { ImbotClient } from './support/imbot-client.ts';

let running: TestDaemon;
let sandbox: Sandbox;
let client: ImbotClient;
const success = '{"result":"success"}';
const json = 'application/json; charset=utf-8';

beforeAll(async () => {
  const account = { appid: 'wx0123456789abcdef', secret: 'secret', token: 'token' };
  sandbox = await startSandbox({ accounts: [{ ...account, kind: 'miniprogram' }] });
  running = await startDaemon({ wechat: [{ ...account, apiBase: sandbox.url }] });
  client = new ImbotClient(() => running.url);
});
afterAll(async () => {
  await running.close();
  await sandbox.close();
});

/** Bodies and answers of the document, as they stand there. */
const documented = {
  user: `{
	"id" : "ob124wev23435234cdfd34",
    "wechat" : {
    	"nickName" : "franck",
    	"gender" : "female",
    	"avatarUrl" : "http://profile1.png"
    }
}`,
  formId: `{ "openId" : "xxxxx", "formId" : "111111" }`,
  msg: `{
    "fromUserId"  : "Bowen",
    "toUserId"    : "Joe",
    "templateUrl" : "https://xiaodamp.com/imbot/template_msg",
    "msg" : {
        "type"  : "text",
        "reply" : "hello",
        "timestamp" : 1537606347
    }
}`,
};

describe('users', () => {
  it('are put as documented, and given back as documented', async () => {
    const put = await client.post('/user', documented.user);
    expect([put.status, put.text, put.headers.get('content-type')]).toEqual([200, success, json]);
    await client.post('/user', { id: 'ob124wev23435234cdfd34', role: 'B' });
    const { status, text, headers } = await client.get('/user', { id: 'ob124wev23435234cdfd34' });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe(json);
    expect(text).toBe(
      '{"id":"ob124wev23435234cdfd34","role":"B","wechat":' +
        '{"nickName":"franck","gender":"female","avatarUrl":"http://profile1.png"}}',
    );
  });

  it('keep what a change leaves out, and have the role C if none was ever told', async () => {
    await client.post('/user', { id: 'merge', wechat: { nickName: 'a', city: '广州' } });
    await client.post('/user', { id: 'merge', wechat: { nickName: 'b', gender: 1 } });
    await client.post('/user', { id: 'merge' });
    expect((await client.get('/user', { id: 'merge' })).json).toEqual({
      ...{ id: 'merge', role: 'C', wechat: { nickName: 'b', city: '广州', gender: 1 } },
    });
    await client.post('/user', { id: 'merge', role: 'B' });
    await client.post('/user', { id: 'merge', wechat: {} });
    expect((await client.get('/user', { id: 'merge' })).json).toMatchObject({ role: 'B' });
  });

  it('are listed by id, page by page where one asks for pages', async () => {
    for (const id of ['list-3', 'list-1', 'list-2']) await client.post('/user', { id });
    const all = (await client.call('GET', '/users')).json as { users: { id: string }[] };
    const ids = all.users.map(({ id }) => id).filter((id) => id.startsWith('list-'));
    expect(ids).toEqual(['list-1', 'list-2', 'list-3']);
    expect(all.users.find(({ id }) => id === 'list-1')).toEqual({
      ...{ id: 'list-1', role: 'C', wechat: {} },
    });
    const page = await client.get('/users', { after: 'list-1', limit: 1 });
    expect(page.text).toBe('{"users":[{"id":"list-2","role":"C","wechat":{}}]}');
  });

  it('that nobody has put are not there', async () => {
    const { status, json: body } = await client.get('/user', { id: 'nobody' });
    expect(status).toBe(404);
    expect(body).toEqual({ error: expect.stringContaining('nobody') });
  });
});

describe('messages', () => {
  it('go as documented', async () => {
    const said = await client.post('/msg', documented.msg);
    expect([said.status, said.text, said.headers.get('content-type')]).toEqual([
      200,
      success,
      json,
    ]);
    const pair = { fromUserId: 'Bowen', toUserId: 'Joe' };
    expect((await client.get('/pending_count', pair)).text).toBe('{"count":1}');
    expect((await client.get('/pending_count_list', { userId: 'Joe' })).text).toBe(
      '[{"fromUserId":"Bowen","timestamp":1537606347,"count":1}]',
    );
    const range = { startTimeStamp: 1537606347, endTimeStamp: 1537606348 };
    const msg = '{"type":"text","reply":"hello","timestamp":1537606347}';
    const msgs = `{"msgs":[${msg}]}`;
    const rows = `{"msgs":[{"fromUserId":"Bowen","toUserId":"Joe","msg":${msg}}]}`;
    expect((await client.get('/msg', { ...pair, ...range })).text).toBe(rows);
    expect((await client.get('/pending_msgs', pair)).text).toBe(msgs);
    expect((await client.get('/pending_msgs', pair)).text).toBe('{"msgs":[]}');
    expect((await client.get('/pending_count', pair)).text).toBe('{"count":0}');
    expect((await client.get('/pending_count_list', { userId: 'Joe' })).text).toBe('[]');
    expect((await client.get('/msg', { ...pair, ...range })).text).toBe(rows);
  });

  it('the list of counts is as documented: a bare array, the newest first', async () => {
    await client.say('Bowen', 'list', { type: 'text', reply: '1', timestamp: 1234566 });
    await client.say('Macheal', 'list', { type: 'text', reply: '2', timestamp: 1234578 });
    await client.say('Bowen', 'list', { type: 'text', reply: '3', timestamp: 1234567 });
    expect((await client.get('/pending_count_list', { userId: 'list' })).text).toBe(
      '[{"fromUserId":"Macheal","timestamp":1234578,"count":1},' +
        '{"fromUserId":"Bowen","timestamp":1234567,"count":2}]',
    );
  });

  it('come back as they were given, whatever is in them', async () => {
    const given = [
      '{"type":"text","reply":"\\u0000\\ud800 \\"<>&  ","timestamp":1}',
      '{"type":"image","reply":"image/x.jpg","timestamp":"1537606347000","width":1,"more":{"a":[null,true,1.50,1e3,-0]}}',
      '{"reply":{"any":"thing"},"type":"card","id":22876340532172986,"__proto__":{"x":1},"timestamp":3.5}',
      '{"text":"no kind","timestamp":4,"constructor":"x","toString":null}',
    ];
    for (const msg of given) {
      const body = `{"fromUserId":"exact","toUserId":"b","msg":${msg}}`;
      expect((await client.post('/msg', body)).text).toBe(success);
    }
    const pair = { fromUserId: 'exact', toUserId: 'b' };
    const expected = `{"msgs":[${given.join(',')}]}`;
    expect((await client.get('/pending_msgs', pair)).text).toBe(expected);
    const all = await client.get('/msg', { ...pair, startTimeStamp: 0, endTimeStamp: 9e15 });
    const [first, image, ...rest] = given;
    const rows = [first, ...rest, image].map(
      (msg) => `{"fromUserId":"exact","toUserId":"b","msg":${msg}}`,
    );
    expect(all.text).toBe(`{"msgs":[${rows.join(',')}]}`);
  });

  it('the history holds one direction, the start and not the end, and goes on page by page', async () => {
    for (const at of [10, 30, 20, 40]) {
      await client.say('h', 'i', { type: 'text', reply: `${at}`, timestamp: at });
      await client.say('i', 'h', { type: 'text', reply: 'other', timestamp: at });
    }
    const read = async (start: number, end: number, more = {}) => {
      const query = { fromUserId: 'h', toUserId: 'i', startTimeStamp: start, endTimeStamp: end };
      const answer = (await client.get('/msg', { ...query, ...more })).json;
      const { msgs, next } = answer as { msgs: { msg: { reply: string } }[]; next?: string };
      return { replies: msgs.map(({ msg }) => msg.reply), next };
    };
    expect((await read(10, 40)).replies).toEqual(['10', '20', '30']);
    expect((await read(11, 41)).replies).toEqual(['20', '30', '40']);
    expect((await read(20, 20)).replies).toEqual([]);
    expect((await read(40, 10)).replies).toEqual([]);
    const page = await read(0, 100, { limit: 3 });
    expect(page).toEqual({ replies: ['10', '20', '30'], next: expect.any(String) });
    const rest = await read(0, 100, { limit: 3, after: page.next });
    expect(rest).toEqual({ replies: ['40'], next: undefined });
  });

  it('to and from people whom nobody knows: nothing is there', async () => {
    const pair = { fromUserId: 'stranger', toUserId: 'nobody' };
    expect((await client.get('/pending_count', pair)).text).toBe('{"count":0}');
    expect((await client.get('/pending_msgs', pair)).text).toBe('{"msgs":[]}');
    expect((await client.get('/pending_count_list', { userId: 'nobody' })).text).toBe('[]');
    const range = { startTimeStamp: 0, endTimeStamp: 1 };
    expect((await client.get('/msg', { ...pair, ...range })).text).toBe('{"msgs":[]}');
  });

  it('come as forms, too', async () => {
    const form = 'application/x-www-form-urlencoded';
    const nested =
      'fromUserId=form&toUserId=b&msg[type]=text&msg[reply]=%E4%BD%A0%E5%A5%BD&msg[timestamp]=1537606347000';
    expect((await client.post('/msg', nested, form)).text).toBe(success);
    const inside = new URLSearchParams({
      ...{ fromUserId: 'form', toUserId: 'b' },
      msg: JSON.stringify({ type: 'text', reply: 'two', timestamp: 2 }),
    });
    expect((await client.post('/msg', inside.toString(), form)).text).toBe(success);
    // As curl -d sends it.
    const curled = { fromUserId: 'form', toUserId: 'b', msg: { text: 'three', timestamp: 3 } };
    expect((await client.post('/msg', JSON.stringify(curled), form)).text).toBe(success);
    expect(await client.take('form', 'b')).toEqual([
      { type: 'text', reply: '你好', timestamp: '1537606347000' },
      { type: 'text', reply: 'two', timestamp: 2 },
      { text: 'three', timestamp: 3 },
    ]);
    expect((await client.post('/user', 'id=form&wechat[nickName]=%E5%BC%A0', form)).status).toBe(
      200,
    );
    expect((await client.get('/user', { id: 'form' })).json).toMatchObject({
      ...{ wechat: { nickName: '张' } },
    });
    expect((await client.post('/form_id', 'openId=form&formId=1', form)).text).toBe(success);
  });

  it('also under another spelling of the address', async () => {
    const body = { fromUserId: 'spelled', toUserId: 'b', msg: { text: 'x', timestamp: 1 } };
    const response = await fetch(`${running.url}/API/imbot/Msg/?x=1`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json' },
    });
    expect([response.status, await response.text()]).toEqual([200, success]);
    expect(await client.count('spelled', 'b')).toBe(1);
  });

  it('survive a restart, as do queues and users', async () => {
    await client.say('before', 'b', { text: 'x', timestamp: 1 });
    await client.post('/user', { id: 'before', role: 'B' });
    await running.restart();
    await client.say('before', 'b', { text: 'y', timestamp: 2 });
    expect(await client.take('before', 'b')).toMatchObject([{ text: 'x' }, { text: 'y' }]);
    expect(await client.history('before', 'b')).toHaveLength(2);
    expect((await client.get('/user', { id: 'before' })).json).toMatchObject({ role: 'B' });
  });
});

describe('WeChat', () => {
  it('says who has logged in, and no more', async () => {
    const code = sandbox.code('openid-of-anna');
    const { status, json: body, text } = await client.get('/openid', { code });
    expect([status, body]).toEqual([200, { openid: 'openid-of-anna' }]);
    expect(text).not.toContain('session_key');
    const again = await client.get('/openid', { code });
    expect(again.status).toBe(400);
    expect(again.json).toMatchObject({
      ...{ errcode: 40163, errmsg: expect.any(String), error: expect.stringContaining('40163') },
    });
    const wrong = await client.get('/openid', { code: 'nonsense' });
    expect([wrong.status, wrong.json]).toMatchObject([400, { errcode: 40029 }]);
  });

  it('form ids are kept, and forgotten', async () => {
    expect((await client.post('/form_id', documented.formId)).text).toBe(success);
    const live = async (): Promise<number> => {
      const { credits } = running.daemon.core.wechat;
      return (await credits.list('', 'xxxxx')).filter(({ state }) => state === 'live').length;
    };
    expect(await live()).toBe(1);
    expect((await client.call('DELETE', '/form_id?openId=xxxxx')).text).toBe(success);
    expect(await live()).toBe(0);
  });

  it('a template message is answered in WeChat’s words, and is nothing invented', async () => {
    const body = {
      ...{ formId: '111111', fromUserId: 'Bowen', toUserId: 'openid-of-anna' },
      msg: { type: 'text', reply: 'hello', timestamp: 1537606347000 },
    };
    const kept = await client.post('/template_msg', body);
    expect(kept.status).toBe(200);
    expect(kept.json).toEqual({ errcode: expect.any(Number), errmsg: expect.any(String) });
    expect((kept.json as { errcode: number }).errcode).not.toBe(0);
    sandbox.setPush(`${running.url}/api/imbot/wechat/customer`);
    // Within his window the same goes through.
    expect(await sandbox.say('openid-of-anna', { text: 'hi' })).toMatchObject({ ok: true });
    const sent = await eventually('an open window', async () => {
      const answer = await client.post('/template_msg', { ...body, formId: '' });
      return (answer.json as { errcode: number }).errcode === 0 && answer;
    });
    expect(sent.json).toEqual({ errcode: 0, errmsg: expect.any(String) });
  });
});

it('without a mini program /openid says what is missing; all the rest works', async () => {
  const bare = await startDaemon();
  try {
    const alone = new ImbotClient(() => bare.url);
    const { status, json: body } = await alone.get('/openid', { code: 'x' });
    expect([status, body]).toEqual([503, { error: expect.stringContaining('wechat') }]);
    expect((await alone.post('/form_id', { openId: 'a', formId: '1' })).text).toBe(success);
    expect((await alone.call('DELETE', '/form_id?openId=a')).text).toBe(success);
    const template = { fromUserId: 'a', toUserId: 'b', msg: { text: 'x', timestamp: 1 } };
    expect((await alone.post('/template_msg', template)).json).toMatchObject({ errcode: -1000 });
  } finally {
    await bare.close();
  }
});
