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

const ann = wechat('ann');
const idOf = async (words = '1', who = ann) => (await rig.ask(who, words)).conversation.id;
/** The newest place that a page shows. */
const newest = async (id: number) => (await office.history(id, undefined, 1)).words[0]?.seq ?? 0;

describe('an answer that is asked for again', () => {
  it('is the same one, at once, later, and in another life', async () => {
    const joe = await rig.connect('joe');
    const id = await idOf();
    const asked = { txcode: 'a1' };
    const [first, second] = await Promise.all([
      office.say(id, 'boss', text('hi'), asked),
      office.say(id, 'boss', text('hi'), asked),
    ]);
    const third = await office.say(id, 'another', text('hi'), asked);
    await rig.restart();
    const fourth = await rig.im.office.say(id, 'boss', text('hi'), asked);
    expect([second.id, third.id, fourth.id]).toEqual([first.id, first.id, first.id]);
    expect(fourth.parties?.agent).toBe('joe');
    expect(joe.heard).toEqual(['1', 'hi']);
    expect(rig.sent.map((one) => one.words)).toEqual(['hi']);
    expect(await rig.inbox('ann')).toEqual(['1', 'hi']);
  });

  it('does not touch what waits since', async () => {
    const id = await idOf();
    await office.say(id, 'boss', text('hi'), { txcode: 'a1' });
    await rig.ask(ann, '2');
    await office.say(id, 'boss', text('hi'), { txcode: 'a1' });
    expect(await office.get(id)).toMatchObject({ waiting: true });
  });

  it('says nothing else: neither other words, nor to somebody else', async () => {
    const id = await idOf();
    const other = await idOf('2', imbot('bob'));
    await office.say(id, 'boss', text('hi'), { txcode: 'a1' });
    const refusal = { code: 'duplicate_request' };
    const words = office.say(id, 'boss', text('hi!'), { txcode: 'a1' });
    await expect(words).rejects.toMatchObject(refusal);
    await expect(office.say(other, 'boss', text('hi'), { txcode: 'a1' })).rejects.toMatchObject(
      refusal,
    );
    expect(rig.sent.map((one) => one.words)).toEqual(['hi']);
    expect(await rig.inbox('bob')).toEqual(['2']);
    expect(await office.get(other)).toMatchObject({ waiting: true });
    // The same words under a number of their own, or under none, are said again.
    await office.say(id, 'boss', text('hi'), { txcode: 'a2' });
    await office.say(id, 'boss', text('hi'));
    expect(rig.sent).toHaveLength(3);
  });

  it('is new where the first was refused', async () => {
    const id = await idOf();
    const long = office.say(id, 'boss', text('长'.repeat(20_000)), { txcode: 'a1' });
    await expect(long).rejects.toMatchObject({ code: 'too_large' });
    await office.say(id, 'boss', text('hi'), { txcode: 'a1' });
    expect(rig.sent.map((one) => one.words)).toEqual(['hi']);
  });

  it('is known as long as what was said is', async () => {
    const id = await idOf();
    await office.say(id, 'boss', text('hi'), { txcode: 'a1' });
    const numbered = 'SELECT 1 FROM im_messages WHERE txcode IS NOT NULL';
    expect(await rig.db.read(numbered)).toHaveLength(1);
    await rig.clock.advance(366 * 86_400_000);
    // The newest of all stays.
    await rig.ask(ann, '2');
    await rig.restart();
    await rig.clock.advance(3_600_000);
    expect(await rig.db.read(numbered)).toEqual([]);
    await rig.im.office.say(id, 'boss', text('hi'), { txcode: 'a1' });
    expect(rig.sent).toHaveLength(2);
  });
});

describe('words that came while an operator wrote', () => {
  it('go on waiting, and they alone are told to who comes', async () => {
    const id = await idOf();
    await rig.ask(ann, '2');
    const seen = await newest(id);
    await rig.ask(ann, '3');
    await rig.ask(ann, '4');
    await office.say(id, 'boss', text('to the first two'), { seen });
    expect(await office.get(id)).toMatchObject({ waiting: true });
    expect(await rig.im.conversations.countWaiting()).toBe(1);
    expect(await office.list({ waiting: true }, undefined, 9)).toHaveLength(1);
    const joe = await rig.connect('joe');
    await rig.settled();
    expect(joe.heard).toEqual(['3', '4']);
  });

  it('wait no more once they were seen, too', async () => {
    const id = await idOf();
    const seen = await newest(id);
    await rig.ask(ann, '2');
    await office.say(id, 'boss', text('to the first'), { seen });
    await office.say(id, 'boss', text('to the second'), { seen: await newest(id) });
    expect(await office.get(id)).toMatchObject({ waiting: false });
    const joe = await rig.connect('joe');
    await rig.settled();
    expect(joe.heard).toEqual([]);
  });

  it('are not those of another conversation in the same inbox, nor answers', async () => {
    const id = await idOf();
    const seen = await newest(id);
    // 300: more than is looked through at once.
    await Promise.all(Array.from({ length: 300 }, () => rig.ask(imbot('ann'), 'elsewhere')));
    await office.say(id, 'eve', text('one moment'), { seen });
    expect(await office.get(id)).toMatchObject({ waiting: false });
    await rig.ask(ann, '2');
    await Promise.all(Array.from({ length: 300 }, () => rig.ask(imbot('ann'), 'elsewhere')));
    await office.say(id, 'eve', text('still there?'), { seen });
    expect(await office.get(id)).toMatchObject({ waiting: true });
  });

  it('do not wait where an agent was told of them', async () => {
    await rig.connect('joe');
    const id = await idOf();
    await rig.ask(ann, '2');
    await office.say(id, 'boss', text('hi'), { seen: 0 });
    expect(await office.get(id)).toMatchObject({ waiting: false });
  });

  it('are all of them for who has seen nothing, and none for who does not tell', async () => {
    const id = await idOf();
    await office.say(id, 'boss', text('hi'), { seen: 0 });
    expect(await office.get(id)).toMatchObject({ waiting: true });
    await office.say(id, 'boss', text('hi'));
    expect(await office.get(id)).toMatchObject({ waiting: false });
  });
});
