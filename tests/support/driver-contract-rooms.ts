import { expect, test } from 'vitest';
import type { DriverRoom } from '../../bot/automation/driver.ts';
import { inRoom } from './driver-contract-sends.ts';
import { type DriverHarness, logIn } from './driver-harness.ts';
import { fault, rigged } from './driver-rigged.ts';
import { eventually } from './eventually.ts';

export function roomContract(harness: DriverHarness): void {
  const withRig = rigged(harness);

  test(
    'rooms lists every room of the account with its members',
    withRig(async (rig) => {
      await logIn(rig);
      const before = new Set((await rig.driver.rooms()).map(({ id }) => id));
      const made = [];
      for (let index = 0; index < 12; index += 1) {
        made.push(await rig.world.createRoom(`群 ${index}`, ['张三', `成员 ${index}`]));
      }
      const rooms = await eventually('all rooms', async () => {
        const found = (await rig.driver.rooms()).filter(({ id }) => !before.has(id));
        return found.length >= 12 ? found : undefined;
      });
      expect(rooms.map(({ topic }) => topic).sort()).toEqual(
        made.map((_, index) => `群 ${index}`).sort(),
      );
      for (const room of made) {
        const found = rooms.find(({ id }) => id === room.id);
        expect(memberNames(found)).toEqual(expect.arrayContaining(namesOf(room.members)));
        expect(await rig.driver.room(room.id)).toMatchObject({ id: room.id, topic: found?.topic });
      }
    }),
  );

  test(
    'two rooms with one topic are two rooms',
    withRig(async (rig) => {
      await logIn(rig);
      const one = await rig.world.createRoom('重名群', ['张三']);
      const two = await rig.world.createRoom('重名群', ['李四']);
      const ids = await eventually('both', async () => {
        const found = (await rig.driver.rooms()).filter(({ topic }) => topic === '重名群');
        return found.length === 2 ? found.map(({ id }) => id) : undefined;
      });
      expect(ids.sort()).toEqual([one.id, two.id].sort());
    }),
  );

  test(
    'a rename is told, and look-ups answer the new topic at once',
    withRig(async (rig) => {
      const { driver, world, heard, to } = await inRoom(rig);
      expect((await driver.room(to.id)).topic).toBe('合同群');
      await world.rename(to.id, '新名字');
      await eventually('the room event', () =>
        heard.of('room').some((one) => one.roomId === to.id),
      );
      expect((await driver.room(to.id)).topic).toBe('新名字');
      const listed = (await driver.rooms()).find(({ id }) => id === to.id);
      expect(listed?.topic).toBe('新名字');
    }),
  );

  test(
    'a room that is not there is absent',
    withRig(async (rig) => {
      await logIn(rig);
      await expect(rig.driver.room('nobody-knows-it@chatroom')).rejects.toMatchObject(
        fault('absent'),
      );
    }),
  );

  test(
    'what a member says is heard, with who and where',
    withRig(async (rig) => {
      const { world, heard, to, members } = await inRoom(rig);
      const speaker = members[1];
      if (speaker === undefined) throw new Error('two members wanted');
      await world.say(to.id, speaker.id, '有人吗？');
      const { message } = await heard.until('message');
      expect(message).toMatchObject({
        id: expect.stringMatching(/./),
        kind: 'text',
        text: '有人吗？',
        fromId: speaker.id,
        fromName: '李四',
        roomId: to.id,
        mentionsSelf: false,
        self: false,
        at: expect.any(Number),
      });
    }),
  );

  test.runIf(harness.features.includes('mention'))(
    'a mention of the account is known as one',
    withRig(async (rig) => {
      const { world, heard, to, members } = await inRoom(rig);
      const [speaker] = members;
      await world.say(to.id, speaker?.id ?? '', '帮忙看下', { at: true });
      const { message } = await heard.until('message');
      expect(message.mentionsSelf).toBe(true);
      expect(message.text).toContain('帮忙看下');
    }),
  );
}

function memberNames(room: DriverRoom | undefined): string[] {
  return namesOf(room?.members ?? []);
}

function namesOf(members: { name: string }[]): string[] {
  return members.map(({ name }) => name);
}
