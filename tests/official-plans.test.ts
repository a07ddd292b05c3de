import { expect, it } from 'vitest';
import { OfficialRig } from './support/official-rig.ts';
import { planSteps } from './support/plan-steps.ts';

/** Tables that grow with use. */
const growing = /official_|im_messages|im_inbox|im_cursors|im_names/;

it('no statement of the official-account component looks through a table', async () => {
  const rig = await OfficialRig.open();
  try {
    const { readers, retention, frames } = rig.official;
    for (let at = 0; at < 40; at += 1) await rig.push(['u'], `${at}`, false, `key ${at}`);
    await rig.push(['u', 'v', 'w'], 'many', true);
    const user = await rig.im.names.get('u');
    for (const device of ['', 'phone', 'phone']) {
      const reader = await readers.open(user, device);
      readers.acked(reader, 3);
      readers.close(reader);
    }
    await rig.im.cursors.write();
    for (const id of [0, 7, 1000]) await frames.read(user, await frames.after(user, id), 10);
    await rig.clock.advance(100 * 86_400_000);
    await retention.run();
    await rig.restart();
    await rig.push(['u', 'v'], 'many', true);
    expect(rig.db.statements.size).toBeGreaterThan(25);

    const steps = await planSteps(rig.db, rig.db.statements);
    const scans = steps.filter(
      ({ sql, detail }) =>
        growing.test(sql) &&
        /^SCAN |TEMP B-TREE/.test(detail) &&
        // An index that holds only what is looked for is read from its beginning.
        !detail.includes('im_messages_to_many'),
    );
    expect(scans).toEqual([]);
  } finally {
    await rig.close();
  }
});
