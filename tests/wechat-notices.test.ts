import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { ownCodes } from '../bot/wechat/errors.ts';
import type { NoticeAnswer, WechatNotice } from '../bot/wechat/notices.ts';
import type { Tx } from '../store/database.ts';
import { type Answered, type Asked, errcode, WechatListener } from './support/wechat-listener.ts';
import { WechatRig } from './support/wechat-rig.ts';

const subscribe = {
  templateId: 'T',
  fields: { thing1: 'sender', thing2: 'content', time3: 'time' },
};
let listener: WechatListener;
let rig: WechatRig;
let clock: VirtualClock;
let custom: (asked: Asked) => Answered;
let template: (asked: Asked) => Answered;
beforeEach(async () => {
  clock = new VirtualClock(1_790_000_000_000);
  listener = await WechatListener.open();
  custom = () => ({});
  template = () => ({});
  listener.answer = (asked) => (asked.path.includes('custom') ? custom(asked) : template(asked));
  rig = await WechatRig.open({ apiBase: listener.url, clock, settings: { subscribe } });
  await rig.wechat.start();
});
afterEach(async () => {
  await rig.close();
  await listener.close();
});

const msg = { type: 'text', reply: 'hello', timestamp: 1_537_606_347_000 };
function notify(more: Partial<WechatNotice> = {}): Promise<NoticeAnswer> {
  const notice = { account: 'wx1', fromUserId: 'oBowen', toUserId: 'oA', senderName: 'Bowen', msg };
  return rig.wechat.notices.sendNotice({ ...notice, ...more });
}
const ways = () => listener.calls().map(({ path }) => path.replace('/cgi-bin/message/', ''));
const inTx = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => rig.db.transaction(work);
const accept = () =>
  inTx((tx) =>
    rig.wechat.credits.answered(
      tx,
      'wx1',
      'oA',
      [{ templateId: 'T', accepted: true }],
      clock.now(),
    ),
  );
const allowed = () => inTx((tx) => rig.wechat.credits.allowed(tx, 'wx1', 'oA', 'T'));

