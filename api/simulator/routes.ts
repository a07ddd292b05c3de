import Router, { type RouterContext } from '@koa/router';
import type { Context } from 'koa';
import type { Simulators } from '../../bot/automation/drivers/simulator/simulator.ts';
import type {
  FaultOrder,
  Person,
  SeenMessage,
  WorldRoom,
} from '../../bot/automation/drivers/simulator/simulator-types.ts';
import type { SimulatedWeChat } from '../../bot/automation/drivers/simulator/simulator-wechat.ts';
import { AppError } from '../../bot/errors.ts';
import { readJson } from '../middleware/body.ts';
import { validate } from '../middleware/validate.ts';
import { messageView, roomView } from './envelope.ts';
import {
  changeRoomSchema,
  createContactSchema,
  createRoomSchema,
  faultSchema,
  kickSchema,
  messagesQuery,
  sayPrivatelySchema,
  saySchema,
  scanSchema,
} from './schema.ts';

type Handler = (wechat: SimulatedWeChat, ctx: RouterContext) => unknown;

/**
 * The outside of the simulated WeChats: a hand with a phone, people who talk, faults on request.
 * A bot with another driver is unknown here. Refusals are thrown: an error boundary around it
 * spells them.
 */
export function createSimulatorRouter(options: { simulators: Pick<Simulators, 'get'> }): Router {
  const router = new Router({ prefix: '/simulator/:botcode' });
  const on =
    (handler: Handler) =>
    async (ctx: RouterContext): Promise<void> => {
      ctx.set('cache-control', 'no-store');
      ctx.body = await handler(wechatOf(options.simulators, ctx.params['botcode']), ctx);
    };

  router.get(
    '/',
    on((wechat) => wechat.view()),
  );
  router.post(
    '/scan',
    on(async (wechat, ctx) => {
      wechat.scan(validate(scanSchema, await readJson(ctx)).account);
      return wechat.view();
    }),
  );
  router.post(
    '/confirm',
    on(async (wechat) => {
      await wechat.confirm();
      return wechat.view();
    }),
  );
  router.post(
    '/kick',
    on(async (wechat, ctx) => {
      wechat.kick(validate(kickSchema, await readJson(ctx)).reason);
      return wechat.view();
    }),
  );

  router.get(
    '/rooms',
    on((wechat) => ({ rooms: wechat.rooms().map((room) => roomView(wechat.world, room)) })),
  );
  router.post(
    '/rooms',
    on(async (wechat, ctx) => {
      const { topic, members, silent } = validate(createRoomSchema, await readJson(ctx));
      return roomView(wechat.world, wechat.createRoom(topic, members, silent));
    }),
  );
  router.get(
    '/rooms/:id',
    on((wechat, ctx) => roomView(wechat.world, roomOf(wechat, ctx.params['id']))),
  );
  router.patch(
    '/rooms/:id',
    on(async (wechat, ctx) => {
      const room = roomOf(wechat, ctx.params['id']);
      const { topic, add, remove, silent } = validate(changeRoomSchema, await readJson(ctx));
      const change = {
        ...(topic !== undefined && { topic }),
        ...(add !== undefined && { add }),
        ...(remove !== undefined && { remove }),
      };
      return roomView(wechat.world, wechat.changeRoom(room, change, silent));
    }),
  );
  router.post(
    '/rooms/:id/say',
    on(async (wechat, ctx) => {
      const room = roomOf(wechat, ctx.params['id']);
      const { from, text, at } = validate(saySchema, await readJson(ctx));
      return messageView(wechat.say(room, from, text, at));
    }),
  );
  router.get(
    '/rooms/:id/messages',
    on((wechat, ctx) => messages(ctx, wechat.world.seen(roomOf(wechat, ctx.params['id']).id))),
  );

  router.get(
    '/contacts',
    on((wechat) => ({ contacts: wechat.contacts().map(({ id, name }) => ({ id, name })) })),
  );
  router.post(
    '/contacts',
    on(async (wechat, ctx) => {
      const { name } = validate(createContactSchema, await readJson(ctx));
      const { id } = wechat.world.addContact(name);
      return { id, name };
    }),
  );
  router.post(
    '/contacts/:id/say',
    on(async (wechat, ctx) => {
      const contact = contactOf(wechat, ctx.params['id']);
      const { text } = validate(sayPrivatelySchema, await readJson(ctx));
      return messageView(wechat.sayPrivately(contact, text));
    }),
  );
  router.get(
    '/contacts/:id/messages',
    on((wechat, ctx) => messages(ctx, wechat.world.seen(contactOf(wechat, ctx.params['id']).id))),
  );

  router.get(
    '/faults',
    on((wechat) => ({ faults: wechat.faults.list() })),
  );
  router.post(
    '/faults',
    on(async (wechat, ctx) => {
      const order: FaultOrder = validate(faultSchema, await readJson(ctx));
      return { ...wechat.addFault(order) };
    }),
  );
  router.delete(
    '/faults',
    on((wechat) => {
      wechat.clearFaults();
      return { faults: [] };
    }),
  );

  return router;
}

function wechatOf(simulators: Pick<Simulators, 'get'>, botcode = ''): SimulatedWeChat {
  const wechat = simulators.get(botcode);
  if (wechat !== undefined) return wechat;
  throw new AppError('unknown_bot', {
    zh: `没有模拟机器人 ${botcode}`,
    en: `no simulated bot ${botcode}`,
  });
}

function roomOf(wechat: SimulatedWeChat, id = ''): WorldRoom {
  const room = wechat.world.room(id);
  if (room !== undefined) return room;
  throw new AppError('not_found', { zh: `没有群 ${id}`, en: `no room ${id}` });
}

function contactOf(wechat: SimulatedWeChat, id = ''): Person {
  const contact = wechat.world.person(id);
  if (contact?.friend === true) return contact;
  throw new AppError('not_found', { zh: `没有联系人 ${id}`, en: `no contact ${id}` });
}

function messages(ctx: Context, seen: readonly SeenMessage[]): unknown {
  const { after, limit } = validate(messagesQuery, ctx.query);
  let from = 0;
  if (after !== undefined) {
    const last = seen.findIndex(({ id }) => id === after);
    if (last === -1) {
      throw new AppError(
        'field_value',
        { zh: `after: 没有消息 ${after}`, en: `after: no message ${after}` },
        { field: 'after' },
      );
    }
    from = last + 1;
  }
  if (limit !== undefined) from = Math.max(from, seen.length - limit);
  return { messages: seen.slice(from).map(messageView) };
}
