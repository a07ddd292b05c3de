import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { GobelieveClient } from './support/gobelieve-client.ts';
import { command } from './support/gobelieve-frames.ts';
import type { SyncLine } from './support/gobelieve-line.ts';
import {
  Model,
  type ModelGroup,
  type ModelUser,
  type Step,
  steps,
} from './support/gobelieve-model.ts';
import { appid, GobelieveScene } from './support/gobelieve-scene.ts';

let scene: GobelieveScene;

beforeAll(async () => {
  scene = await GobelieveScene.start();
});
afterEach(() => scene.hangUp());
afterAll(() => scene?.close());

const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom(...steps, 'say', 'say', 'sayInGroup', 'sayInGroup', 'connect'),
  device: fc.nat({ max: 4 }),
  user: fc.nat({ max: 3 }),
  group: fc.nat({ max: 2 }),
  count: fc.integer({ min: 1, max: 8 }),
  loose: fc.boolean(),
});

it('whatever happens in whatever order, everybody has everything once and in order', async () => {
  const property = fc.asyncProperty(
    fc.array(step, { minLength: 5, maxLength: 60, size: 'max' }),
    async (happening) => {
      const model = await Model.start(scene);
      for (const one of happening) await model.run(one);
      await model.end();
      for (const user of model.users) await checkInbox(model, user);
      for (const group of model.groups) {
        for (const user of group.members) await checkGroup(model, group, user);
      }
      await scene.hangUp();
    },
  );
  await fc.assert(property, { numRuns: 60, endOnFailure: true });
});

/** Each device holds the whole inbox, and the inbox is what the model says. */
async function checkInbox(model: Model, user: ModelUser): Promise<void> {
  const { log } = scene.daemon.daemon.core.im;
  const lies = (await log.read({ appid, uid: user.uid }, 0, 100_000)).map(({ seq, message }) => ({
    key: seq,
    label: labelOf(message.kind === 'notice', message.content.toString()),
  }));
  for (const device of user.devices) {
    await reaches(device, device.inbox, lies.length);
    expect(heldIn(device.inbox)).toEqual(lies);
  }
  const labels = lies.map(({ label }) => label);
  const sure = labels.filter((label) => !model.perhaps.has(label));
  expect(sure.toSorted()).toEqual(user.said.toSorted());
  expect(new Set(labels.filter((label) => model.perhaps.has(label))).size).toBe(
    labels.length - sure.length,
  );
  expectInTurn(labels);
}

/** What has come since the user is a member is held by its devices, and nothing from before or between. */
async function checkGroup(model: Model, group: ModelGroup, user: ModelUser): Promise<void> {
  if (!group.isSuper) return;
  const { log } = scene.daemon.daemon.core.im;
  const last = await log.lastOfGroup(group.gid);
  const windows = (group.windows.get(user) ?? []).map(({ from, to }) => group.said.slice(from, to));
  const [now = [], seen] = [windows.at(-1), new Set(windows.flat())];
  const union = new Set<string>();
  for (const device of user.devices) {
    const line = device.follow(group.gid);
    await reaches(device, line, last);
    const held = heldIn(line);
    const keys = held.map(({ key }) => key);
    expect(keys).toEqual([...new Set(keys)].toSorted((one, other) => one - other));
    for (const { label } of held) {
      expect(seen.has(label) || model.perhaps.has(label) ? '' : label).toBe('');
      union.add(label);
    }
    expectInTurn(held.map(({ label }) => label));
  }
  // A second device begins where the first one is.
  expect(now.filter((label) => !union.has(label))).toEqual([]);
}

async function reaches(device: GobelieveClient, line: SyncLine, key: number): Promise<void> {
  await device.until(`key ${key}`, () => line.key === key && !line.isSyncing, 3000);
}

function heldIn(line: SyncLine): { key: number; label: string }[] {
  return line.taken.map(({ key, command: number, text }) => ({
    key,
    label: labelOf(number === command.groupNotice, text),
  }));
}

function labelOf(isNotice: boolean, text: string): string {
  if (!isNotice) return text;
  const [[kind, facts] = []] = Object.entries(
    JSON.parse(text) as Record<string, Record<string, unknown>>,
  );
  const whom = facts?.['member_id'];
  return `${kind} ${facts?.['group_id']}${whom === undefined ? '' : ` ${whom}`}`;
}

/** What one device has said lies in the order in which it said it. */
function expectInTurn(labels: readonly string[]): void {
  const last = new Map<string, number>();
  for (const label of labels) {
    const [by = '', count] = label.split(' ');
    if (!by.includes('/')) continue;
    expect(Number(count)).toBeGreaterThan(last.get(by) ?? 0);
    last.set(by, Number(count));
  }
}
