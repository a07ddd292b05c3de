import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imbot, ServiceRig, wechat, wordsOf } from '../../tests/support/service-rig.ts';
import { firstCustomer } from './desks.ts';
import type { Message } from './message.ts';

let rig: ServiceRig;
beforeEach(async () => {
  rig = await ServiceRig.open();
});
afterEach(() => rig.close());

const ann = wechat('ann', { name: 'Ann' });
const seller = (uid: number) => ({ appid: 7, uid });

describe('at a desk', () => {
  it('one who is online answers, and the same one again', async () => {
    await rig.desk(1, { 8: 'offline', 9: 'online' });
    expect((await rig.ask(ann, '1')).conversation).toMatchObject({ storeId: 1, agent: '9' });
    await rig.im.desks.setStatus(1, 9, 'offline');
    await rig.im.desks.setStatus(1, 8, 'online');
    expect((await rig.ask(ann, '2')).conversation.agent).toBe('9');
    expect((await rig.ask(wechat('ben'), '3')).conversation.agent).toBe('8');
  });

  it('the first answers when nobody is online', async () => {
    await rig.desk(1, { 8: 'offline', 9: 'offline' });
    expect((await rig.ask(ann, '1')).conversation.agent).toBe('8');
  });

  it('who is connected elsewhere is not asked', async () => {
    await rig.desk(1, { 9: 'offline' });
    const joe = await rig.connect('joe');
    await rig.ask(ann, '1');
    expect(joe.heard).toEqual([]);
  });

  it('whom the customer names answers, if he sells there', async () => {
    await rig.desk(1, { 8: 'online', 9: 'offline' });
    await rig.ask(ann, '1');
    expect((await rig.ask(ann, '2', { agent: '9' })).conversation.agent).toBe('9');
    expect((await rig.ask(ann, '3')).conversation.agent).toBe('9');
    expect((await rig.ask(ann, '4', { agent: '10' })).conversation.agent).toBe('9');
  });

  it('a seller sees the customer as one of his application, in every place he looks at', async () => {
    await rig.desk(1, { 9: 'online' });
    const heard: Message[] = [];
    rig.listen(seller(9), ({ message }) => heard.push(message));
    const official = await rig.connect('9');
    await rig.ask(ann, '1');
    await rig.ask(ann, '2');
    expect(heard.map(wordsOf)).toEqual(['1', '2']);
    const [first] = heard;
    expect(first).toMatchObject({ kind: 'customer', appid: 7, receiver: 9 });
    expect(first?.parties).toMatchObject({ senderApp: 7, receiverApp: 7 });
    expect(first?.sender).toBeGreaterThanOrEqual(firstCustomer);
    expect(heard[1]?.sender).toBe(first?.sender);
    const customer = { appid: 7, uid: first?.sender ?? 0 };
    expect(await rig.im.users.get(customer)).toMatchObject({ name: 'Ann' });
    expect(official.heard).toEqual(['1', '2']);
    expect(rig.queue('ann', '9')).toEqual(['1', '2']);
    expect(await rig.inbox('ann')).toEqual(['1', '2']);
  });

  it('an answer over the official component shows at GoBelieve, and the other way round', async () => {
    await rig.desk(1, { 9: 'online' });
    const heard: Message[] = [];
    rig.listen(seller(9), ({ message }) => heard.push(message));
    const official = await rig.connect('9');
    const { message } = await rig.ask(ann, 'hello');
    await rig.answer('9', 'ann', 'hi', official.session);
    const customer = { appid: 7, uid: message.sender };
    await rig.overGobelieve(seller(9), customer, 'ho');
    expect(heard.map(wordsOf)).toEqual(['hello', 'hi', 'ho']);
    expect(heard[1]).toMatchObject({ appid: 7, sender: 9, receiver: customer.uid });
    expect(official.heard).toEqual(['hello', 'ho']);
    expect(rig.sent).toMatchObject([
      { openId: 'ann', words: 'hi', agent: '9' },
      { openId: 'ann', words: 'ho', agent: '9' },
    ]);
    expect(await rig.inbox('ann')).toEqual(['hello', 'hi', 'ho']);
    expect(rig.queue('9', 'ann')).toEqual(['hi', 'ho']);
  });

  it('what does not reach WeChat is told to the seller, at GoBelieve as well', async () => {
    await rig.desk(1, { 9: 'online' });
    const { message } = await rig.ask(ann, 'hello');
    const notice = { event: 'not_sent', contact: 'ann', messageId: 7, reason: 'quota' } as const;
    await rig.db.transaction((tx) =>
      rig.im.conversations.tellAgent(tx, '9', { ...notice, errcode: 45047, text: '满' }),
    );
    expect(await rig.inbox('9')).toEqual(['hello', 'system: not_sent quota']);
    const told = (await rig.im.log.read(seller(9), 1, 9))[0]?.message;
    expect(told).toMatchObject({ kind: 'system', appid: 7, sender: 0, receiver: 9 });
    expect(JSON.parse(told?.content.toString() ?? '')).toEqual({
      ...{ event: 'not_sent', contact_id: 'ann', id: '7', reason: 'quota', errcode: 45047 },
      ...{ text: '满', customer: { appid: 7, uid: message.sender } },
    });
    // Who does not sell there has no such inbox.
    await rig.db.transaction((tx) =>
      rig.im.conversations.tellAgent(tx, '10', { ...notice, text: '满' }),
    );
    expect(await rig.inboxOf(seller(10))).toEqual([]);
  });

  it('a customer of the mini-program IM is answered in his queue', async () => {
    await rig.desk(1, { 9: 'online' });
    const { message } = await rig.ask(imbot('bob'), 'hello');
    await rig.overGobelieve(seller(9), { appid: 7, uid: message.sender }, 'hi');
    expect(rig.queued).toMatchObject([
      { from: 'bob', to: '9', words: 'hello' },
      { from: '9', to: 'bob', words: 'hi', waits: true },
    ]);
    expect(rig.sent).toEqual([]);
  });
});

