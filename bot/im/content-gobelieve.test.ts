import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Content } from './content.ts';
import { fits, fromGobelieve, mostBytes, toGobelieve } from './content-gobelieve.ts';

const spelled = (content: Content, base?: string): unknown =>
  JSON.parse(toGobelieve(content, base).toString());
const read = (json: unknown): Content => fromGobelieve(Buffer.from(JSON.stringify(json)));

describe('what clients of GoBelieve are given', () => {
  it('has the key that they know for its kind', () => {
    expect(spelled({ type: 'text', text: '你好' })).toEqual({ text: '你好' });
    expect(spelled({ type: 'image', url: 'http://a/b.png' })).toEqual({
      image: 'http://a/b.png',
      image2: { url: 'http://a/b.png', width: 0, height: 0 },
    });
    expect(spelled({ type: 'voice', url: 'http://a/b.amr', duration: 3 })).toEqual({
      audio: { url: 'http://a/b.amr', duration: 3 },
    });
    expect(spelled({ type: 'video', url: 'http://a/b.mp4' })).toMatchObject({
      video: { url: 'http://a/b.mp4', thumbnail: '' },
    });
    expect(spelled({ type: 'file', url: 'http://a/b.pdf' })).toEqual({
      file: { url: 'http://a/b.pdf', filename: 'b.pdf', size: 0 },
    });
    const place = { latitude: 23.1, longitude: 113.3 };
    expect(spelled({ type: 'location', ...place, label: '广州' })).toEqual({
      location: { ...place, address: '广州' },
    });
    expect(spelled({ type: 'link', title: 't', description: 'd', url: 'u' })).toEqual({
      link: { title: 't', content: 'd', url: 'u', image: '' },
    });
  });

  it('has a text where they know no such kind', () => {
    const card: Content = { type: 'miniProgram', title: '商品', appid: 'wx1', path: 'p' };
    expect(spelled(card)).toMatchObject({ text: '[小程序] 商品' });
    expect(spelled({ type: 'event', event: 'subscribe', data: {} })).toMatchObject({
      text: '[subscribe]',
    });
    expect(spelled({ type: 'unknown', kind: 'sticker', data: {} })).toMatchObject({
      text: '[sticker]',
    });
  });

  it('has whole addresses of our files, which are read as paths again', () => {
    const image: Content = { type: 'image', url: 'image/ab.jpg' };
    const base = 'http://127.0.0.1:8080';
    expect(spelled(image, base)).toMatchObject({
      image: `${base}/image/ab.jpg`,
      image2: { url: `${base}/image/ab.jpg` },
    });
    expect(fromGobelieve(toGobelieve(image, base))).toEqual(image);
    expect(spelled({ type: 'image', url: 'https://x/y.png' }, base)).toMatchObject({
      image: 'https://x/y.png',
    });
  });

  it('always fits into a frame', () => {
    for (const text of ['汉'.repeat(20_000), '"'.repeat(40_000), '\u0001😀'.repeat(30_000)]) {
      const content: Content = { type: 'text', text };
      expect(fits(content)).toBe(false);
      expect(toGobelieve(content).length).toBeLessThanOrEqual(mostBytes);
      const back = fromGobelieve(toGobelieve(content));
      if (back.type !== 'text') throw new Error('no text');
      expect(back.text.endsWith('…')).toBe(true);
      expect(text.startsWith(back.text.slice(0, -1))).toBe(true);
    }
    const data = { much: 'x'.repeat(50_000) };
    expect(spelled({ type: 'event', event: 'e', data })).toEqual({ text: '[event]' });
  });
});

describe('what clients of GoBelieve say', () => {
  it('is read with whatever stands beside it', () => {
    expect(read({ uuid: 'u', text: 'hi', name: 'test' })).toEqual({ type: 'text', text: 'hi' });
    expect(read({ uuid: 'u', image2: { url: 'u', width: 1, height: 2 }, image: 'u' })).toEqual({
      ...{ type: 'image', url: 'u' },
    });
    expect(read({ image: 'old' })).toEqual({ type: 'image', url: 'old' });
    expect(read({ audio: { url: 'a', duration: 7 } })).toEqual({
      ...{ type: 'voice', url: 'a', duration: 7 },
    });
    expect(read({ location: { latitude: 1.5, longitude: 2 } })).toEqual({
      ...{ type: 'location', latitude: 1.5, longitude: 2, label: '' },
    });
  });

  it('is kept when it is of a kind that we do not know', () => {
    const revoke = { uuid: 'u', revoke: { msgid: 'x' } };
    expect(read(revoke)).toEqual({ type: 'unknown', kind: 'revoke', data: revoke });
    expect(read({})).toEqual({ type: 'unknown', kind: '', data: {} });
    expect(read({ text: 7 })).toMatchObject({ type: 'unknown', kind: 'text' });
  });

  it.each(['hello', '', '42', '"x"', '[1]', '{broken', '  {"a"'])('as a bare text: %s', (text) => {
    expect(fromGobelieve(Buffer.from(text))).toEqual({ type: 'text', text });
  });
});

const text = fc.string({ unit: 'grapheme', maxLength: 200 });
const data = fc.dictionary(
  fc.stringMatching(/^[a-z]{1,8}$/),
  fc.oneof(text, fc.integer(), fc.boolean()),
);
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => one + 0);
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });
const given = <T extends object>(fields: T): T =>
  // JSON has no undefined.
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const contents = fc
  .oneof(
    fc.record({ type: fc.constant('text'), text }),
    fc.record({
      type: fc.constantFrom('image', 'voice', 'video', 'file'),
      url: text,
      mediaId: optional(text),
      format: optional(text),
      duration: optional(number),
      text: optional(text),
    }),
    fc.record({
      type: fc.constant('location'),
      latitude: number,
      longitude: number,
      label: text,
      scale: optional(number),
    }),
    fc.record({
      type: fc.constant('link'),
      title: text,
      description: text,
      url: text,
      thumbUrl: optional(fc.string({ minLength: 1, maxLength: 50 })),
    }),
    fc.record({
      type: fc.constant('miniProgram'),
      title: text,
      appid: text,
      path: text,
      thumbUrl: optional(text),
      thumbMediaId: optional(text),
    }),
    fc.record({ type: fc.constant('event'), event: text, data }),
    fc.record({ type: fc.constant('unknown'), kind: text, data }),
  )
  .map((content) => given(content) as Content);

it('every content comes back as it went', () => {
  fc.assert(
    fc.property(contents, optional(fc.constantFrom('http://h:1', 'https://h/a/')), (one, base) => {
      fc.pre(fits(one, base));
      expect(fromGobelieve(toGobelieve(one, base))).toEqual(one);
    }),
    { numRuns: 2000 },
  );
});

it('nothing that comes makes it throw, and what it reads can be spelled and read again', () => {
  const noise = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((json) => Buffer.from(json)),
    fc
      .dictionary(
        fc.constantFrom('text', 'image', 'image2', 'audio', 'link', 'location', 'event', 'unknown'),
        fc.jsonValue(),
      )
      .map((json) => Buffer.from(JSON.stringify(json))),
  );
  fc.assert(
    fc.property(noise, (bytes) => {
      const once = fromGobelieve(bytes);
      fc.pre(fits(once));
      const twice = fromGobelieve(toGobelieve(once));
      expect(fromGobelieve(toGobelieve(twice))).toEqual(twice);
    }),
    { numRuns: 3000 },
  );
});
