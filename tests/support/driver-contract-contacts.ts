import { expect, test } from 'vitest';
import { type DriverHarness, logIn } from './driver-harness.ts';
import { rigged } from './driver-rigged.ts';
import { eventually } from './eventually.ts';

export function contactContract(harness: DriverHarness): void {
  const withRig = rigged(harness);

  test(
    'contacts lists the friends of the account',
    withRig(async (rig) => {
      await logIn(rig);
      const id = await rig.world.addContact('王小明');
      const contact = await eventually('the contact', async () =>
        (await rig.driver.contacts()).find((one) => one.id === id),
      );
      expect(contact.name).toBe('王小明');
    }),
  );

  test.runIf(harness.features.includes('private'))(
    'a private message is heard without a room',
    withRig(async (rig) => {
      const heard = await logIn(rig);
      const id = await rig.world.addContact('钱七');
      await rig.world.sayPrivately(id, '在吗');
      const { message } = await heard.until('message');
      expect(message).toMatchObject({ text: '在吗', fromId: id, fromName: '钱七', self: false });
      expect(message.roomId).toBeUndefined();
      expect(message.toId).toBe(heard.of('login')[0]?.account.id);
    }),
  );

  test.runIf(harness.features.includes('private'))(
    'a text to a contact arrives there once',
    withRig(async (rig) => {
      const heard = await logIn(rig);
      const id = await rig.world.addContact('孙八');
      await rig.driver.sendText({ kind: 'contact', id }, '私聊', { ref: '3' });
      const seen = await rig.world.seen(id);
      expect(seen.map(({ text, self }) => [text, self])).toEqual([['私聊', true]]);
      if (!rig.driver.capabilities.echo) return;
      const { message } = await heard.until('message');
      expect(message).toMatchObject({ self: true, text: '私聊', toId: id });
      expect(message.roomId).toBeUndefined();
    }),
  );
}
