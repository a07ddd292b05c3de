import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Card, Driver, SendFile, Target } from '../../bot/automation/driver.ts';
import { type DriverHarness, type DriverRig, Heard, logIn } from './driver-harness.ts';
import { fault, rigged, signal } from './driver-rigged.ts';
import { eventually } from './eventually.ts';

export const card: Card = {
  appid: 'wx0123456789abcdef',
  username: 'gh_0123456789ab@app',
  title: '工单 #1024',
  description: '工单系统',
  pagePath: 'pages/ticket/index.html?id=1024',
  thumbUrl: 'http://127.0.0.1:9/thumb.png',
};

/** One pixel, and a file large enough that a transport has to cut it up. */
export const pixel: SendFile = {
  name: 'pixel.png',
  type: 'image/png',
  bytes: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
};
const big: SendFile = {
  name: '报表.png',
  type: 'image/png',
  bytes: Buffer.concat([pixel.bytes, Buffer.alloc(300_000, 7)]),
};

export function sendContract(harness: DriverHarness): void {
  const withRig = rigged(harness);

  test.each([
    ['Chinese', '你好，世界'],
    ['emoji and lines', '第一行\n第二行 👩‍👩‍👧‍👦\n\n  缩进'],
    ['4,000 characters', '长'.repeat(4000)],
    ['what looks like markup', '<msg>&amp;"引号"\\n%s{}'],
  ])('a text arrives once and unchanged: %s', async (_what, text) => {
    await withRig(async (rig) => {
      const { driver, to, world } = await inRoom(rig);
      await driver.sendText(to, text, { ref: '71' });
      const seen = await world.seen(to.id);
      expect(seen.map((message) => [message.kind, message.text, message.self])).toEqual([
        ['text', text, true],
      ]);
    })({ skip: never });
  });

  test(
    'texts keep the order in which they were sent',
    withRig(async (rig) => {
      const { driver, to, world } = await inRoom(rig);
      const texts = Array.from({ length: 25 }, (_, index) => `第 ${index} 条`);
      for (const text of texts) await driver.sendText(to, text, { ref: text });
      expect((await world.seen(to.id)).map(({ text }) => text)).toEqual(texts);
    }),
  );

  test(
    'receipts carry the id under which WeChat keeps the message, where the driver says so',
    withRig(async (rig, skip) => {
      const { driver, to, world } = await inRoom(rig);
      if (!driver.capabilities.messageIds) skip('no message ids');
      const receipts = [
        await driver.sendText(to, '一', { ref: '1' }),
        await driver.sendText(to, '二', { ref: '2' }),
      ];
      const ids = receipts.map(({ messageId }) => messageId);
      expect(ids).toEqual((await world.seen(to.id)).map(({ id }) => id));
      expect(new Set(ids).size).toBe(2);
    }),
  );

  test(
    'nothing is de-duplicated: the same text with the same ref twice is two messages',
    withRig(async (rig) => {
      const { driver, to, world } = await inRoom(rig);
      await driver.sendText(to, '同样', { ref: '9' });
      await driver.sendText(to, '同样', { ref: '9' });
      expect(await world.seen(to.id)).toHaveLength(2);
    }),
  );

  test(
    'own words come back as an echo',
    withRig(async (rig, skip) => {
      const { driver, to, heard } = await inRoom(rig);
      if (!driver.capabilities.echo) skip('no echo');
      const receipt = await driver.sendText(to, '回声', { ref: '5' });
      const echo = await eventually('the echo', () => heard.of('message')[0]?.message);
      expect(echo).toMatchObject({ self: true, kind: 'text', text: '回声', roomId: to.id });
      expect(echo.fromId).toBe(heard.of('login')[0]?.account.id);
      expect(echo.mentionsSelf).toBe(false);
      if (driver.capabilities.messageIds) expect(echo.id).toBe(receipt.messageId);
    }),
  );

  test(
    'mentions are real where the driver says so',
    withRig(async (rig, skip) => {
      const { driver, to, world, members } = await inRoom(rig);
      if (!driver.capabilities.realMention) skip('no real mentions');
      const mentionIds = members.slice(0, 1).map(({ id }) => id);
      await driver.sendText(to, '@张三 请看', { ref: '6', mentionIds });
      expect((await world.seen(to.id))[0]?.mentionIds).toEqual(mentionIds);
    }),
  );

  test.each([
    ['one pixel', pixel],
    ['300 KB', big],
  ])('an image arrives once, byte for byte, or is unsupported: %s', async (_what, file) => {
    await withRig(async (rig) => {
      const { driver, to, world } = await inRoom(rig);
      const sent = driver.sendImage(to, file, { ref: '7' });
      if (!driver.capabilities.image) {
        await expect(sent).rejects.toMatchObject(fault('unsupported'));
        expect(await world.seen(to.id)).toEqual([]);
        return;
      }
      await sent;
      const seen = await world.seen(to.id);
      expect(seen.map(({ kind, fileSha256 }) => [kind, fileSha256])).toEqual([
        ['image', createHash('sha256').update(file.bytes).digest('hex')],
      ]);
    })({ skip: never });
  });

  test(
    'a mini-program card arrives once with every field, or is unsupported',
    withRig(async (rig) => {
      const { driver, to, world } = await inRoom(rig);
      const sent = driver.sendMiniProgram(to, card, { ref: '8' });
      if (!driver.capabilities.miniProgram) {
        await expect(sent).rejects.toMatchObject(fault('unsupported'));
        expect(await world.seen(to.id)).toEqual([]);
        return;
      }
      await sent;
      const seen = await world.seen(to.id);
      expect(seen.map(({ kind }) => kind)).toEqual(['miniProgram']);
      expect(seen[0]?.card).toMatchObject(card);
    }),
  );

  test(
    'a file arrives once, or is unsupported',
    withRig(async (rig) => {
      const { driver, to, world } = await inRoom(rig);
      const file = { name: '日报.csv', type: 'text/csv', bytes: Buffer.from('a,b\n1,2\n') };
      const sent = driver.sendFile(to, file, { ref: '9' });
      if (!driver.capabilities.file) {
        await expect(sent).rejects.toMatchObject(fault('unsupported'));
        return;
      }
      await sent;
      expect(await world.seen(to.id)).toHaveLength(1);
    }),
  );

  test(
    'a room that is not there is refused, not unknown',
    withRig(async (rig) => {
      const { driver } = await inRoom(rig);
      const to: Target = { kind: 'room', id: 'nobody-knows-it@chatroom' };
      await expect(driver.sendText(to, '没有', { ref: '1' })).rejects.toMatchObject({
        fault: expect.stringMatching(/^(?:absent|refused)$/),
      });
    }),
  );

  test.runIf(harness.features.includes('qr'))(
    'before login nothing leaves: offline',
    withRig(async ({ driver, world }) => {
      const heard = new Heard(driver);
      await driver.start(signal());
      await heard.until('scan');
      const room = await world.createRoom('未登录', ['张三']);
      const to: Target = { kind: 'room', id: room.id };
      for (const call of everySend(driver, to)) {
        await expect(call).rejects.toMatchObject({
          fault: expect.stringMatching(/^(?:offline|unsupported)$/),
        });
      }
      await expect(driver.sendText(to, '早了', { ref: '1' })).rejects.toMatchObject(
        fault('offline'),
      );
      expect(await world.seen(room.id)).toEqual([]);
    }),
  );
}

/** A logged-in driver and a room with two members. */
export async function inRoom(rig: DriverRig) {
  const heard = await logIn(rig);
  const room = await rig.world.createRoom('合同群', ['张三', '李四']);
  const to: Target = { kind: 'room', id: room.id };
  return { driver: rig.driver, world: rig.world, heard, to, members: room.members };
}

function everySend(driver: Driver, to: Target): Promise<unknown>[] {
  return [
    driver.sendText(to, '文字', { ref: '1' }),
    driver.sendImage(to, pixel, { ref: '2' }),
    driver.sendMiniProgram(to, card, { ref: '3' }),
    driver.sendFile(to, pixel, { ref: '4' }),
  ];
}

function never(why?: string): never {
  throw new Error(`not skippable: ${why}`);
}
