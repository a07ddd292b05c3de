import type { SimulatedWeChat } from '../bot/automation/drivers/simulator/simulator-wechat.ts';
import type { VirtualClock } from '../bot/clock.ts';
import { driverContract } from './support/driver-contract.ts';
import type { DriverHarness, WorldControls } from './support/driver-harness.ts';
import { simulatorRig } from './support/simulator-rig.ts';

const harness: DriverHarness = {
  features: ['qr', 'qr-renewal', 'kept-session', 'kick', 'private', 'mention', 'heartbeat'],
  faults: [
    'stream-death',
    ...['text', 'image', 'card', 'rooms', 'start', 'ping'].flatMap((on) =>
      ['delay', 'hang', 'error', 'rate', 'lost-answer'].map((kind) => `${kind}:${on}`),
    ),
  ],
  open: async () => {
    const rig = simulatorRig();
    let { wechat } = rig;
    return {
      driver: rig.driver,
      world: controls(() => wechat, rig.clock),
      // As after a restart of the process: everything the new driver knows comes from the disk.
      reopen: async () => {
        const next = rig.restart();
        wechat = next.wechat;
        return next.driver;
      },
      pass: (ms) => rig.clock.advance(ms),
      close: () => rig.close(),
    };
  },
};

driverContract('simulator', harness);

function controls(wechat: () => SimulatedWeChat, clock: VirtualClock): WorldControls {
  return {
    scan: async () => wechat().scan(),
    confirm: () => wechat().confirm(),
    kick: async () => wechat().kick(),
    createRoom: async (topic, members) => {
      const room = wechat().createRoom(topic, members);
      return { id: room.id, members: wechat().world.membersOf(room) };
    },
    rename: async (roomId, topic) => {
      wechat().changeRoom(roomOf(wechat(), roomId), { topic });
    },
    addContact: async (name) => wechat().world.addContact(name).id,
    say: async (roomId, memberId, text, options = {}) => {
      wechat().say(roomOf(wechat(), roomId), memberId, text, options.at === true);
    },
    sayPrivately: async (contactId, text) => {
      const contact = wechat().world.person(contactId);
      if (contact === undefined) throw new Error(`no contact ${contactId}`);
      wechat().sayPrivately(contact, text);
    },
    seen: async (chatId) =>
      wechat()
        .world.seen(chatId)
        .map(({ card, file, mentions, ...message }) => ({
          ...message,
          card: card === undefined ? undefined : { ...card },
          fileSha256: file?.sha256,
          mentionIds: mentions,
        })),
    fault: async (fault) => {
      wechat().addFault(fault);
      // What strikes the connection does so on the next tick of the clock.
      if (fault.kind === 'stream-death') await clock.advance(1);
    },
  };
}

function roomOf(wechat: SimulatedWeChat, id: string) {
  const room = wechat.world.room(id);
  if (room === undefined) throw new Error(`no room ${id}`);
  return room;
}
