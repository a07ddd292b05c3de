import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imbot, ServiceRig, text, wechat } from '../../tests/support/service-rig.ts';
import { AppError } from '../errors.ts';

let rig: ServiceRig;
beforeEach(async () => {
  rig = await ServiceRig.open();
});
afterEach(() => rig.close());

const ann = wechat('ann');

describe('a customer of whom nobody knew', () => {
  it('is one conversation, also when two messages come at once', async () => {
    const agent = await rig.connect('joe');
    const [one, two] = await Promise.all([rig.ask(ann, 'a'), rig.ask(ann, 'b')]);
    expect(one.conversation.id).toBe(two.conversation.id);
    expect(one.conversation).toMatchObject({ ...ann, agent: 'joe', storeId: undefined });
    expect(agent.heard).toEqual(['a', 'b']);
    expect(await rig.inbox('ann')).toEqual(['a', 'b']);
    expect(await rig.inbox('joe')).toEqual(['a', 'b']);
    expect(rig.queue('ann', 'joe')).toEqual(['a', 'b']);
  });

  it('is another one by another way, and in another account', async () => {
    await rig.connect('joe');
    const ids = new Set<number>();
    for (const ref of [ann, wechat('ann', { account: 'wx2' }), imbot('ann')]) {
      ids.add((await rig.ask(ref, 'a')).conversation.id);
    }
    expect(ids.size).toBe(3);
    expect(await rig.im.conversations.ofContact('wechat', 'wx2', 'ann')).toMatchObject({
      account: 'wx2',
    });
    expect(await rig.im.conversations.ofContact('wechat', 'wx3', 'ann')).toBeUndefined();
  });

  it('leaves nothing behind when the transaction fails', async () => {
    await rig.connect('joe');
    const failed = rig.db.transaction(async (tx) => {
      await rig.im.conversations.fromCustomer(tx, { customer: ann, content: text('lost') });
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await rig.im.conversations.find('joe', 'ann')).toBeUndefined();
    const { conversation } = await rig.ask(ann, 'kept');
    expect(await rig.inbox('joe')).toEqual(['kept']);
    expect(rig.im.conversations.peek(conversation.id)).toMatchObject({ agent: 'joe' });
    expect(await rig.im.conversations.find('joe', 'ann')).toMatchObject({ contact: 'ann' });
  });

  it('keeps the name and the picture that came last', async () => {
    await rig.connect('joe');
    await rig.ask(wechat('ann', { name: 'Ann', avatar: 'a.png' }), 'a');
    await rig.ask(ann, 'b');
    const found = await rig.im.conversations.find('joe', 'ann');
    expect(found).toMatchObject({ name: 'Ann', avatar: 'a.png' });
    await rig.ask(wechat('ann', { name: 'Anna' }), 'c');
    expect(await rig.im.conversations.find('joe', 'ann')).toMatchObject({ name: 'Anna' });
  });
});

describe('an answer', () => {
  it('reaches the customer, WeChat, and whatever else the agent looks at', async () => {
    const [first, second] = [await rig.connect('joe'), await rig.connect('joe')];
    await rig.ask(ann, 'hello');
    const talk = await rig.answer('joe', 'ann', 'hi', first.session);
    expect(talk?.conversation).toMatchObject({ contact: 'ann', agent: 'joe' });
    expect(await rig.inbox('ann')).toEqual(['hello', 'hi']);
    // The one it was said on is told in another way.
    expect(first.heard).toEqual(['hello']);
    expect(second.heard).toEqual(['hello', 'hi']);
    const messageId = talk?.message.id ?? 0;
    expect(rig.sent).toEqual([{ openId: 'ann', words: 'hi', agent: 'joe', messageId }]);
    // Nobody fetches it there, but it is in the history.
    expect(rig.queued.filter((one) => one.to === 'ann')).toMatchObject([
      { from: 'joe', words: 'hi', waits: false },
    ]);
    expect(talk?.message.parties).toMatchObject({ agent: 'joe' });
    expect(rig.im.conversations.answers).toMatchObject({ wechat: 1, imbot: 0, gobelieve: 0 });
  });

  it('to a customer of the mini-program IM waits in his queue', async () => {
    await rig.connect('joe');
    await rig.ask(imbot('bob'), 'hello');
    await rig.answer('joe', 'bob', 'hi');
    expect(rig.sent).toEqual([]);
    expect(rig.queued).toMatchObject([
      { from: 'bob', to: 'joe', words: 'hello', waits: true },
      { from: 'joe', to: 'bob', words: 'hi', waits: true },
    ]);
  });

  it('is nothing to a customer of somebody else, to nobody, and to oneself', async () => {
    await rig.connect('joe');
    await rig.ask(ann, 'hello');
    await rig.connect('eve');
    expect(await rig.answer('eve', 'ann', 'mine!')).toBeUndefined();
    expect(await rig.answer('joe', 'nobody', 'hi')).toBeUndefined();
    expect(await rig.answer('ann', 'ann', 'hi')).toBeUndefined();
    expect(await rig.inbox('ann')).toEqual(['hello']);
    expect(rig.sent).toEqual([]);
  });

  it('that does not fit into a frame is refused, not cut', async () => {
    await rig.connect('joe');
    await rig.ask(ann, 'hello');
    const long = rig.answer('joe', 'ann', '长'.repeat(20_000));
    await expect(long).rejects.toThrow(AppError);
    expect(await rig.inbox('ann')).toEqual(['hello']);
  });

  it('that cannot leave is said to the agent', async () => {
    const agent = await rig.connect('joe');
    await rig.ask(ann, 'hello');
    rig.doorFault = new Error('no such account');
    await rig.answer('joe', 'ann', 'hi');
    await rig.db.transaction(() => {});
    expect(agent.heard).toEqual(['hello', 'hi', 'system: not_sent unavailable']);
  });

  it('to one of two customers of that name goes to who spoke last', async () => {
    await rig.connect('joe');
    await rig.ask(imbot('ann'), 'in the app');
    await rig.clock.advance(1000);
    await rig.ask(ann, 'in WeChat');
    expect((await rig.answer('joe', 'ann', 'hi'))?.conversation.via).toBe('wechat');
    expect(await rig.im.conversations.find('joe', 'ann')).toMatchObject({ via: 'wechat' });
    await rig.clock.advance(1000);
    await rig.ask(imbot('ann'), 'again');
    expect((await rig.answer('joe', 'ann', 'hi'))?.conversation.via).toBe('imbot');
    expect(await rig.im.conversations.find('joe', 'ann')).toMatchObject({ via: 'imbot' });
  });
});

describe('without a desk', () => {
  it('the one before answers while connected, then another one', async () => {
    const joe = await rig.connect('joe');
    await rig.ask(ann, '1');
    const eve = await rig.connect('eve');
    await rig.ask(ann, '2');
    joe.leave();
    await rig.ask(ann, '3');
    const back = await rig.connect('joe');
    await rig.ask(ann, '4');
    expect(joe.heard).toEqual(['1', '2']);
    expect(eve.heard).toEqual(['3', '4']);
    expect(back.heard).toEqual([]);
    expect(await rig.answer('joe', 'ann', 'late')).toBeUndefined();
  });

  it('who has fewest conversations gets the next', async () => {
    const agents = [await rig.connect('a1'), await rig.connect('a2'), await rig.connect('a3')];
    for (let at = 0; at < 9; at += 1) await rig.ask(wechat(`c${at}`), `${at}`);
    expect(agents.map((one) => one.heard.length)).toEqual([3, 3, 3]);
  });

  it('no customer is asked to answer', async () => {
    // Both are connected; one of them asks.
    const bob = await rig.connect('bob');
    await rig.ask(imbot('bob'), 'help');
    expect(bob.heard).toEqual(['help']);
    await rig.ask(ann, 'me too');
    expect(bob.heard).toEqual(['help']);
    const joe = await rig.connect('joe');
    await rig.settled();
    expect(joe.heard).toEqual(['help', 'me too']);
    expect(bob.heard).toEqual(['help']);
  });

  it('an agent without a connection is there for a while after he asked', async () => {
    await rig.ask(ann, '1');
    await rig.im.names.get('joe');
    rig.im.conversations.agentAsked('joe');
    await rig.settled();
    await rig.ask(ann, '2');
    await rig.clock.advance(301_000);
    await rig.ask(ann, '3');
    expect(rig.queue('ann', 'joe')).toEqual(['1', '2']);
    rig.im.conversations.agentAsked('joe');
    await rig.settled();
    expect(rig.queue('ann', 'joe')).toEqual(['1', '2', '3']);
  });
});

describe('what nobody was told of', () => {
  it('is handed over once and in order to whoever comes, with the time it was said', async () => {
    const said: number[] = [];
    for (const words of ['1', '2', '3']) {
      said.push((await rig.ask(ann, words)).message.at);
      await rig.clock.advance(1000);
    }
    await rig.ask(wechat('ben'), 'b');
    expect(await rig.im.conversations.store.countWaiting()).toBe(2);
    await rig.clock.advance(60_000);
    const joe = await rig.connect('joe');
    await rig.settled();
    expect(joe.heard).toEqual(['1', '2', '3', 'b']);
    expect(await rig.inbox('ann')).toEqual(['1', '2', '3']);
    expect(rig.queued.filter((one) => one.from === 'ann').map((one) => one.at)).toEqual(said);
    expect(await rig.im.conversations.store.countWaiting()).toBe(0);
    // Numbers of messages rise in his inbox, whatever waited how long.
    const placed = await rig.im.log.read(await rig.im.names.get('joe'), 0, 10);
    const ids = placed.map(({ message }) => message.id);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
    await rig.ask(ann, '4');
    expect(joe.heard).toEqual(['1', '2', '3', 'b', '4']);
  });

  it('is told once when many come at the same moment', async () => {
    for (let at = 0; at < 20; at += 1) {
      for (const words of ['x', 'y']) await rig.ask(wechat(`c${at}`), `${at}${words}`);
    }
    const names = Array.from({ length: 8 }, (_, at) => `agent${at}`);
    const agents = await Promise.all(names.map((name) => rig.connect(name)));
    await rig.settled();
    const all = agents.flatMap((one) => one.heard);
    expect(all.length).toBe(40);
    expect(new Set(all).size).toBe(40);
    for (const { heard } of agents) {
      for (const words of heard.filter((one) => one.endsWith('y'))) {
        expect(heard.indexOf(words.replace('y', 'x'))).toBe(heard.indexOf(words) - 1);
      }
    }
  });

  it('is not overtaken by what is said while it is handed over', async () => {
    const ask = (from: number, to: number) =>
      Promise.all(Array.from({ length: to - from }, (_, at) => rig.ask(ann, `${from + at}`)));
    await ask(0, 250);
    const joe = await rig.connect('joe');
    for (let at = 250; at < 300; at += 10) await ask(at, at + 10);
    await rig.settled();
    expect(joe.heard).toEqual(Array.from({ length: 300 }, (_, at) => `${at}`));
  });

  it('is handed over after a restart, too', async () => {
    await rig.ask(ann, '1');
    await rig.restart();
    await rig.ask(ann, '2');
    const joe = await rig.connect('joe');
    await rig.settled();
    expect(joe.heard).toEqual(['1', '2']);
  });

  it('is told at once to who comes while it is being written', async () => {
    const user = await rig.im.names.get('joe');
    const heard: string[] = [];
    await rig.db.transaction(async (tx) => {
      await rig.im.conversations.fromCustomer(tx, { customer: ann, content: text('1') });
      rig.listen(user, ({ message }) => heard.push(String(message.id)));
      rig.im.conversations.agentCameOnline('joe');
      await tx.get('SELECT 1');
    });
    await rig.settled();
    expect(heard.length).toBe(1);
  });

  it('is found behind the gap that a restore leaves', async () => {
    const { appid, uid } = (await rig.ask(ann, '1')).conversation.customer;
    await rig.restart();
    const sql = 'INSERT INTO im_inbox (appid, uid, seq, message_id) VALUES (?, ?, 1000001, 0)';
    await rig.db.transaction((tx) => tx.run(sql, [appid, uid]));
    await rig.ask(ann, '2');
    const joe = await rig.connect('joe');
    await rig.settled();
    await rig.ask(ann, '3');
    expect(joe.heard).toEqual(['1', '2', '3']);
  });

  it('goes to who asks for it by itself, should nobody say that somebody came', async () => {
    await rig.ask(ann, '1');
    await rig.settled();
    const heard: string[] = [];
    const user = await rig.im.names.get('joe');
    rig.listen(user, ({ message }) => heard.push(String(message.id)));
    await rig.clock.advance(61_000);
    await rig.settled();
    expect(heard.length).toBe(1);
  });
});

describe('names', () => {
  it('that look alike are others', async () => {
    const agents = [await rig.connect('7'), await rig.connect('007'), await rig.connect('7.0')];
    for (const contact of ['1', '01', '1e0']) await rig.ask(wechat(contact), contact);
    expect(agents.map((one) => one.heard.length)).toEqual([1, 1, 1]);
    for (const contact of ['1', '01', '1e0']) {
      const [one] = await rig.im.conversations.cache.ofContact(contact);
      const agent = one?.agent ?? '';
      expect(await rig.answer(agent, contact, 'hi')).toBeDefined();
      for (const other of ['7', '007', '7.0'].filter((name) => name !== agent)) {
        expect(await rig.answer(other, contact, 'hi')).toBeUndefined();
      }
    }
  });
});
