import { afterEach, beforeEach, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import {
  delta,
  done,
  end,
  FakeModel,
  refuses,
  role,
  type Step,
  says,
  saysWhole,
  thought,
} from '../../tests/support/fake-model.ts';
import { askModel, ModelRig, modelKey } from '../../tests/support/model-rig.ts';

let rig: ModelRig;
beforeEach(async () => {
  rig = await ModelRig.open();
});
afterEach(() => rig.close());

it('asks as OpenAI is asked, and answers as it streams', async () => {
  rig.fake.answer = () => says('你好，有什么可以帮您？😀');
  const answer = await askModel(rig.model({ temperature: 0.5, maxTokens: 99 }));
  expect(answer).toEqual({
    text: '你好，有什么可以帮您？😀',
    finish: 'stop',
    usage: { prompt: 20, completion: 10 },
  });
  const [asked] = rig.fake.asked;
  expect(asked?.path).toBe('/v1/chat/completions');
  expect(asked?.headers['authorization']).toBe(`Bearer ${modelKey}`);
  expect(asked?.body).toEqual({
    model: 'fake',
    messages: [{ role: 'user', content: '你好' }],
    stream: true,
    stream_options: { include_usage: true },
    max_tokens: 99,
    temperature: 0.5,
  });
  expect(await rig.budget.used()).toEqual({ day: '2026-01-01', tokens: 30, calls: 1 });
});

it('shows no thoughts, tagged or in a field of their own', async () => {
  const pieces = ['<th', 'ink>secret ', 'thoughts</thi', 'nk>\n\n', '答', '案'];
  rig.fake.answer = () => ({ steps: [thought('secret'), ...pieces.map(delta), end(), done] });
  expect(await askModel(rig.model())).toMatchObject({ text: '答案', finish: 'stop' });
  rig.fake.answer = () => ({
    steps: [thought('secret'), delta('<think>never closed'), end(), done],
  });
  expect((await askModel(rig.model())).failure?.reason).toBe('empty');
});

it('takes an answer in one piece', async () => {
  rig.fake.answer = () => saysWhole('<think>x</think>不流式');
  expect(await askModel(rig.model())).toEqual({
    text: '不流式',
    finish: 'stop',
    usage: { prompt: 5, completion: 7 },
  });
});

it('reads characters that part between chunks, and comments', async () => {
  const bytes = Buffer.from(delta('汉字😀'));
  const steps: Step[] = [': waiting\n\n', role];
  for (let at = 0; at < bytes.length; at += 1) steps.push(bytes.subarray(at, at + 1));
  rig.fake.answer = () => ({ steps: [...steps, ': more\r\n\r\n', end(), done] });
  expect(await askModel(rig.model())).toMatchObject({ text: '汉字😀' });
});

it('gives up one that does not begin in time', async () => {
  rig.fake.answer = () => ({ steps: [role, 'hang'] });
  const { failure } = await rig.inTime(askModel(rig.model({ firstTokenSeconds: 15 })));
  expect(failure?.reason).toBe('slow');
  expect(rig.clock.now() - Date.UTC(2026, 0, 1)).toBeLessThanOrEqual(16_000);
  await eventually('hanging up', () => rig.fake.asked[0]?.hungUp);
});

it('gives up one that never ends, and keeps what it said', async () => {
  let go = true;
  const steps = async function* (): AsyncGenerator<string> {
    while (go) {
      yield delta('又');
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  };
  rig.fake.answer = () => ({ steps: steps() });
  const { failure, text } = await rig.inTime(
    askModel(rig.model({ totalSeconds: 60, maxTokens: 100_000 })),
  );
  go = false;
  expect(failure?.reason).toBe('endless');
  expect(text).toMatch(/^又+$/);
});

it('cuts off one that knows no bound of tokens', async () => {
  const steps = async function* (): AsyncGenerator<string> {
    for (;;) yield delta('长长长长长长长长');
  };
  rig.fake.answer = () => ({ steps: steps() });
  const { finish, text } = await askModel(rig.model({ maxTokens: 100 }));
  expect(finish).toBe('length');
  expect(text.length).toBeLessThan(900);
  await eventually('hanging up', () => rig.fake.asked[0]?.hungUp);
});

it('an answer that keeps the connection open is whole two seconds later', async () => {
  rig.fake.answer = () => ({ steps: [delta('好'), end(), 'hang'] });
  expect(await rig.inTime(askModel(rig.model()))).toMatchObject({ text: '好', finish: 'stop' });
});

it('tries again after 429 and 5xx, when it was told to', async () => {
  const answers = [refuses(429, 'slow down', { 'retry-after': '3' }), refuses(503), says('好')];
  rig.fake.answer = () => answers.shift() ?? refuses(500);
  const began = rig.clock.now();
  expect(await rig.inTime(askModel(rig.model()))).toMatchObject({ text: '好' });
  expect(rig.clock.now() - began).toBeGreaterThanOrEqual(3000 + 1000);
  expect(rig.fake.asked).toHaveLength(3);
});

it('tries three times at most, and not after the first word', async () => {
  rig.fake.answer = () => refuses(500, `no, ${modelKey} again`);
  const { failure } = await rig.inTime(askModel(rig.model()));
  expect(failure).toMatchObject({ reason: 'failing', status: 500 });
  expect(rig.fake.asked).toHaveLength(3);
  rig.fake.answer = () => ({ steps: [delta('开头'), 'cut'] });
  const cut = await askModel(rig.model());
  expect(cut.text).toBe('开头');
  expect(cut.failure?.reason).toBe('cut');
  expect(rig.fake.asked).toHaveLength(4);
});

it('waits for no Retry-After that is longer than a person waits', async () => {
  rig.fake.answer = () => refuses(429, 'later', { 'retry-after': '3600' });
  expect((await askModel(rig.model())).failure?.reason).toBe('throttled');
  expect(rig.fake.asked).toHaveLength(1);
});

it.each([
  [401, 'unauthorized'],
  [400, 'refused'],
  [404, 'refused'],
])('does not try again after %i', async (status, reason) => {
  rig.fake.answer = () => refuses(status);
  expect((await askModel(rig.model())).failure).toMatchObject({ reason, status });
  expect(rig.fake.asked).toHaveLength(1);
});

it.each([
  ['garbage', { steps: ['<html>', 'hello'] }],
  ['garbage', { steps: [`data: ${'x'.repeat(1_200_000)}`] }],
  ['cut', { steps: [role, 'cut'] }],
])('says %s of what is no answer', async (reason, answer) => {
  rig.fake.answer = () => answer as ReturnType<typeof says>;
  expect((await askModel(rig.model())).failure?.reason).toBe(reason);
});

it('gives its key to no other address', async () => {
  const other = await FakeModel.open();
  rig.fake.answer = () => ({ status: 307, headers: { location: `${other.baseUrl}/x` }, steps: [] });
  expect((await askModel(rig.model())).failure?.reason).toBe('garbage');
  expect(other.asked).toEqual([]);
  await other.close();
});

it('leaves out what a server does not know, and remembers it', async () => {
  rig.fake.answer = ({ body }) => {
    if ('stream_options' in body) return refuses(400, 'Unknown field stream_options');
    if ('max_tokens' in body) return refuses(400, "use 'max_completion_tokens' instead");
    if ('temperature' in body) return refuses(422, 'temperature is fixed');
    return says('好');
  };
  const model = rig.model();
  expect(await askModel(model)).toMatchObject({ text: '好' });
  expect(rig.fake.asked).toHaveLength(4);
  expect(await askModel(model)).toMatchObject({ text: '好' });
  expect(rig.fake.asked).toHaveLength(5);
  expect(rig.fake.asked[4]?.body['max_completion_tokens']).toBe(1024);
});

it('takes an address with a query, or in full', async () => {
  await askModel(rig.model({ baseUrl: `${rig.fake.baseUrl}/?api-version=7` }));
  await askModel(rig.model({ baseUrl: `${rig.fake.baseUrl}/chat/completions` }));
  expect(rig.fake.asked.map(({ path }) => path)).toEqual(Array(2).fill('/v1/chat/completions'));
  expect(rig.fake.asked[0]?.query).toBe('?api-version=7');
});

it('hangs up when nobody wants the answer any more', async () => {
  const stop = new AbortController();
  rig.fake.answer = () => ({ steps: [delta('好'), 'hang'] });
  const asking = askModel(rig.model(), 'c1', stop.signal);
  await eventually('the question', () => rig.fake.asked.length === 1);
  stop.abort();
  expect((await asking).failure?.reason).toBe('cancelled');
  await eventually('hanging up', () => rig.fake.asked[0]?.hungUp);
  expect((await askModel(rig.model(), 'c1', stop.signal)).failure?.reason).toBe('cancelled');
  expect(rig.fake.asked).toHaveLength(1);
});
