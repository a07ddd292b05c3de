import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import type { WindowAction } from '../bot/wechat/ports.ts';
import { type Sandbox, startSandbox } from '../scripts/wechat-sandbox/sandbox.ts';
import { WechatRig } from './support/wechat-rig.ts';

/** Whatever users do and agents say: our count of what may be sent is WeChat's. */
const accounts = [
  { appid: 'wx1', secret: 'SECRET', kind: 'miniprogram' as const },
  { appid: 'wx2', secret: 'SECRET', kind: 'official' as const },
];
const clock = new VirtualClock(1_790_000_000_000);
let sandbox: Sandbox;
let rig: WechatRig;
beforeAll(async () => {
  sandbox = await startSandbox({ accounts, now: () => clock.now() });
  rig = await WechatRig.open({ apiBase: sandbox.url, clock });
  const [settings] = rig.wechat.accounts.list().map((one) => one.settings);
  if (settings === undefined) throw new Error('no account');
  rig.wechat.applyConfig([settings, { ...settings, appid: 'wx2', kind: 'official' }]);
  await rig.wechat.start();
});
afterAll(async () => {
  await rig.close();
  await sandbox.close();
});

const events: Record<Exclude<WindowAction, 'message'>, string> = {
  enter: 'user_enter_tempsession',
  click: 'CLICK',
  follow: 'subscribe',
  scan: 'SCAN',
};
const step = fc.oneof(
  fc.constantFrom('message', 'enter', 'click', 'follow', 'scan', 'say', 'say', 'say', 'long'),
  fc.constantFrom(1000, 30_000, 60_000, 3_600_000, 47 * 3_600_000),
);
let user = 0;

it('over any actions, sends and times', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('wx1', 'wx2'),
      fc.array(step, { minLength: 4, maxLength: 25 }),
      async (appid, steps) => {
        user += 1;
        const openId = `o${user}`;
        sandbox.user({ openid: openId, appid });
        const theirs = (): number =>
          sandbox.find(openId, { appid }).windows.reduce((sum, one) => sum + one.left, 0);
        for (const one of steps) {
          if (typeof one === 'number') await clock.advance(one);
          else if (one === 'say' || one === 'long') await say(appid, openId, one);
          else await act(appid, openId, one);
          const ours = await rig.wechat.windows.list(appid, openId);
          expect(ours.reduce((sum, { left }) => sum + left, 0)).toBe(theirs());
        }
      },
    ),
    { numRuns: 80 },
  );
  // Neither was WeChat ever asked for what it does not allow, nor anything kept back that it does.
  const refused = sandbox
    .calls('custom/send')
    .filter(({ answer }) => !/"errcode":0/.test(answer ?? ''));
  expect(refused).toEqual([]);
  for (const { state, errcode } of await rig.rows()) {
    if (state !== 'sent')
      expect([state, errcode]).toEqual(['failed', expect.toBeOneOf([45015, 45047])]);
  }
});

async function act(appid: string, openId: string, action: WindowAction): Promise<void> {
  // Which of two windows that close in the same instant a send counts in is said nowhere.
  await clock.advance(1);
  if (action === 'message') await sandbox.say(openId, { text: 'x' }, { appid });
  else await sandbox.event(openId, { event: events[action] }, { appid });
  await rig.db.transaction((tx) =>
    rig.wechat.windows.opened(tx, appid, openId, action, clock.now()),
  );
}

async function say(appid: string, openId: string, what: 'say' | 'long'): Promise<void> {
  const left = (await rig.wechat.windows.list(appid, openId)).reduce(
    (sum, one) => sum + one.left,
    0,
  );
  const before = sandbox.messages(openId, { appid }).length;
  await rig.db.transaction((tx) =>
    rig.wechat.outbox.send(tx, {
      ...{ account: appid, openId, messageId: 1, conversation: 1, agent: 'kim' },
      content: { type: 'text', text: what === 'say' ? 'x' : 'x'.repeat(5000) },
    }),
  );
  await rig.settle();
  const parts = what === 'say' ? 1 : 3;
  const seen = sandbox.messages(openId, { appid }).length - before;
  expect(seen).toBe(left >= parts ? parts : 0);
}
