import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imbot, ServiceRig, text, wechat } from '../../tests/support/service-rig.ts';
import type { ServiceOffice } from './service-office.ts';

let rig: ServiceRig;
let office: ServiceOffice;
beforeEach(async () => {
  rig = await ServiceRig.open();
  office = rig.im.office;
});
afterEach(() => rig.close());

const ann = wechat('ann', { name: 'Ann_1' });
const idOf = async (words = '1', who = ann) => (await rig.ask(who, words)).conversation.id;
const said = async (id: number) =>
  (await office.history(id, undefined, 100)).words
    .reverse()
    .map((one) => [one.agent, one.content.type === 'text' ? one.content.text : one.content.type]);

describe('the list', () => {
  it('has the latest first, page by page, and can be narrowed', async () => {
    await rig.desk(1, { 9: 'online' });
    for (const contact of ['a', 'b', 'c']) {
      await rig.ask(wechat(contact), 'x');
      await rig.clock.advance(10);
    }
    await rig.ask(imbot('d'), 'x');
    const contacts = async (...args: Parameters<ServiceOffice['list']>) =>
      (await office.list(...args)).map((one) => one.contact);
    expect(await contacts({}, undefined, 3)).toEqual(['d', 'c', 'b']);
    const [, , third] = await office.list({}, undefined, 3);
    expect(await contacts({}, third, 3)).toEqual(['a']);
    expect(await contacts({ via: 'imbot' }, undefined, 9)).toEqual(['d']);
    expect(await contacts({ agent: '9', storeId: 1 }, undefined, 9)).toHaveLength(4);
    expect(await contacts({ agent: '8' }, undefined, 9)).toEqual([]);
    expect(await contacts({ waiting: true }, undefined, 9)).toEqual([]);
  });

  it('finds a part of a contact or a name, whatever is in it', async () => {
    await idOf();
    await idOf('x', wechat('100%'));
    const found = async (part: string) =>
      (await office.list({ text: part }, undefined, 9)).map((one) => one.contact);
    expect(await found('nn_')).toEqual(['ann']);
    expect(await found('n__1')).toEqual([]);
    expect(await found('0%')).toEqual(['100%']);
    expect(await found('%')).toEqual(['100%']);
    expect(await found("'")).toEqual([]);
  });
});

it('tells what sellers are called, beside their numbers', async () => {
  await rig.desk(1, { 9: 'online', 10: 'online' });
  await rig.im.desks.putSeller({ storeId: 1, uid: 9, name: '小李' });
  const id = await idOf();
  await office.assign(id, { agent: '9' });
  await office.say(id, 'boss', text('hi'));
  expect(await office.get(id)).toMatchObject({ agent: '9', agentName: '小李' });
  expect((await office.list({}, undefined, 9))[0]?.agentName).toBe('小李');
  const { words } = await office.history(id, undefined, 9);
  expect(words.map((one) => one.agentName)).toEqual(['小李', undefined]);
  // Who was given no name is called by the number.
  expect((await office.assign(id, { agent: '10' })).agentName).toBe('10');
});

