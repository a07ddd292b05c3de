import { afterEach, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { CommandClient, type RawRequest, readAnswer } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const text = { text: '工单已受理', roomTopic: '测试群' };
const tenMinutes = 600_000;

let daemon: TestDaemon | undefined;
let client: CommandClient;

afterEach(async () => {
  client?.close();
  await daemon?.close();
  daemon = undefined;
});

/** A daemon whose clock stands at a time of Asia/Shanghai. */
async function startAt(time: string): Promise<VirtualClock> {
  const clock = new VirtualClock(Date.parse(`${time}+08:00`));
  const running = await startDaemon(
    { bots: ['bot01', 'bot02'].map((botcode) => ({ botcode, autoStart: false })) },
    { clock },
  );
  daemon = running;
  client = new CommandClient(() => running.url);
  return clock;
}

const answerTo = async (request: RawRequest): Promise<string> => (await client.raw(request)).text;
const bodyOf = async (request: RawRequest) => readAnswer(await answerTo(request));

async function queued(): Promise<number> {
  const { sends } = await (daemon as TestDaemon).daemon.core.sends.list({}, { limit: 500 });
  return sends.length;
}

it('the same request gets the same bytes, also signed anew, also after a restart', async () => {
  await startAt('2026-05-01T12:00:00');
  const head = { txcode: 't1', txtime: '20260501120000' };
  const first = await answerTo(client.request('roomSendText', text, { head }));
  expect(readAnswer(first)).toMatchObject({ rtCode: '0', msgid: 1, sendStatus: '0' });
  const again = [
    client.request('roomSendText', text, { head }),
    client.request('roomSendText', text, { head: { ...head, txtime: '20260501120501' } }),
    client.request('roomSendText', text, { head: { ...head, sign: 'x' }, transport: 'form' }),
    client.request('roomSendText', text, { head, transport: 'get', type: 'HMAC-SHA256' }),
    client.request('roomSendText', { ...text, atList: null, roomId: null }, { head }),
    client.request('roomSendText', { roomTopic: text.roomTopic, text: text.text }, { head }),
  ];
  for (const request of again) expect(await answerTo(request)).toBe(first);
  await daemon?.restart({ language: 'en' });
  for (const request of again) expect(await answerTo(request)).toBe(first);
  expect(await queued()).toBe(1);
});

it('the same number with other content is refused, and may be used elsewhere', async () => {
  await startAt('2026-05-01T12:00:00');
  const head = { txcode: 't1', txtime: '20260501120000' };
  expect((await client.call('roomSendText', text, { head })).msgid).toBe(1);
  const others: [string, unknown, object][] = [
    ['roomSendText', { ...text, text: '另一条' }, {}],
    ['roomSendText', { ...text, roomTopic: '另一群' }, {}],
    ['roomSendText', { ...text, atList: ['陈晓'] }, {}],
    ['roomSendText', text, { botcode: 'bot02' }],
    ['contactSendText', { text: '工单已受理', contactId: 'c' }, {}],
    ['login', {}, {}],
    ['msgCancel', { msgid: 1 }, {}],
  ];
  for (const [name, body, changed] of others) {
    const answer = await client.call(name, body, { head: { ...head, ...changed } });
    expect([name, answer.rtCode]).toEqual([name, '12']);
  }
  for (const same of [{ atList: [] }, { atUser: null }, { extra: 1 }]) {
    const answer = await client.call('roomSendText', { ...text, ...same }, { head });
    expect(answer).toMatchObject({ rtCode: '0', msgid: 1 });
  }
  for (const name of ['botStatus', 'roomList', 'botQueue']) {
    expect((await client.call(name, {}, { head })).rtCode).toBe('0');
  }
  expect(await queued()).toBe(1);
});

it('a hundred at once are one', async () => {
  await startAt('2026-05-01T12:00:00');
  const head = { txcode: 't1', txtime: '20260501120000' };
  const request = client.request('roomSendText', text, { head });
  const other = client.request('roomSendText', { ...text, text: '另一条' }, { head });
  const requests = Array.from({ length: 100 }, (_, at) => (at % 10 === 9 ? other : request));
  const answers = await Promise.all(requests.map(bodyOf));
  const codes = answers.map((answer) => answer.rtCode);
  expect(codes.filter((code) => code === '0').length).toBe(90);
  expect(codes.filter((code) => code === '12').length).toBe(10);
  const numbers = new Set(
    answers.map((answer) => answer.msgid).filter((msgid) => msgid !== undefined),
  );
  expect([...numbers]).toEqual([1]);
  expect(await queued()).toBe(1);
});

it('across midnight a retry is known, and another message of the same number is legal', async () => {
  const clock = await startAt('2026-05-01T23:58:00');
  const before = { txcode: 't1', txtime: '20260501235800' };
  const first = await answerTo(client.request('roomSendText', text, { head: before }));
  await clock.advance(4 * 60_000);
  const after = { txcode: 't1', txtime: '20260502000200' };
  expect(await answerTo(client.request('roomSendText', text, { head: after }))).toBe(first);
  const millis = { txcode: 't1', txtime: String(clock.now()) };
  expect(await answerTo(client.request('roomSendText', text, { head: millis }))).toBe(first);
  expect(await queued()).toBe(1);
  const other = { ...text, text: '第二天的消息' };
  expect((await client.call('roomSendText', other, { head: after })).msgid).toBe(2);
  // From now on the number stands for two messages.
  const asked = await client.call(
    'msgStatus',
    { txcode: 't1' },
    { head: { txtime: after.txtime } },
  );
  expect(asked).toMatchObject({ rtCode: '33', rtMsg: expect.stringMatching(/1.*2/) });
  const byId = await client.call('msgStatus', { msgid: 2 }, { head: { txtime: after.txtime } });
  expect(byId).toMatchObject({ rtCode: '0', msgid: 2, sendStatus: '0' });
});

it('the same words the next morning under the same number are a new message', async () => {
  const clock = await startAt('2026-05-01T09:00:00');
  const answers = [];
  for (const day of ['01', '02', '03']) {
    const head = { txcode: '0001', txtime: `202605${day}090000` };
    answers.push((await client.call('roomSendText', text, { head })).msgid);
    await clock.advance(24 * 3_600_000);
  }
  expect(answers).toEqual([1, 2, 3]);
});

it('a refused command leaves its number free', async () => {
  const clock = await startAt('2026-05-01T12:00:00');
  const head = { txcode: 't1', txtime: '20260501120000' };
  expect((await client.call('roomSendText', { text: '' }, { head })).rtCode).toBe('32');
  expect((await client.call('roomSendText', text, { head, key: 'wrong' })).rtCode).toBe('13');
  await clock.advance(tenMinutes + 1000);
  expect((await client.call('roomSendText', text, { head })).rtCode).toBe('11');
  const fresh = { ...head, txtime: '20260501121001' };
  expect((await client.call('roomSendText', text, { head: fresh })).rtCode).toBe('0');
});

it('login and cancel are done once per number', async () => {
  await startAt('2026-05-01T12:00:00');
  const at = { txtime: '20260501120000' };
  const { msgid } = await client.call('roomSendText', text, { head: { ...at, txcode: 't1' } });
  const cancel = client.request('msgCancel', { msgid }, { head: { ...at, txcode: 'c1' } });
  const first = await answerTo(cancel);
  expect(readAnswer(first)).toMatchObject({ rtCode: '0', msgid, sendStatus: '-1' });
  expect(await answerTo(cancel)).toBe(first);
  // Another number: cancelled is what it is, whoever did it.
  const again = await client.call('msgCancel', { txcode: 't1' }, { head: at });
  expect(again).toMatchObject({ rtCode: '0', msgid, sendStatus: '-1' });
  const status = await client.call('msgStatus', { msgid }, { head: at });
  expect(status).toMatchObject({ sendStatus: '-1', state: 'cancelled', final: true });
  expect(status.rtMsg).toBe('已取消');
  const login = client.request('login', {}, { head: { ...at, txcode: 'l1' } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => answerTo(login)));
  expect(new Set(answers).size).toBe(1);
  expect(readAnswer(answers[0] ?? '').rtCode).toBe('0');
});