describe('a desk is', () => {
  it('the one that the way here names, else the only one', async () => {
    await rig.desk(1, { 9: 'online' });
    expect((await rig.ask(ann, '1')).conversation.storeId).toBe(1);
    await rig.desk(2, { 10: 'online' });
    expect((await rig.ask(wechat('b'), '1', { storeId: 2 })).conversation.agent).toBe('10');
    expect((await rig.ask(wechat('c'), '1', { storeId: 3 })).conversation.storeId).toBeUndefined();
    expect((await rig.ask(wechat('d'), '1')).conversation.storeId).toBeUndefined();
    // Who answers already goes on.
    expect((await rig.ask(ann, '2', { storeId: 2 })).conversation.agent).toBe('9');
  });

  it('where nobody works, as if there were none', async () => {
    await rig.desk(1, {});
    const { conversation } = await rig.ask(ann, '1');
    expect(conversation).toMatchObject({ storeId: 1, agent: undefined });
    const joe = await rig.connect('joe');
    await rig.settled();
    expect(joe.heard).toEqual(['1']);
    await rig.im.desks.putSeller({ storeId: 1, uid: 9 });
    await rig.ask(ann, '2');
    expect(await rig.inbox('9')).toEqual(['2']);
    expect(await rig.inboxOf(seller(9))).toEqual(['2']);
  });

  it('staffed: what waited is handed over, as one of its application', async () => {
    await rig.desk(1, {});
    const { message } = await rig.ask(ann, '1');
    expect(message).toMatchObject({ appid: 7, receiver: 0 });
    await rig.ask(ann, '2');
    const heard: Message[] = [];
    rig.listen(seller(9), ({ message: one }) => heard.push(one));
    await rig.im.desks.putSeller({ storeId: 1, uid: 9 });
    await rig.settled();
    expect(heard.map(wordsOf)).toEqual(['1', '2']);
    expect(heard[0]).toMatchObject({ appid: 7, sender: message.sender, receiver: 9 });
  });
});

describe('removing', () => {
  it('a seller: his customers go to another when they speak again', async () => {
    await rig.desk(1, { 8: 'offline', 9: 'online' });
    await rig.ask(ann, '1');
    await rig.im.desks.removeSeller(1, 9);
    expect((await rig.answer('9', 'ann', 'still me'))?.conversation.agent).toBe('9');
    expect((await rig.ask(ann, '2')).conversation.agent).toBe('8');
    expect(await rig.answer('9', 'ann', 'and now')).toBeUndefined();
    expect(rig.sent.map((one) => one.words)).toEqual(['still me']);
  });

  it('a desk: its customers go to another one, or to whoever is connected', async () => {
    await rig.desk(1, { 9: 'online' });
    await rig.ask(ann, '1');
    await rig.im.desks.removeDesk(1);
    const joe = await rig.connect('joe');
    expect((await rig.ask(ann, '2')).conversation).toMatchObject({
      ...{ storeId: undefined, agent: 'joe' },
    });
    expect(joe.heard).toEqual(['2']);
    joe.leave();
    await rig.desk(2, { 10: 'online' });
    expect((await rig.ask(ann, '3')).conversation).toMatchObject({ storeId: 2, agent: '10' });
  });
});
