import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { imbot, ServiceRig, wechat } from '../../tests/support/service-rig.ts';

let rig: ServiceRig;
beforeEach(async () => {
  rig = await ServiceRig.open();
});
afterEach(() => rig.close());

const day = 86_400_000;

describe('an agent who asks the desk himself', () => {
  it('still answers others, and not himself', async () => {
    const joe = await rig.connect('joe');
    await rig.ask(imbot('zed'), '1');
    await rig.ask(imbot('joe'), 'a question of my own');
    await rig.ask(imbot('zoe'), '2');
    await rig.ask(imbot('zed'), '3');
    expect(joe.heard.filter((words) => words.length === 1)).toEqual(['1', '2', '3']);
    expect(await rig.im.conversations.ofContact('imbot', '', 'joe')).toMatchObject({
      agent: undefined,
    });
    // Somebody else may.
    const eve = await rig.connect('eve');
    await rig.settled();
    expect(eve.heard).toEqual(['a question of my own']);
  });

  it('before he ever answered is a customer for a day, unless the config calls him an agent', async () => {
    await rig.ask(imbot('joe'), 'help');
    const joe = await rig.connect('joe');
    await rig.ask(wechat('ann'), '1');
    expect(joe.heard).not.toContain('1');
    const sure = await rig.connect('joe', 'certain');
    await rig.settled();
    expect(sure.heard).toEqual(['1']);
    sure.leave();
    joe.leave();
    await rig.ask(imbot('jim'), 'help');
    await rig.clock.advance(day + 1);
    const jim = await rig.connect('jim');
    await rig.ask(wechat('bob'), '2');
    expect(jim.heard).toContain('2');
  });

  it('is not asked to answer himself when an operator or a former life has made him his own agent', async () => {
    const { conversation } = await rig.ask(imbot('joe'), 'help');
    await rig.db.transaction((tx) =>
      tx.run('UPDATE im_conversations SET agent = ?, waiting = NULL WHERE id = ?', [
        'joe',
        conversation.id,
      ]),
    );
    await rig.restart();
    await rig.connect('joe');
    const eve = await rig.connect('eve');
    await rig.ask(imbot('joe'), 'anybody?');
    expect(eve.heard).toEqual(['anybody?']);
  });
});

it('a stranger of another channel by the same name keeps nobody from his work', async () => {
  const joe = await rig.connect('joe');
  // His own name says that he is somebody at WeChat: that is somebody else.
  await rig.ask(wechat('joe'), 'I am a user of WeChat');
  await rig.ask(wechat('ann'), '1');
  expect(joe.heard).toContain('1');
});

it('a socket that puts nobody on duty is given nothing; what is said waits for one that does', async () => {
  const heard: unknown[] = [];
  rig.listen(await rig.im.names.get('ann'), (placed) => heard.push(placed), 'none');
  expect(rig.im.conversations.duty.mayBeThere()).toBe(false);
  await rig.ask(wechat('bob'), '1');
  rig.im.conversations.agentCameOnline('ann');
  await rig.settled();
  expect(heard).toEqual([]);
  const joe = await rig.connect('joe');
  await rig.settled();
  expect(joe.heard).toEqual(['1']);
  joe.leave();
  await rig.ask(wechat('bob'), '2');
  expect(heard).toEqual([]);
  expect(await rig.im.conversations.countWaiting()).toBe(1);
});
