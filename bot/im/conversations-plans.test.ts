import { expect, it } from 'vitest';
import { planSteps } from '../../tests/support/plan-steps.ts';
import { ServiceRig, text, wechat } from '../../tests/support/service-rig.ts';

it('looks through no table', async () => {
  const rig = await ServiceRig.open();
  const ann = wechat('ann');
  await rig.desk(1, { 9: 'online' });
  rig.db.statements.clear();
  const joe = await rig.connect('joe');
  await rig.ask(ann, '1');
  await rig.answer('9', 'ann', 'hi');
  await rig.im.desks.removeSeller(1, 9);
  await rig.ask(ann, '2');
  await rig.ask(wechat('ben'), '3');
  await rig.connect('eve');
  await rig.ask(wechat('cem'), '4');
  const { id } = (await rig.ask(wechat('dan'), '5')).conversation;
  for (const txcode of ['a1', 'a1']) {
    await rig.im.office.say(id, 'boss', text('hi'), { txcode, seen: 0 });
  }
  joe.leave();
  await rig.settled();
  await rig.im.conversations.find('joe', 'ann');
  await rig.im.conversations.ofContact('wechat', 'wx1', 'new');
  expect(rig.db.statements.size).toBeGreaterThan(25);
  // There are few desks.
  const few = /im_desks|im_sellers/;
  const steps = await planSteps(rig.db, rig.db.statements);
  const scans = steps.filter(
    ({ sql, detail }) => !few.test(sql) && /^SCAN (?!recent|\()/.test(detail),
  );
  expect(scans).toEqual([]);
  await rig.close();
});
