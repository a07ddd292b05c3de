import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createCommandHandler } from '../api/commands/handle.ts';
import { rtCodes } from '../api/commands/rt-code.ts';
import { commandsByName } from '../api/commands/table.ts';
import type { CommandHandler, CommandRequest } from '../api/server.ts';
import { sign } from '../bot/signature.ts';
import { readAnswer, txtimeNow } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let daemon: TestDaemon;
let handle: CommandHandler;

beforeAll(async () => {
  daemon = await startDaemon({
    bots: [{ botcode: 'bot01', driver: 'simulator', autoStart: false }],
  });
  handle = createCommandHandler(daemon.daemon.core);
});
afterAll(() => daemon?.close());

const names = [...commandsByName.keys()];
const examples = [...commandsByName.values()].map((command) => command.example.reqBody);
const anyJson = fc.jsonValue({ maxDepth: 3 });
const rarely = <T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: other });

const head = fc.record(
  {
    chid: rarely(fc.constant('demo'), anyJson),
    txcode: rarely(fc.string({ minLength: 1, maxLength: 20 }), anyJson),
    txtime: rarely(
      fc.integer({ min: -500_000, max: 500_000 }).map((offset) => txtimeNow(offset)),
      anyJson,
    ),
    botcode: rarely(fc.constant('bot01'), anyJson),
    sign: fc.oneof(fc.constant(undefined), fc.string(), anyJson),
  },
  { requiredKeys: ['chid', 'txcode', 'txtime', 'botcode'] },
);
/** An example with one field replaced, or anything. */
const body = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({
        example: fc.constantFrom(...examples),
        field: fc.constantFrom(
          'text',
          'roomTopic',
          'roomId',
          'atList',
          'app',
          'file',
          'msgid',
          'x',
        ),
        value: fc.oneof(anyJson, fc.string({ unit: 'binary' }), fc.double()),
      })
      .map(({ example, field, value }) => ({ ...example, [field]: value })),
  },
  { weight: 2, arbitrary: fc.constantFrom(...examples) },
  { weight: 1, arbitrary: anyJson },
  { weight: 1, arbitrary: fc.constant(undefined) },
);
/** Damage to the bytes: where, and what is written there or how much is cut. */
const damage = fc.option(
  fc.record({
    at: fc.nat({ max: 400 }),
    bytes: fc.uint8Array({ maxLength: 6 }),
    cut: fc.nat({ max: 30 }),
  }),
  { freq: 3 },
);

interface Sketch {
  name: string;
  method: string;
  head: unknown;
  body: unknown;
  transport: 'json' | 'form';
  damage: { at: number; bytes: Uint8Array; cut: number } | null;
  signed: 'damaged' | 'whole' | 'not';
  headers: Record<string, string>;
}

const sketches: fc.Arbitrary<Sketch> = fc.record({
  name: rarely(fc.constantFrom(...names), fc.string()) as fc.Arbitrary<string>,
  method: rarely(fc.constantFrom('POST', 'GET'), fc.string()) as fc.Arbitrary<string>,
  head: rarely(head, anyJson),
  body,
  transport: fc.constantFrom('json', 'form'),
  damage,
  signed: fc.constantFrom('damaged', 'damaged', 'damaged', 'whole', 'not'),
  headers: fc.dictionary(
    fc.constantFrom('content-type', 'x-ecaspsplus-signaturetype', 'content-length'),
    fc.oneof(fc.constantFrom('MD5', 'HMAC-SHA256', 'application/json'), fc.string()),
    { maxKeys: 1 },
  ),
});

function requestOf(sketch: Sketch): CommandRequest {
  const { name, method } = sketch;
  const whole = Buffer.from(spell(sketch));
  const damaged = sketch.damage === null ? whole : damagedBy(whole, sketch.damage);
  const headers: Record<string, string> = { ...sketch.headers };
  if (sketch.signed !== 'not') {
    const signed = sketch.signed === 'damaged' ? damaged : whole;
    headers['x-ecaspsplus-signature'] = sign(signed, 'secret');
  }
  const rawQuery = method === 'GET' ? damaged.toString('latin1') : '';
  return { name, method, rawQuery, headers, body: damaged, address: '127.0.0.1' };
}

function spell({ head, body, transport, method }: Sketch): string {
  if (transport === 'json' && method !== 'GET')
    return JSON.stringify({ reqHead: head, reqBody: body });
  const fields = [`reqHead=${encodeURIComponent(JSON.stringify(head)?.toWellFormed() ?? '')}`];
  if (body !== undefined) fields.push(`reqBody=${encodeURIComponent(JSON.stringify(body))}`);
  return fields.join('&');
}

function damagedBy(bytes: Buffer, { at, bytes: put, cut }: NonNullable<Sketch['damage']>): Buffer {
  const start = Math.min(at, bytes.length);
  return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)]);
}

/** Nothing of our insides. */
const leak = /\.ts\b|node:|node_modules|SQLITE|Error\b|\bat .+:\d+:\d+|\/work|\[object|undefined/;

it('whatever is sent, the answer has the form of the contract', async () => {
  const seen = new Map<string, number>();
  const property = fc.asyncProperty(sketches, async (sketch) => {
    const request = requestOf(sketch);
    const text = await handle(request);
    const answer = readAnswer(text);
    seen.set(answer.rtCode, (seen.get(answer.rtCode) ?? 0) + 1);
    expect(Object.keys(rtCodes)).toContain(answer.rtCode);
    // Nothing a client sends is our fault.
    expect(['22', '23']).not.toContain(answer.rtCode);
    expect(answer.rtMsg).not.toMatch(leak);
    expect(Buffer.from(text).toString()).toBe(text);
    if (answer.rtCode !== '0') expect(Object.keys(answer)).toEqual(['rtCode', 'rtMsg']);
  });
  await fc.assert(property, { numRuns: 4000 });
  // The mix reaches every stage, not only the first.
  for (const code of ['0', '10', '11', '13', '20', '30', '31', '32']) {
    expect([code, (seen.get(code) ?? 0) > 5]).toEqual([code, true]);
  }
});

it('random bytes, signed right, are refused and nothing else', async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...names),
    fc.uint8Array({ maxLength: 2000 }),
    async (name, bytes) => {
      const raw = Buffer.from(bytes);
      const headers = { 'x-ecaspsplus-signature': sign(raw, 'secret') };
      const common = { name, headers, address: '127.0.0.1' };
      const posted = await handle({ ...common, method: 'POST', rawQuery: '', body: raw });
      expect(['10', '11']).toContain(readAnswer(posted).rtCode);
      const rawQuery = raw.toString('latin1');
      const got = await handle({ ...common, method: 'GET', rawQuery, body: Buffer.alloc(0) });
      expect(['10', '11']).toContain(readAnswer(got).rtCode);
    },
  );
  await fc.assert(property, { numRuns: 500 });
});
