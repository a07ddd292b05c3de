import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

let running: TestDaemon;
beforeAll(async () => {
  running = await startDaemon();
});
afterAll(() => running.close());

const odd = fc.oneof(
  fc.constantFrom(
    '',
    '0',
    'text',
    'image',
    'system',
    '1001',
    '__proto__',
    'constructor',
    '\0',
    '\ud800',
  ),
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.boolean(),
  fc.array(fc.constant('a'), { maxLength: 3 }),
  fc.dictionary(fc.constantFrom('content', 'media_path', 'x'), fc.string(), { maxKeys: 2 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const keys = fc.constantFrom(
  ...['id', 'msg_type', 'contact_id', 'contact_ids', 'from_id', 'name', 'avatar', 'company_id'],
  ...['msg', '__proto__', 'more'],
);
const bodies = fc.oneof(
  fc.record(
    {
      data: fc.oneof(fc.dictionary(keys, odd), odd),
      result: fc.oneof(odd, fc.record({ code: odd })),
    },
    { requiredKeys: [] },
  ),
  fc.json(),
  fc.string(),
);
const xml = fc
  .array(
    fc.tuple(
      fc.constantFrom('ToUserName', 'FromUserName', 'MsgType', 'Content', 'PicUrl', 'Event', 'Url'),
      fc.oneof(
        fc.constantFrom('u', 'text', 'image', 'event', 'link', '<x>', ']]>', '&amp;', '&#0;'),
        fc.string(),
      ),
    ),
    { maxLength: 6 },
  )
  .map(
    (fields) =>
      `<xml>${fields.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</xml>`,
  );

it('whatever is pushed, the answer has the form of the document, and is no 5xx', async () => {
  const check = async (body: unknown): Promise<void> => {
    const reply = await push(running.url, body);
    expect([200, 400, 413]).toContain(reply.status);
    const { code, message } = reply.body.result;
    expect(code).toBe(reply.status === 200 ? 100 : -1);
    expect(message).not.toBe('error');
    expect(typeof reply.body.data).toBe('object');
  };
  await fc.assert(fc.asyncProperty(bodies, check), { numRuns: 500 });
  await fc.assert(fc.asyncProperty(xml, check), { numRuns: 300 });
});

it('whatever a client says, it is answered or not, and nobody else notices', async () => {
  const noisy = await OfficialClient.open(running.url, 'userid=noisy');
  const other = await OfficialClient.open(running.url, 'userid=other');
  const texts = fc.sample(
    fc.oneof(
      bodies.map((body) => JSON.stringify(body) ?? ''),
      fc.string(),
    ),
    3000,
  );
  for (const text of texts) noisy.ws.send(text);
  for (let at = 0; at < 20; at += 1) await pushText(running.url, 'other', `${at}`);
  await noisy.settled();
  await other.gets(20);
  expect(noisy.closed).toBeUndefined();
  expect(other.contents.filter((text) => /^\d+$/.test(String(text)))).toEqual(
    Array.from({ length: 20 }, (_, at) => `${at}`),
  );
  const wrong = noisy.frames.filter(({ result }) => result.code === -1);
  expect(wrong.length).toBeGreaterThan(1000);
  expect(wrong.filter(({ result }) => result.message === 'error')).toEqual([]);
  expect(running.log()).not.toContain('push failed');
  await noisy.close();
  await other.close();
});