describe('the history', () => {
  it('has both sides, and nothing else that lies in the inbox', async () => {
    await rig.connect('joe');
    const id = await idOf('in WeChat');
    const other = await idOf('in the app', imbot('ann'));
    const { uid } = await rig.im.names.get('ann');
    await rig.db.transaction((tx) =>
      rig.im.log.appendIn(tx, {
        ...{ kind: 'official', appid: -1, sender: 0, receiver: uid, device: 0, clientId: 0 },
        ...{ content: Buffer.from('{}'), inboxes: [{ appid: -1, uid }], push: 'push' },
      }),
    );
    await office.say(id, 'boss', text('hi'));
    expect(await said(id)).toEqual([
      [undefined, 'in WeChat'],
      ['joe', 'hi'],
    ]);
    expect(await said(other)).toEqual([[undefined, 'in the app']]);
  });

  it('goes back page by page through an inbox full of other things', async () => {
    await rig.connect('joe');
    const id = await idOf('first');
    // In the order of the calls.
    const asks = Array.from({ length: 600 }, (_, at) =>
      at % 100 === 0 ? rig.ask(ann, `${at}`) : rig.ask(imbot('ann'), 'other'),
    );
    await Promise.all(asks);
    const all: string[] = [];
    let before: number | undefined;
    do {
      const { words, next } = await office.history(id, before, 2);
      expect(words.length).toBeLessThanOrEqual(2);
      for (const { content } of words) all.push(content.type === 'text' ? content.text : '');
      before = next;
    } while (before !== undefined);
    expect(all).toEqual(['500', '400', '300', '200', '100', '0', 'first']);
  });

  it('of nothing is refused', async () => {
    await expect(office.history(7, undefined, 10)).rejects.toMatchObject({ code: 'not_found' });
    await expect(office.get(7)).rejects.toMatchObject({ code: 'not_found' });
    await expect(office.say(7, 'boss', text('x'))).rejects.toMatchObject({ code: 'not_found' });
    await expect(office.assign(7, { agent: 'x' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(office.rename(7, {})).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an operator', () => {
  it('answers in the name of the agent, who sees it; in his own where there is none', async () => {
    const id = await idOf();
    await office.say(id, 'boss', text('a moment please'));
    const joe = await rig.connect('joe');
    await rig.ask(ann, '2');
    await rig.settled();
    await office.say(id, 'boss', text('joe is here'));
    expect(joe.heard).toEqual(['2', 'joe is here']);
    expect(rig.sent).toMatchObject([
      { words: 'a moment please', agent: 'boss' },
      { words: 'joe is here', agent: 'joe' },
    ]);
  });

  it('ends the waiting by answering: what was answered is told to nobody any more', async () => {
    const id = await idOf();
    await rig.ask(ann, '2');
    expect(await office.get(id)).toMatchObject({ waiting: true });
    expect(await rig.im.conversations.countWaiting()).toBe(1);
    await office.say(id, 'boss', text('here you are'));
    expect(await office.get(id)).toMatchObject({ waiting: false });
    expect(await rig.im.conversations.countWaiting()).toBe(0);
    // The next word waits again.
    await rig.ask(ann, '3');
    expect(await office.get(id)).toMatchObject({ waiting: true });
    const joe = await rig.connect('joe');
    await rig.settled();
    expect(joe.heard).toEqual(['3']);
  });

  it('gives it to another agent, who is told so and of all that follows', async () => {
    const joe = await rig.connect('joe');
    const eve = await rig.connect('eve');
    const id = await idOf();
    expect(joe.heard).toEqual(['1']);
    expect(await office.assign(id, { agent: 'eve' })).toMatchObject({ agent: 'eve' });
    await rig.ask(ann, '2');
    expect(joe.heard).toEqual(['1']);
    expect(eve.heard).toEqual(['system: assigned undefined', '2']);
    expect(await rig.answer('joe', 'ann', 'but')).toBeUndefined();
    expect(await rig.answer('eve', 'ann', 'hi')).toBeDefined();
    await rig.im.office.assign(id, { agent: 'eve' });
    expect(eve.heard).toHaveLength(3);
  });

  it('gives what waits to somebody who is not there', async () => {
    const id = await idOf();
    await rig.ask(ann, '2');
    expect(await office.assign(id, { agent: 'joe' })).toMatchObject({ waiting: false });
    expect(await rig.inbox('joe')).toEqual(['system: assigned undefined', '1', '2']);
    expect(rig.queue('ann', 'joe')).toEqual(['1', '2']);
    await rig.connect('eve');
    await rig.settled();
    expect(await rig.inbox('eve')).toEqual([]);
  });

  it('releases it: whoever is on duty gets the next word', async () => {
    const joe = await rig.connect('joe');
    const id = await idOf();
    joe.leave();
    const eve = await rig.connect('eve');
    expect(await office.assign(id, { agent: null })).toMatchObject({ agent: undefined });
    expect(await rig.answer('joe', 'ann', 'hi')).toBeUndefined();
    await rig.ask(ann, '2');
    expect(eve.heard).toEqual(['2']);
  });

  it('names at a desk those only who sell there, and moves it to another desk', async () => {
    await rig.desk(1, { 8: 'online', 9: 'offline' });
    const id = await idOf();
    const refused = office.assign(id, { agent: 'joe' });
    await expect(refused).rejects.toMatchObject({ code: 'field_value', field: 'agent' });
    expect(await office.assign(id, { agent: '9' })).toMatchObject({ agent: '9', storeId: 1 });
    await rig.ask(ann, '2');
    expect(await rig.inbox('9')).toEqual(['system: assigned undefined', '2']);
    await rig.desk(2, { 8: 'online', 10: 'offline' });
    expect(await office.assign(id, { storeId: 2 })).toMatchObject({ agent: undefined, storeId: 2 });
    await rig.ask(ann, '3');
    expect(await office.get(id)).toMatchObject({ agent: '8', storeId: 2 });
    expect(await office.assign(id, { storeId: 1 })).toMatchObject({ agent: '8', storeId: 1 });
    await expect(office.assign(id, { storeId: 3 })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leads a customer who comes over GoBelieve to another seller', async () => {
    await rig.desk(1, { 8: 'online', 9: 'offline' });
    const customer = { appid: 7, uid: 5 };
    expect(await rig.im.desks.supporter(customer, 1)).toMatchObject({ uid: 8 });
    const { message } = await rig.overGobelieve(customer, { appid: 7, uid: 8 }, 'hello');
    const id = message.parties?.conversation ?? 0;
    await office.assign(id, { agent: '9' });
    expect(await rig.im.desks.supporter(customer, 1)).toMatchObject({ uid: 9 });
    await office.assign(id, { agent: null });
    expect(await rig.im.desks.supporter(customer, 1)).toMatchObject({ uid: 8 });
  });

  it('names a customer', async () => {
    const id = await idOf();
    expect(await office.rename(id, { name: '安' })).toMatchObject({ name: '安', contact: 'ann' });
    expect(await rig.im.conversations.ofContact('wechat', 'wx1', 'ann')).toMatchObject({
      name: '安',
    });
  });
});
