import { afterEach, beforeEach, expect, test } from 'vitest';
import { faultyField } from '../scripts/wechat-sandbox/field-rules.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { eventually } from './support/eventually.ts';
import {
  type Receiver,
  SandboxCaller,
  startReceiver,
  type WechatAnswer,
} from './support/wechat-sandbox-rig.ts';

let sandbox: Sandbox;
let caller: SandboxCaller;
let receiver: Receiver;

beforeEach(async () => {
  receiver = await startReceiver();
  sandbox = await startSandbox({ push: receiver.url });
  caller = new SandboxCaller(sandbox);
  await caller.login();
  sandbox.user({ openid: 'anna' });
});
afterEach(async () => {
  await sandbox.close();
  await receiver.close();
});

function send(data: unknown, more: Record<string, unknown> = {}): Promise<WechatAnswer> {
  const body = { touser: 'anna', template_id: 'T1', data, ...more };
  return caller.post('/cgi-bin/message/subscribe/send', body);
}

test('one send for each acceptance; its number is past what a double holds', async () => {
  const data = { thing1: { value: '订单已发货' } };
  expect(await send(data)).toMatchObject({
    errcode: 43101,
    errmsg: expect.stringMatching(/^user refuse to accept/),
  });
  await sandbox.accept('anna', 'T1', { times: 2 });
  const answer = await send(data);
  const digits = /"msgid":(\d+)}$/.exec(answer.text)?.[1] ?? '';
  expect(BigInt(digits)).toBeGreaterThan(2n ** 53n);
  expect(String(answer['msgid'])).not.toBe(digits);
  expect(await send(data)).toMatchObject({ errcode: 0 });
  expect(await send(data)).toMatchObject({ errcode: 43101 });
  expect(sandbox.messages('anna')).toMatchObject([
    { via: 'subscribe', text: '订单已发货' },
    { via: 'subscribe' },
  ]);
  const sent = await eventually('the event of the send', () =>
    receiver.pushed.find((one) => one.body.includes(digits)),
  );
  expect(sent.body).toContain(
    `<SubscribeMsgSentEvent><List><TemplateId><![CDATA[T1]]></TemplateId><MsgID><![CDATA[${digits}]]></MsgID>`,
  );
});

test('a refusal gives nothing; one in the settings takes all; a blocked user gets nothing', async () => {
  const data = { thing1: { value: 'x' } };
  await sandbox.accept('anna', 'T1', { reject: true });
  expect(await send(data)).toMatchObject({ errcode: 43101 });
  await sandbox.accept('anna', 'T1', { times: 3 });
  sandbox.block('anna');
  expect(await send(data)).toMatchObject({ errcode: 43101 });
  sandbox.block('anna', false);
  expect(await send(data)).toMatchObject({ errcode: 0 });
  const List = [{ TemplateId: 'T1', SubscribeStatusString: 'reject' }];
  await sandbox.event('anna', { event: 'subscribe_msg_change_event', List });
  expect(await send(data)).toMatchObject({ errcode: 43101 });
});

test('templates: unknown ids, missing fields, values of an enum, without end', async () => {
  sandbox.template({
    id: 'T1',
    fields: ['thing1', 'enum2'],
    values: { enum2: ['快递', '自提'] },
    longTerm: true,
  });
  await sandbox.accept('anna', 'T1');
  const good = { thing1: { value: 'x' }, enum2: { value: '快递' } };
  expect(await send(good)).toMatchObject({ errcode: 0 });
  expect(await send(good)).toMatchObject({ errcode: 0 });
  expect(await send(good, { template_id: 'T2' })).toMatchObject({ errcode: 40037 });
  expect(await send({ thing1: { value: 'x' } })).toMatchObject({
    errcode: 47003,
    errmsg: expect.stringMatching(/data\.enum2\.value/),
  });
  expect(await send({ ...good, enum2: { value: '飞' } })).toMatchObject({ errcode: 47003 });
  expect(await send(good, { touser: 'nobody' })).toMatchObject({ errcode: 40003 });
  expect(await send('x')).toMatchObject({ errcode: 47001 });
  expect(await send(good, { miniprogram_state: 'beta' })).toMatchObject({ errcode: 47001 });
  expect(await send(good, { template_id: '' })).toMatchObject({ errcode: 40037 });
});

test('two sends to one user at once are refused', async () => {
  await sandbox.accept('anna', 'T1', { times: 5 });
  sandbox.fault({ kind: 'delay', path: 'subscribe', ms: 300 });
  const first = send({ thing1: { value: 'x' } });
  await eventually('the first call', () => sandbox.calls('subscribe').length === 1);
  expect(await send({ thing1: { value: 'x' } })).toMatchObject({ errcode: 43108 });
  expect(await first).toMatchObject({ errcode: 0 });
  expect(await send({ thing1: { value: 'x' } })).toMatchObject({ errcode: 0 });
});

test('the rules of the fields', () => {
  const values: [string, string[], string[]][] = [
    ['thing1', ['二十'.repeat(10), '😀'.repeat(20), 'a b'], ['字'.repeat(21), '', ' ', 'a\nb']],
    ['number2', ['12', '12.50', '-1'], ['1,2', '12.', 'x', '1'.repeat(33)]],
    ['letter3', ['abcXYZ'], ['abc1', '字', 'a'.repeat(33)]],
    ['symbol4', ['+-*', '！？'], ['a', '++++++']],
    ['character_string5', ['SF-123 #4'], ['单号1', 'a'.repeat(33)]],
    ['time6', ['15:01', '2019年10月1日 15:01', '8:00~9:30'], ['25:00', 'noon', '1:00~2:00~3:00']],
    ['date7', ['2019-12-25', '2019年10月1日', '2019-12-25 09:42', '2019/1/2~2019/1/5'], ['15:01']],
    ['amount8', ['100', '¥100.50', '￥9', '99.9元'], ['12345678901', '1 元钱', 'x']],
    ['phone_number9', ['+86-0766-66888866'], ['tel', '1'.repeat(18)]],
    ['car_number10', ['粤A8Z888挂'], ['粤A8Z8888888挂']],
    ['name11', ['张三', '王'.repeat(10), 'John Smith'], ['王'.repeat(11), 'J'.repeat(21)]],
    ['phrase12', ['审核通过'], ['审核已经通过', 'ok', '通过1']],
    ['enum13', ['快递'], ['']],
    ['keyword1', [], ['x']],
    ['constructor1', [], ['x']],
  ];
  for (const [name, good, bad] of values) {
    for (const value of good) {
      expect(faultyField({ [name]: { value } }, undefined), `${name} ${value}`).toBeUndefined();
    }
    for (const value of bad) {
      const due = `data.${name}.value`;
      expect(faultyField({ [name]: { value } }, undefined), `${name} ${value}`).toBe(due);
    }
  }
  expect(faultyField({ thing1: null }, undefined)).toBe('data.thing1.value');
});
