import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  delta,
  done,
  end,
  event,
  type Step,
  thought,
  usage,
} from '../../tests/support/fake-model.ts';
import { askModel, ModelRig, modelKey } from '../../tests/support/model-rig.ts';
import { longestTurn } from '../../tests/support/processor.ts';

// Servers that tell lies, send without an end, or repeat what they were told.

let rig: ModelRig;
beforeEach(async () => {
  rig = await ModelRig.open();
});
afterEach(() => rig.close());

function* endlessly(step: Step): Generator<Step> {
  for (let count = 0; count < 100_000; count += 1) yield step;
}

const long = delta('long text '.repeat(100));
const early = event({ delta: { content: 'a' } }, { usage: { prompt_tokens: 0 } });

const lies: [string, () => Iterable<Step>][] = [
  ['uses other names', () => [long, end(), event(undefined, { usage: { input_tokens: 9 } }), done]],
  ['is below zero', () => [long, end(), usage(-1_000_000, -1_000_000), done]],
  ['is nothing', () => [long, end(), usage(0, 0), done]],
  ['is told before the answer', () => [early, long, end(), done]],
];

it.each(lies)('usage that %s is guessed', async (_, steps) => {
  rig.fake.answer = () => ({ steps: steps() });
  const { usage: used } = await askModel(rig.model({ maxTokens: 500 }));
  expect(used?.prompt).toBeGreaterThan(5);
  expect(used?.completion).toBeGreaterThan(300);
  expect(used?.completion).toBeLessThan(500);
  expect((await rig.budget.used()).tokens).toBe((used?.prompt ?? 0) + (used?.completion ?? 0));
});

it('one lie does not use up the day', async () => {
  const most = Number.MAX_SAFE_INTEGER;
  rig.fake.answer = () => ({ steps: [delta('x'), end(), usage(most, most), done] });
  await askModel(rig.model({ tokensPerDay: 10_000 }));
  expect((await rig.budget.used()).tokens).toBeLessThan(100);
});

const endless: [string, Step][] = [
  ['thoughts', thought('思'.repeat(1000))],
  ['thoughts in tags', delta(`<think>${'思'.repeat(1000)}`)],
  ['one line after another', delta('<'.repeat(900_000))],
];

it.each(endless)('%s without an end are cut off, and stay within the day', async (_, step) => {
  rig.fake.answer = () => ({ steps: endlessly(step) });
  const settings = { maxTokens: 500, tokensPerDay: 6000, concurrency: 3 };
  const model = rig.model(settings);
  await Promise.all(['a', 'b', 'c'].map((chat) => askModel(model, chat)));
  const { tokens } = await rig.budget.used();
  expect(tokens).toBeGreaterThan(500);
  expect(tokens).toBeLessThanOrEqual(6000);
  for (let count = 0; count < 8; count += 1) await askModel(model, `d${count}`);
  expect((await askModel(model)).failure?.reason).toBe('budget');
  expect((await rig.budget.used()).tokens).toBeLessThanOrEqual(6000);
});

it('the key is in no answer, whole or letter by letter', async () => {
  for (const pieces of [[modelKey], [...modelKey], [...`<think></think>${modelKey}`]]) {
    rig.fake.answer = () => ({ steps: [delta('KEY='), ...pieces.map(delta), end(), done] });
    const { text } = await askModel(rig.model());
    expect(text).toBe('KEY=[redacted]');
  }
});

it('events of nothing are given up, and nobody waits for them', async () => {
  const nothing = 'data: {"choices":[]}\n\n'.repeat(5000);
  rig.fake.answer = () => ({ steps: endlessly(nothing) });
  const longest = longestTurn();
  const { failure } = await rig.inTime(askModel(rig.model()));
  expect(failure?.reason).toBe('garbage');
  expect(longest()).toBeLessThan(150);
});