describe('the first way that is open is taken:', () => {
  it('a window with sends left', async () => {
    await accept();
    await rig.opened('oA');
    expect(await notify()).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(ways()).toEqual(['custom/send']);
    expect(JSON.parse(listener.calls()[0]?.text ?? '')).toEqual({
      touser: 'oA',
      msgtype: 'text',
      text: { content: 'Bowen：hello' },
    });
    expect(await rig.wechat.windows.list('wx1', 'oA')).toMatchObject([{ left: 4 }]);
    expect(await allowed()).toBe('yes');
  });

  it('else a subscribe message, which uses up what was accepted', async () => {
    await accept();
    expect(await notify()).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(ways()).toEqual(['subscribe/send']);
    expect(JSON.parse(listener.calls()[0]?.text ?? '').data).toEqual({
      thing1: { value: 'Bowen' },
      thing2: { value: 'hello' },
      time3: { value: '2018-09-22 16:52' },
    });
    expect(await allowed()).toBe('unknown');
  });

  it('also where nothing is known of what the user accepted: only WeChat knows', async () => {
    template = () => errcode(43101, 'user refuse to accept the msg');
    const answer = await notify();
    expect(answer.errcode).toBe(43101);
    expect(answer.errmsg).toMatch(/^user refuse to accept the msg \(nothing was sent/);
    // Now it is known.
    expect(await notify()).toMatchObject({ errcode: ownCodes.kept });
    expect(ways()).toEqual(['subscribe/send']);
    await clock.advance(1000);
    await accept();
    template = () => ({});
    expect(await notify()).toMatchObject({ errcode: 0 });
  });

  it('a form id that comes along shows a will', async () => {
    await inTx((tx) => rig.wechat.credits.dropped(tx, 'wx1', 'oA', 'T', clock.now()));
    expect(await notify()).toMatchObject({ errcode: ownCodes.kept });
    expect(await notify({ formId: 'F' })).toMatchObject({ errcode: 0 });
    expect(ways()).toEqual(['subscribe/send']);
  });

  it('else none: it is kept, and the answer says so', async () => {
    rig.wechat.applyConfig([{ ...rig.account.settings, subscribe: undefined }]);
    const answer = await notify();
    expect(answer.errmsg).not.toMatch(/kept/);
    expect(answer).toMatchObject({ errcode: ownCodes.kept });
    expect(answer.errmsg).toMatch(/no template is configured \(nothing was sent/);
    expect(await rig.states()).toEqual([`1 kept ${ownCodes.kept}`]);
    expect(listener.asked).toEqual([]);
  });

  it('without any account too', async () => {
    const answer = await notify({ account: undefined });
    expect(answer).toMatchObject({
      errcode: ownCodes.kept,
      errmsg: expect.stringMatching(/no WeChat account/),
    });
    expect(await notify({ account: 'wx9' })).toMatchObject({ errcode: ownCodes.kept });
    expect(await rig.rows()).toEqual([]);
  });
});

describe('where one way fails the next is tried:', () => {
  it.each([45015, 45047, 48002, 48001])('%i', async (code) => {
    custom = () => errcode(code);
    await rig.opened('oA');
    expect(await notify()).toEqual({ errcode: 0, errmsg: 'ok' });
    expect(ways()).toEqual(['custom/send', 'subscribe/send']);
  });

  it('and the last word is WeChat’s', async () => {
    custom = () => errcode(45015, 'response out of time limit');
    template = () => errcode(47003, 'argument invalid! data.thing2.value invalid');
    await rig.opened('oA');
    const answer = await notify();
    expect(answer.errcode).toBe(47003);
    expect(rig.lines.join('')).toContain('"field":"thing2"');
    expect(await rig.states()).toEqual(['1 kept 47003']);
    expect(await rig.wechat.windows.list('wx1', 'oA')).toMatchObject([{ state: 'closed' }]);
  });

  it('but not where the message may have arrived', async () => {
    custom = () => ({ close: true });
    await rig.opened('oA');
    expect(await notify()).toMatchObject({ errcode: ownCodes.unknown });
    expect(ways()).toEqual(['custom/send']);
  });

  it('43101 takes the credit', async () => {
    template = () => errcode(43101);
    await accept();
    expect(await notify()).toMatchObject({ errcode: 43101 });
    expect(await allowed()).toBe('no');
  });
});

it('several to one user go one after another', async () => {
  let open = 0;
  let most = 0;
  listener.answer = async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open -= 1;
    return {};
  };
  const answers = await Promise.all([notify(), notify(), notify()]);
  expect(answers.map((one) => one.errcode)).toEqual([0, 0, 0]);
  expect(most).toBe(1);
});

it('who asks does not wait for ever, and the notice goes its way', async () => {
  custom = () => errcode(-1);
  await rig.opened('oA');
  const answer = notify();
  await rig.settle();
  await clock.advance(1000);
  custom = () => errcode(45011);
  await rig.settle(2000);
  await rig.settle(15_000);
  expect(await answer).toMatchObject({ errcode: ownCodes.waiting });
  custom = () => ({});
  await rig.settle(60_000);
  expect(await rig.states()).toEqual(['1 sent 0']);
});

it('one that waited for more than a day is kept', async () => {
  const stopped = await WechatRig.open({ apiBase: listener.url, clock, settings: { subscribe } });
  const answer = stopped.wechat.notices.sendNotice({
    ...{ account: 'wx1', fromUserId: 'a', toUserId: 'oA', msg },
  });
  await stopped.db.transaction(() => undefined);
  await clock.advance(86_400_001);
  expect(await answer).toMatchObject({ errcode: ownCodes.waiting });
  await stopped.wechat.start();
  await stopped.settle();
  expect(await stopped.states()).toEqual([`1 kept ${ownCodes.kept}`]);
  await stopped.close();
});

it('what was kept is sent by an operator, also days later', async () => {
  template = () => errcode(43101);
  await notify();
  await clock.advance(5 * 86_400_000);
  await rig.opened('oA');
  await rig.wechat.outbox.resend(1);
  await rig.settle();
  expect(ways()).toEqual(['subscribe/send', 'custom/send']);
  expect(await rig.states()).toEqual(['1 sent 0']);
});

it('when the quota of the day is used up, the other way is taken', async () => {
  custom = () => errcode(45009);
  await rig.opened('oA');
  expect(await notify()).toMatchObject({ errcode: 0 });
  expect(await notify()).toMatchObject({ errcode: 0 });
  expect(ways()).toEqual(['custom/send', 'subscribe/send', 'subscribe/send']);
});

it('simulated: says so', async () => {
  rig.wechat.applyConfig([{ ...rig.account.settings, simulate: true }]);
  expect(await notify()).toEqual({ errcode: 0, errmsg: 'ok (simulated)' });
  expect(listener.asked).toEqual([]);
});

it('tells what was said as the original does', async () => {
  const content = async (given: Record<string, unknown>, senderName = ''): Promise<unknown> => {
    await rig.opened('oA');
    await notify({ msg: given, senderName });
    return JSON.parse(listener.calls().at(-1)?.text ?? '').text.content;
  };
  expect(await content({ type: 'image', reply: 'image/x.jpg' })).toBe('匿名：图片或多媒体类型');
  expect(await content({ reply: 'x' }, 'Ann')).toBe('Ann：x');
  expect(await content({ type: 'text', reply: '字'.repeat(3000) })).toBe(
    `匿名：${'字'.repeat(500)}`,
  );
  expect(await content({ type: 'text', reply: 7 })).toBe('匿名：消息');
  expect(await content({ type: 'text' })).toBe('匿名：消息');
});
