import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RealClock } from '../bot/clock.ts';
import { DyingDatabase } from './support/dying-database.ts';
import { eventually } from './support/eventually.ts';
import { WechatListener } from './support/wechat-listener.ts';
import { WechatRig } from './support/wechat-rig.ts';

let listener: WechatListener;
let folder: string;
let child: ChildProcess | undefined;
beforeEach(async () => {
  listener = await WechatListener.open();
  folder = mkdtempSync(join(tmpdir(), 'wxrc-wechat-crash-'));
});
afterEach(async () => {
  await kill();
  await listener.close();
  rmSync(folder, { recursive: true, force: true });
});

function launch(count: number): void {
  const script = join(import.meta.dirname, 'support/wechat-child.ts');
  child = spawn(process.execPath, [script, folder, listener.url, String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}
async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
async function quiet(): Promise<void> {
  const { stdout } = child ?? {};
  if (stdout == null) throw new Error('no child');
  await once(stdout, 'data');
}
const said = (): string[] =>
  listener
    .calls('custom/send')
    .map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);
const look = (): Promise<WechatRig> =>
  WechatRig.open({ folder, apiBase: listener.url, clock: new RealClock() });

it('what was handed over when the process was killed is not sent again, and the agent is told', async () => {
  listener.answer = () => ({ hang: true });
  launch(2);
  await eventually('the calls', () => said().length === 3);
  await kill();
  listener.answer = () => ({});
  launch(0);
  await quiet();
  expect(said().toSorted()).toEqual(['oA-1', 'oA-2', 'oB-1', 'oB-2', 'oC-1', 'oC-2']);
  await kill();
  const rig = await look();
  const told = (await rig.told()).map(({ contact, messageId, reason }) => [
    contact,
    messageId,
    reason,
  ]);
  expect(told.toSorted()).toEqual([
    ['oA', 1, 'unknown'],
    ['oB', 1, 'unknown'],
    ['oC', 1, 'unknown'],
  ]);
  const states = (await rig.rows()).map(({ state }) => state).toSorted();
  expect(states).toEqual(['sent', 'sent', 'sent', 'unknown', 'unknown', 'unknown']);
  // It counts, as it may have arrived.
  expect(await rig.wechat.windows.list('wx1', 'oA')).toMatchObject([{ left: 3 }]);
  await rig.close();
});

it('killed again and again, each is sent at most once, in order, and nothing is lost in silence', async () => {
  const each = 5;
  listener.answer = async () => {
    await pause(3);
    return {};
  };
  launch(each);
  for (const enough of [3, 6, 9]) {
    await eventually('progress', () => said().length >= enough);
    await kill();
    launch(0);
  }
  await quiet();
  await kill();
  const all = said();
  expect(new Set(all).size).toBe(all.length);
  const rig = await look();
  const told = (await rig.told()).map(({ contact, messageId }) => `${contact}-${messageId}`);
  for (const user of ['oA', 'oB', 'oC']) {
    const own = all.filter((text) => text.startsWith(user)).map((text) => Number(text.slice(3)));
    expect(own).toEqual(own.toSorted((a, b) => a - b));
    for (let text = 1; text <= each; text += 1) {
      expect(own.includes(text) || told.includes(`${user}-${text}`)).toBe(true);
    }
  }
  const open = (await rig.rows()).filter(({ state }) => state === 'due' || state === 'sending');
  expect(open).toEqual([]);
  await rig.close();
});

it('dying at any transaction, before or after it is on disk: at most once, never in silence', async () => {
  for (const when of ['before', 'after'] as const) {
    for (let at = 1; at <= 12; at += 1) {
      const calls = listener.calls().length;
      const place = mkdtempSync(join(tmpdir(), 'wxrc-wechat-dying-'));
      const options = { apiBase: listener.url, folder: place, clock: new RealClock() };
      const seed = await WechatRig.open(options);
      await seed.opened('oA');
      await seed.say('oA', 'x', 1);
      await seed.say('oA', 'y', 2);
      await seed.close();
      let dying: DyingDatabase | undefined;
      const first = await WechatRig.open({
        ...options,
        wrap: (db) => {
          dying = new DyingDatabase(db, at, when);
          return dying;
        },
      });
      void first.wechat.start();
      await eventually('the end', async () => {
        if (dying?.dead === true) return true;
        return (await first.states()).every((state) => state.includes('sent'));
      });
      // Whatever was on its way has come by now, or never will.
      await pause(20);
      await first.abandon();
      const second = await WechatRig.open(options);
      await second.wechat.start();
      await second.settle();
      const texts = listener
        .calls()
        .slice(calls)
        .map(({ text }) => (JSON.parse(text) as { text: { content: string } }).text.content);
      const told = (await second.told()).map(({ messageId }) => (messageId === 1 ? 'x' : 'y'));
      expect([when, at, new Set(texts).size]).toEqual([when, at, texts.length]);
      expect([when, at, new Set([...texts, ...told])]).toEqual([when, at, new Set(['x', 'y'])]);
      expect(texts).toEqual(texts.toSorted());
      await second.close();
      rmSync(place, { recursive: true, force: true });
    }
  }
});
