import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { createBackup } from '../store/backup.ts';
import { restoreBackup } from '../store/restore.ts';
import { eventually } from './support/eventually.ts';
import { planSteps } from './support/plan-steps.ts';
import { errcode, WechatListener } from './support/wechat-listener.ts';
import { WechatRig } from './support/wechat-rig.ts';

const day = 86_400_000;
let listener: WechatListener;
let rig: WechatRig;
let clock: VirtualClock;
beforeEach(async () => {
  clock = new VirtualClock(1_790_000_000_000);
  listener = await WechatListener.open();
  rig = await WechatRig.open({ apiBase: listener.url, clock });
});
afterEach(async () => {
  await rig.close();
  await listener.close();
});

const said = (): string[] =>
  listener
    .calls('custom/send')
    .map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);

describe('sent again by an operator:', () => {
  beforeEach(() => rig.wechat.start());

  it('what has failed, once more and no more', async () => {
    await rig.say('oA', 'x', 9);
    await rig.settle();
    await rig.opened('oA');
    await rig.wechat.outbox.resend(1);
    await rig.settle();
    expect(said()).toEqual(['x']);
    expect(await rig.states()).toEqual(['1 sent 0']);
    await expect(rig.wechat.outbox.resend(1)).rejects.toMatchObject({ code: 'conflict' });
    await expect(rig.wechat.outbox.resend(2)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('all parts of a text that did not leave, in order, before what waits', async () => {
    await rig.opened('oA');
    let answered = 0;
    listener.answer = () => {
      answered += 1;
      return answered === 2 ? errcode(87014) : {};
    };
    const text = ['a', 'b', 'c'].map((letter) => letter.repeat(2000)).join('\n');
    await rig.say('oA', text);
    await rig.settle();
    listener.answer = () => errcode(-1);
    await rig.say('oA', 'later');
    await rig.settle();
    expect(await rig.states()).toEqual([
      '1 sent 0',
      '2 failed 87014',
      '3 failed 87014',
      '4 due -1',
    ]);
    listener.answer = () => ({});
    await rig.wechat.outbox.resend(3);
    await rig.settle(2000);
    expect(said().map((one) => one[0])).toEqual(['a', 'b', 'l', 'l', 'b', 'c']);
    expect((await rig.states()).every((one) => one.includes('sent'))).toBe(true);
  });

  it('what may have arrived, if he wants that', async () => {
    await rig.opened('oA');
    listener.answer = () => ({ close: true });
    await rig.say('oA', 'x');
    await rig.settle();
    listener.answer = () => ({});
    await expect(rig.wechat.outbox.resend(1)).rejects.toThrow(/twice/);
    await rig.settle();
    expect(said()).toEqual(['x']);
    await rig.wechat.outbox.resend(1, true);
    await rig.settle();
    expect(said()).toEqual(['x', 'x']);
  });

  it('twice at once is once', async () => {
    await rig.say('oA', 'x');
    await rig.settle();
    await rig.opened('oA');
    const both = await Promise.allSettled([1, 1].map((id) => rig.wechat.outbox.resend(id)));
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await rig.settle();
    expect(said()).toEqual(['x']);
  });
});

describe('a stop', () => {
  it('lets what is under way end, and leaves the rest for the next start', async () => {
    await rig.wechat.start();
    await rig.opened('oA');
    let release = (): void => {};
    listener.answer = async () => {
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      return {};
    };
    await rig.say('oA', 'x');
    await rig.say('oA', 'y');
    await eventually('the call', () => said().length === 1);
    const stopped = rig.wechat.stop();
    release();
    await stopped;
    expect(await rig.states()).toEqual(['1 sent 0', '2 due -']);
    listener.answer = () => ({});
    await rig.create().start();
    await rig.settle();
    expect(said()).toEqual(['x', 'y']);
  });

  it('breaks off what takes too long: it is unknown', async () => {
    await rig.wechat.start();
    await rig.opened('oA');
    listener.answer = () => ({ hang: true });
    await rig.say('oA', 'x', 9);
    await eventually('the call', () => said().length === 1);
    const began = performance.now();
    await rig.wechat.stop();
    expect(performance.now() - began).toBeLessThan(8000);
    expect(await rig.states()).toEqual(['1 unknown -1002']);
    expect(await rig.told()).toMatchObject([{ messageId: 9, reason: 'unknown' }]);
  });
});

it('what was written down while nothing ran leaves with the next start', async () => {
  await rig.opened('oA');
  await rig.say('oA', 'x');
  rig.create();
  await rig.wechat.start();
  await rig.settle();
  expect(said()).toEqual(['x']);
});

it('shows operators what there is, newest first, by account, user and state', async () => {
  await rig.wechat.start();
  await rig.opened('oA');
  await rig.say('oA', '1');
  await rig.say('oB', '2');
  await rig.say('oA', '3');
  await rig.settle();
  const list = async (filter: Parameters<typeof rig.wechat.outbox.list>[0]) =>
    (await rig.wechat.outbox.list(filter)).map(({ id }) => id);
  expect(await list({ limit: 10 })).toEqual([3, 2, 1]);
  expect(await list({ limit: 1, before: 3 })).toEqual([2]);
  expect(await list({ limit: 10, account: 'wx1', openId: 'oA' })).toEqual([3, 1]);
  expect(await list({ limit: 10, state: 'failed' })).toEqual([2]);
  expect(await list({ limit: 10, account: 'wx2' })).toEqual([]);
  expect(
    (await rig.wechat.outbox.counts()).toSorted((a, b) => (a.state < b.state ? -1 : 1)),
  ).toEqual([
    { state: 'failed', count: 1 },
    { state: 'sent', count: 2 },
  ]);
});

it('forgets after thirty days what was settled, and nothing that waits', async () => {
  await rig.opened('oA');
  await rig.wechat.start();
  await rig.say('oA', '1');
  await rig.say('oB', '2');
  await rig.settle();
  await clock.advance(30 * day - 60_000);
  rig.wechat.applyConfig([{ ...rig.account.settings, apiBase: 'http://127.0.0.1:1' }]);
  await rig.opened('oA');
  await rig.say('oA', '3');
  await rig.settle();
  expect(await rig.wechat.outbox.prune(10)).toBe(0);
  await clock.advance(60_001);
  expect(await rig.wechat.outbox.prune(1)).toBe(1);
  expect(await rig.wechat.outbox.prune(10)).toBe(1);
  expect(await rig.states()).toEqual(['3 due -']);
});

it('prunes by itself', async () => {
  await rig.wechat.start();
  await rig.say('oA', '1');
  await rig.settle();
  await clock.advance(30 * day);
  await clock.advance(3_600_001);
  await eventually('the round', async () => (await rig.rows()).length === 0);
});

it('who has left is forgotten', async () => {
  await rig.wechat.start();
  await rig.opened('oA');
  await rig.say('oA', '1');
  await rig.settle();
  await rig.db.transaction((tx) => rig.wechat.outbox.forget(tx, 'wx1', 'oA'));
  expect(await rig.rows()).toEqual([]);
});

it('a restored backup sends nothing twice: what waited then may have left since', async () => {
  await rig.opened('oA');
  await rig.say('oA', 'x', 9);
  await rig.say('oA', 'y', 10);
  const { file } = await createBackup({ db: rig.db, dataDir: rig.folder, now: clock.now() });
  const dataDir = mkdtempSync(join(tmpdir(), 'wxrc-restored-'));
  const backup = join(rig.folder, 'backups', file);
  for (const [queued, expected] of [
    ['unknown', ['9 unknown', '10 unknown']],
    ['resume', []],
  ] as const) {
    const folder = join(dataDir, queued);
    restoreBackup({ backup, dataDir: folder, now: clock.now(), queued });
    const restored = await WechatRig.open({ apiBase: listener.url, clock, folder });
    await restored.wechat.start();
    await restored.settle();
    const told = (await restored.told()).map(({ messageId, reason }) => `${messageId} ${reason}`);
    expect(told).toEqual(expected);
    await restored.close();
  }
  expect(said()).toEqual(['x', 'y']);
  rmSync(dataDir, { recursive: true });
});

it('a user who is sent to without end holds up nobody', async () => {
  await rig.wechat.start();
  const began = performance.now();
  await rig.db.transaction(async (tx) => {
    for (let id = 0; id < 1000; id += 1) {
      await rig.wechat.outbox.send(tx, {
        ...{ account: 'wx1', openId: 'oFlood', messageId: id, conversation: 1, agent: '' },
        content: { type: 'text', text: 'x' },
      });
    }
  });
  await rig.opened('oA');
  await rig.say('oA', 'calm');
  await eventually('the other', () => said().includes('calm'));
  await rig.settle();
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(new Set((await rig.rows()).map(({ state }) => state))).toEqual(
    new Set(['failed', 'sent']),
  );
});

it('looks through no table', async () => {
  const { outbox, windows, credits, media, notices, sessions } = rig.wechat;
  await rig.wechat.start();
  await rig.opened('oA');
  const { sha256 } = await rig.files.put(Buffer.from('GIF89a\u0001\u0000\u0001\u0000;'));
  listener.answer = ({ path }) => {
    if (path.includes('upload')) return { body: '{"errcode":0,"media_id":"M"}' };
    return path.startsWith('/sns') ? { body: '{"openid":"oA"}' } : errcode(45047);
  };
  await rig.say('oA', { type: 'image', url: `image/${sha256}` });
  await rig.say('oA', 'x'.repeat(3000));
  await notices.sendNotice({ account: 'wx1', fromUserId: 'x', toUserId: 'oA', msg: {} });
  await rig.settle();
  await outbox.resend(2);
  await rig.settle();
  await sessions.code2session(rig.account, 'c');
  await credits.addForm('oA', 'f');
  await credits.removeForms('oA');
  const choices = [{ templateId: 'T', accepted: false }];
  await rig.db.transaction(async (tx) => {
    await credits.takeForm(tx, 'oA');
    await credits.answered(tx, 'wx1', 'oA', [{ templateId: 'T', accepted: true }], 1);
    await credits.allowed(tx, 'wx1', 'oA', 'T');
    await credits.used(tx, 'wx1', 'oA', 'T');
    await credits.changed(tx, 'wx1', 'oA', choices, 1);
    await credits.forget(tx, 'wx1', 'oA');
    await windows.wasClosed(tx, 'wx1', 'oA', 1);
    await windows.forget(tx, 'wx1', 'oA');
    await outbox.forget(tx, 'wx1', 'oA');
    await sessions.forget(tx, 'wx1', 'oA');
  });
  await media.lost('wx1', 'M');
  for (const part of [outbox, windows, credits, media]) await part.prune(5);
  await outbox.list({ limit: 5, account: 'wx1', openId: 'oA' });
  await outbox.list({ limit: 5, state: 'failed' });
  await credits.list('wx1', 'oA');

  const own = [...rig.db.statements].filter((sql) => sql.includes('wechat_'));
  expect(own.length).toBeGreaterThan(35);
  const scans = (await planSteps(rig.db, own)).filter(({ detail }) =>
    /^SCAN|TEMP B-TREE/.test(detail),
  );
  expect(scans).toEqual([]);
});
