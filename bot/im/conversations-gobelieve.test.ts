import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imbot, ServiceRig, wechat, wordsOf } from '../../tests/support/service-rig.ts';
import type { Message } from './message.ts';

let rig: ServiceRig;
beforeEach(async () => {
  rig = await ServiceRig.open();
});
afterEach(() => rig.close());

const ann = wechat('ann', { name: 'Ann' });
const seller = (uid: number) => ({ appid: 7, uid });

describe('over GoBelieve', () => {
  const customer = { appid: 8, uid: 5 };
  beforeEach(async () => {
    await rig.desk(1, { 9: 'online' });
    await rig.im.apps.update(8, { storeId: 1 });
  });

  it('a word to a seller is told wherever he looks, and so is what he answers', async () => {
    await rig.im.users.setName(customer, 'Cleo');
    const official = await rig.connect('9');
    const { message } = await rig.overGobelieve(customer, seller(9), 'hello');
    await rig.overGobelieve(seller(9), customer, 'hi');
    expect(official.heard).toEqual(['hello', 'hi']);
    expect(rig.queue('5', '9')).toEqual(['hello']);
    expect(rig.queued.filter((one) => one.to === '5')).toMatchObject([
      { from: '9', words: 'hi', waits: false },
    ]);
    expect(await rig.im.conversations.find('9', '5')).toMatchObject({
      ...{ via: 'gobelieve', account: '8', contact: '5', name: 'Cleo', storeId: 1 },
      customer,
    });
    const id = message.parties?.conversation ?? 0;
    expect(rig.im.conversations.peek(id)).toMatchObject({ contact: '5' });
    // As it lies on disk.
    const placed = await rig.im.log.read(customer, 0, 10);
    expect(placed.map((one) => one.message.parties)).toEqual([
      { senderApp: 8, receiverApp: 7, conversation: id },
      { senderApp: 7, receiverApp: 8, conversation: id, agent: '9' },
    ]);
  });

  it("an agent's answer elsewhere reaches the customer's client", async () => {
    await rig.overGobelieve(customer, seller(9), 'hello');
    const heard: Message[] = [];
    rig.listen(customer, ({ message }) => heard.push(message));
    const talk = await rig.answer('9', '5', 'hi');
    expect(heard.map(wordsOf)).toEqual(['hi']);
    expect(heard[0]).toMatchObject({ kind: 'customer', appid: 7, sender: 9, receiver: 5 });
    expect(heard[0]?.parties).toMatchObject({ senderApp: 7, receiverApp: 8 });
    expect(await rig.inboxOf(seller(9))).toEqual(['hello', 'hi']);
    expect(talk?.conversation.via).toBe('gobelieve');
  });

  it('a customer who turns to another seller is his', async () => {
    await rig.im.desks.putSeller({ storeId: 1, uid: 10 });
    await rig.overGobelieve(customer, seller(9), 'hello');
    await rig.overGobelieve(customer, seller(10), 'and you?');
    expect(await rig.answer('9', '5', 'hi')).toBeUndefined();
    expect(await rig.answer('10', '5', 'hi')).toBeDefined();
  });

  it('customers are called by their id; one that is the number of another gets a mark', async () => {
    const made = await rig.im.desks.register({ appid: 8, customerId: '5' });
    const other = { appid: 8, uid: made?.clientId ?? 0 };
    await rig.overGobelieve(customer, seller(9), 'one');
    await rig.overGobelieve(other, seller(9), 'two');
    await rig.overGobelieve(customer, seller(9), 'three');
    expect(rig.queue('5', '9')).toEqual(['one', 'three']);
    expect(rig.queue('5#2', '9')).toEqual(['two']);
    expect((await rig.answer('9', '5#2', 'hi'))?.conversation.customer).toEqual(other);
  });

  it('a seller does not get through to whom another one answers', async () => {
    await rig.im.desks.putSeller({ storeId: 1, uid: 10, status: 'offline' });
    const { message } = await rig.ask(ann, 'hello');
    const to = { appid: 7, uid: message.sender };
    expect(await rig.im.overhearing.mayAnswer(9, to)).toBe(true);
    expect(await rig.im.overhearing.mayAnswer(10, to)).toBe(false);
    expect(await rig.im.overhearing.mayAnswer(10, customer)).toBe(true);
    const eve = await rig.connect('10');
    // Should it come through all the same.
    await rig.overGobelieve(seller(10), to, 'let me');
    await rig.db.transaction(() => {});
    expect(rig.sent).toEqual([]);
    expect(await rig.inbox('ann')).toEqual(['hello']);
    expect(eve.heard).toEqual(['system: not_sent other_agent']);
    // Who answers no more leaves him to others.
    await rig.im.desks.removeSeller(1, 9);
    expect(await rig.im.overhearing.mayAnswer(10, to)).toBe(true);
    await rig.overGobelieve(seller(10), to, 'it is me now');
    expect(rig.sent).toMatchObject([{ words: 'it is me now', agent: '10' }]);
  });

  it('nobody can register as a customer of another way', async () => {
    const asked = rig.im.desks.register({ appid: 8, customerId: 'wxrc:wechat:wx1:ann' });
    await expect(asked).rejects.toMatchObject({ code: 'field_value' });
  });

  it('sellers talk to each other: who asked first is the customer', async () => {
    await rig.im.desks.putSeller({ storeId: 1, uid: 10 });
    await rig.overGobelieve(seller(9), seller(10), 'help');
    await rig.overGobelieve(seller(10), seller(9), 'what?');
    await rig.overGobelieve(seller(9), seller(10), 'this');
    expect(await rig.im.conversations.find('10', '9')).toMatchObject({ customer: seller(9) });
    expect(await rig.im.conversations.find('9', '10')).toBeUndefined();
    expect(await rig.inbox('10')).toEqual(['help', 'what?', 'this']);
  });

  it('one who is a customer elsewhere may sell', async () => {
    // The same text for both: somebody who asks is called as the seller is.
    await rig.ask(imbot('9'), 'am I here?');
    await rig.answer('9', '9', 'yes');
    expect(await rig.inbox('9')).toEqual(['am I here?', 'yes']);
    expect(await rig.inboxOf(seller(9))).toEqual(['am I here?', 'yes']);
  });

  it('a word to a desk by an older client goes to who sells there', async () => {
    const gone = { appid: 7, uid: 77 };
    const parties = { customerApp: 8, customer: 5, storeId: 1, seller: 77 };
    await new Promise<void>((resolve, reject) => {
      const say = { appid: 8, sender: 5, receiver: 77, content: Buffer.from('{"text":"hello"}') };
      const said = { ...say, kind: 'toDesk' as const, parties, to: gone };
      rig.im.sender.customer(said, (error) => (error === undefined ? resolve() : reject(error)));
    });
    expect(await rig.inboxOf(seller(9))).toEqual(['hello']);
    expect(await rig.inbox('9')).toEqual(['hello']);
  });
});
