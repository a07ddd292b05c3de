import { expect, it } from 'vitest';
import {
  delta,
  done,
  end,
  event,
  role,
  saysWhole,
  thought,
  usage,
} from '../../tests/support/fake-model.ts';
import { ModelFailure } from './model-failure.ts';
import { type ModelEvent, readData, readModelStream } from './model-stream.ts';

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(text: string, size = 1_000_000): Promise<ModelEvent[]> {
  return await Array.fromAsync(readModelStream(chunks(Buffer.from(text), size)));
}

async function reason(text: string): Promise<string> {
  try {
    await read(text);
  } catch (error) {
    if (error instanceof ModelFailure) return error.reason;
    throw error;
  }
  return 'none';
}

const whole = [role, delta('你好，'), delta('😀é'), end(), usage(3, 4), done].join('');
const wanted = [
  { kind: 'text', text: '你好，' },
  { kind: 'text', text: '😀é' },
  { kind: 'finish', reason: 'stop' },
  { kind: 'usage', prompt: 3, completion: 4 },
];

it.each([1, 2, 3, 5, 7, 64])('reads the same in chunks of %i bytes', async (size) => {
  expect(await read(whole, size)).toEqual(wanted);
  expect(await read(whole.replaceAll('\n', '\r\n'), size)).toEqual(wanted);
  expect(await read(whole.replaceAll('\n', '\r'), size)).toEqual(wanted);
});

it('knows comments, other fields, and fields without a blank', async () => {
  const text = `: keep-alive\n\n${whole.replaceAll('data: ', 'event: x\nid: 4\nretry: 10\ndata:')}`;
  expect(await read(`${text}: after\n\n`)).toEqual(wanted);
});

it('joins the lines of one event, and takes a last one without its blank line', async () => {
  const data = await Array.fromAsync(
    readData(chunks(Buffer.from('data: a\ndata: b\n\ndata: c'), 4)),
  );
  expect(data).toEqual(['a\nb', 'c']);
});

it('ends where it is told to, whatever comes behind', async () => {
  expect(await read(`${whole}data: {"broken`)).toEqual(wanted);
});

it('reads an answer in one piece', async () => {
  const [text] = saysWhole('好的').steps as string[];
  expect(await read(text ?? '', 3)).toEqual([
    { kind: 'text', text: '好的' },
    { kind: 'finish', reason: 'stop' },
    { kind: 'usage', prompt: 5, completion: 7 },
  ]);
});

it('shows no thoughts that come in a field of their own', async () => {
  const events = await read([thought('hm'), delta('a'), end(), done].join(''));
  expect(events.map((one) => one.kind)).toEqual(['thought', 'text', 'finish']);
});

it('takes content in parts, and knows why it ended', async () => {
  const parts = event({ delta: { content: [{ type: 'text', text: 'a' }, { type: 'x' }] } });
  expect(await read(parts + end('length'))).toEqual([
    { kind: 'text', text: 'a' },
    { kind: 'finish', reason: 'length' },
  ]);
  expect(await read(delta('a') + end('content_filter'))).toContainEqual({
    kind: 'finish',
    reason: 'content_filter',
  });
});

it.each([
  ['a page', '<html><body>hello</body></html>', 'garbage'],
  ['words', 'Not found\n', 'garbage'],
  ['nothing', '', 'garbage'],
  ['JSON of another kind', '{"a":1}', 'garbage'],
  ['half JSON', 'data: {"choices":\n\n', 'garbage'],
  ['a list', 'data: [1]\n\n', 'garbage'],
  ['a huge line', `data: ${'x'.repeat(1_100_000)}`, 'garbage'],
  ['an answer without its end', delta('a'), 'cut'],
  ['an error inside', `${delta('a')}data: {"error":{"message":"overloaded"}}\n\n`, 'failing'],
])('%s is a failure: %s', async (_name, text, wantedReason) => {
  expect(await reason(text)).toBe(wantedReason);
});
