import { afterEach, beforeEach, expect, it } from 'vitest';
import { OfficialRig } from '../../tests/support/official-rig.ts';

let rig: OfficialRig;
beforeEach(async () => {
  rig = await OfficialRig.open();
});
afterEach(() => rig.close());

it('begin behind any message, in the inbox and among what was said to many', async () => {
  const ids: number[] = [];
  const expected = (after: number): string[] =>
    ids.flatMap((id, at) => (id > after ? [`${at}`] : []));
  for (let at = 0; at < 60; at += 1) {
    const many = at % 4 === 1 || at > 50;
    const { id } = await rig.push(many ? ['u', 'v'] : ['u'], `${at}`, many);
    ids.push(id);
    // Of others, in between.
    await rig.push(['w'], 'x');
    if (at % 5 === 0) await rig.push(['v', 'w'], 'y', true);
  }
  for (let id = 0; id <= (ids.at(-1) ?? 0) + 3; id += 1) {
    expect(await rig.waiting('u', id), `behind ${id}`).toEqual(expected(id));
  }
});

it('are read in pieces of any size, each once', async () => {
  const texts = Array.from({ length: 50 }, (_, at) => `${at}`);
  for (const [at, text] of texts.entries()) await rig.push(['u', 'v'], text, at % 3 === 0);
  // What was said to `v` alone is in no inbox of `u`, but in its block.
  for (let at = 0; at < 20; at += 1) await rig.push(['v'], 'not for u', true);
  await rig.push(['u'], '50');
  const user = await rig.im.names.get('u');
  for (const limit of [1, 2, 3, 7, 100]) {
    const numbers: number[] = [];
    let position = await rig.official.frames.after(user, 0);
    for (let more = true; more; ) {
      const found = await rig.official.frames.read(user, position, limit);
      numbers.push(...found.placed.map(({ message }) => message.id));
      ({ position, more } = found);
    }
    expect(numbers, `${limit} at a time`).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(numbers).toHaveLength(51);
  }
});

it('users of every place in a block, and of many blocks, get what is theirs', async () => {
  const names = Array.from({ length: 2100 }, (_, at) => `n${at}`);
  await rig.push(names, 'all', true);
  const some = names.filter((_, at) => at % 7 === 0 || at > 2090);
  await rig.push(some, 'some', true);
  for (let at = 0; at < names.length; at += 41) {
    const name = names[at] ?? '';
    expect(await rig.waiting(name), name).toEqual(some.includes(name) ? ['all', 'some'] : ['all']);
  }
  expect(await rig.waiting('n2099')).toEqual(['all', 'some']);
  expect(await rig.waiting('stranger')).toEqual([]);
});

it('the gap of a restore is none for who reads', async () => {
  const before = [];
  for (let at = 0; at < 5; at += 1) before.push((await rig.push(['u'], `${at}`)).id);
  const { uid } = await rig.im.names.get('u');
  // As a restore leaves it: places and numbers go on behind a gap.
  await rig.db.transaction(async (tx) => {
    await tx.run('INSERT INTO im_inbox VALUES (-1, ?, 1000005, 0)', [uid]);
    await tx.run(
      `INSERT INTO im_messages (id, appid, kind, sender, receiver, device, client_id, content, at)
       VALUES (1000005, -1, 'notice', 0, 0, 0, 0, x'', 0)`,
    );
  });
  await rig.restart();
  for (let at = 5; at < 8; at += 1) await rig.push(['u'], `${at}`);
  expect(await rig.waiting('u')).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
  expect(await rig.waiting('u', before[2])).toEqual(['3', '4', '5', '6', '7']);
  expect(await rig.waiting('u', before[4])).toEqual(['5', '6', '7']);
});
