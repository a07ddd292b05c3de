import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { delta, done, end, refuses, says, usage } from '../../tests/support/fake-model.ts';
import { askModel, ModelRig, modelKey } from '../../tests/support/model-rig.ts';

let rig: ModelRig;
beforeEach(async () => {
  rig = await ModelRig.open();
});
afterEach(() => rig.close());

it('answers so many at once, and one in a chat; 100 all get theirs', async () => {
  rig.fake.answer = ({ text }) => ({
    steps: [new Promise((resolve) => setTimeout(resolve, 3)), delta(`${text.length}`), end(), done],
  });
  const model = rig.model({ concurrency: 8 });
  const all = await Promise.all(Array.from({ length: 100 }, (_, n) => askModel(model, `c${n}`)));
  expect(all.filter(({ finish }) => finish === 'stop')).toHaveLength(100);
  expect(rig.fake.most).toBeLessThanOrEqual(9);
  expect(rig.fake.most).toBeGreaterThan(4);
  rig.fake.most = 0;
  await Promise.all(Array.from({ length: 6 }, () => askModel(model, 'same')));
  // One may hang up while the next one asks.
  expect(rig.fake.most).toBeLessThanOrEqual(2);
  expect(model.busy).toBe(0);
});

it('who finds no place in time is told so, and nobody else', async () => {
  let go = (): void => {};
  const wait = new Promise<void>((resolve) => {
    go = resolve;
  });
  rig.fake.answer = () => ({ steps: [delta('一'), wait, delta('二'), end(), done] });
  const model = rig.model({ concurrency: 1 });
  const heard = { text: '' };
  const first = askModel(model, 'a', undefined, heard);
  await eventually('its first word', () => heard.text === '一');
  const second = askModel(model, 'b');
  await rig.clock.advance(15_000);
  expect((await second).failure?.reason).toBe('crowded');
  go();
  expect(await first).toMatchObject({ text: '一二', finish: 'stop' });
  expect(await askModel(model, 'b')).toMatchObject({ text: '一二' });
});

it('leaves a failing model alone, tries it with one question, and longer each time', async () => {
  rig.fake.answer = () => refuses(401);
  const model = rig.model();
  for (let n = 0; n < 5; n += 1)
    expect((await askModel(model)).failure?.reason).toBe('unauthorized');
  expect((await askModel(model)).failure?.reason).toBe('resting');
  expect(rig.fake.asked).toHaveLength(5);
  await rig.clock.advance(30_000);
  const both = await Promise.all([askModel(model, 'a'), askModel(model, 'b')]);
  expect(both.map(({ failure }) => failure?.reason).sort()).toEqual(['resting', 'unauthorized']);
  expect(rig.fake.asked).toHaveLength(6);
  await rig.clock.advance(59_000);
  expect((await askModel(model)).failure?.reason).toBe('resting');
  await rig.clock.advance(1000);
  rig.fake.answer = () => says('好');
  expect(await askModel(model)).toMatchObject({ text: '好' });
  expect(model.restsUntil).toBeUndefined();
  rig.fake.answer = () => refuses(401);
  for (let n = 0; n < 5; n += 1)
    expect((await askModel(model)).failure?.reason).toBe('unauthorized');
});

it('questions that fail by their own fault say nothing of the model', async () => {
  rig.fake.answer = () => refuses(400);
  const model = rig.model();
  for (let n = 0; n < 8; n += 1) expect((await askModel(model)).failure?.reason).toBe('refused');
});

it('uses no more tokens a day than it may, however many ask at once', async () => {
  rig.fake.answer = () => says('好', [10, 90]);
  const model = rig.model({ tokensPerDay: 1000, maxTokens: 150, concurrency: 20 });
  const all = await Promise.all(Array.from({ length: 20 }, (_, n) => askModel(model, `c${n}`)));
  const answered = all.filter(({ finish }) => finish === 'stop').length;
  expect(answered).toBeGreaterThanOrEqual(5);
  for (let n = 0; n < 20; n += 1) await askModel(model);
  expect((await askModel(model)).failure?.reason).toBe('budget');
  const { tokens, calls } = await rig.budget.used();
  expect(tokens).toBeLessThanOrEqual(1000);
  expect(tokens).toBe(calls * 100);
  expect(rig.fake.asked).toHaveLength(calls);
  // The day ends at midnight of the configured zone: 16:00 UTC.
  await rig.clock.advance(16 * 3_600_000 - 1);
  expect((await askModel(model)).failure?.reason).toBe('budget');
  await rig.clock.advance(1);
  expect(await askModel(model)).toMatchObject({ text: '好' });
  expect(await rig.budget.used()).toEqual({ day: '2026-01-02', tokens: 100, calls: 1 });
});

it('what a server does not tell of its usage is guessed; what it refuses costs nothing', async () => {
  rig.fake.answer = () => ({ steps: [delta('一二三四'), end(), done] });
  await askModel(rig.model());
  const { tokens } = await rig.budget.used();
  expect(tokens).toBeGreaterThan(4);
  expect(tokens).toBeLessThan(40);
  rig.fake.answer = () => refuses(400);
  await askModel(rig.model());
  expect((await rig.budget.used()).tokens).toBe(tokens);
});

it('no log and no failure holds the key', async () => {
  const answers = [
    refuses(401, `Incorrect API key provided: ${modelKey}`),
    { steps: [`data: {"error":{"message":"bad ${modelKey}"}}\n\n`] },
    { steps: [delta('x'), usage(1, 1), `data: {"error":"Bearer ${modelKey}"}\n\n`] },
  ];
  for (const answer of answers) {
    rig.fake.answer = () => answer;
    const { failure } = await rig.inTime(askModel(rig.model()));
    expect(failure?.detail).toContain('[redacted]');
    expect(`${JSON.stringify(failure)} ${failure?.stack}`).not.toContain(modelKey);
  }
  const gone = rig.model({ baseUrl: `${rig.fake.baseUrl}?key=${modelKey}` });
  await rig.fake.close();
  const { failure } = await rig.inTime(askModel(gone));
  expect(failure).toMatchObject({ reason: 'unreachable', detail: 'ECONNREFUSED' });
  expect(rig.log).toContain('no answer of the model');
  expect(rig.log).not.toContain('S3CRET');
});
