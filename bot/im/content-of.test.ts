import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contentOf } from './content-of.ts';
import { type MessageKind, messageKinds } from './message.ts';

const of = (kind: MessageKind, json: unknown) =>
  contentOf({ kind, content: Buffer.from(JSON.stringify(json)) });

describe('the content of', () => {
  it('a message of the mini-program IM', () => {
    expect(of('imbot', { type: 'text', reply: 'hello', timestamp: 1 })).toEqual({
      ...{ type: 'text', text: 'hello' },
    });
    expect(of('imbot', { text: 'bye', timestamp: 2 })).toEqual({ type: 'text', text: 'bye' });
    const image = { type: 'image', url: 'image/a.jpg' };
    expect(of('imbot', image)).toEqual(image);
    expect(of('imbot', { type: 'image', reply: 'image/a.jpg' })).toEqual(image);
    expect(of('imbot', { type: 'audio', url: 'audio/a.mp3', timestamp: 3 })).toEqual({
      ...{ type: 'voice', url: 'audio/a.mp3' },
    });
    const dance = { type: 'dance', step: 1 };
    expect(of('imbot', dance)).toEqual({ type: 'unknown', kind: 'dance', data: dance });
  });

  it.each([
    ...['javascript:alert(1)', 'file:///etc/passwd', '//evil.example/a.png', '../../secret.key'],
    ...['data:image/svg+xml,<svg/>', 'image/../a.png', 'http://', '/etc/passwd', 'hello'],
  ])('a picture of the mini-program IM at %j, which is no address of one: words', (reply) => {
    for (const type of ['image', 'video', 'file', 'audio']) {
      expect(of('imbot', { type, reply, timestamp: 1 })).toEqual({ type: 'text', text: reply });
    }
    const fine = ['http://a.example/x', 'HTTPS://a/b?c', '/image/ab.png', 'api/imbot/image/ab.png'];
    for (const url of fine)
      expect(of('imbot', { type: 'image', reply: url })).toMatchObject({ url });
  });

  it('a frame of the official-account component', () => {
    const frame = (msg_type: string, msg: unknown) => ({
      data: { name: 'n', avatar: '', msg_type, contact_id: 'c', send_time: 1, msg },
      result: { code: 1001, message: 'common' },
    });
    const read = (kind: string, msg: unknown) => of('official', frame(kind, msg));
    expect(read('text', { content: 'hi' })).toEqual({ type: 'text', text: 'hi' });
    expect(read('voice', { media_path: 'v' })).toEqual({ type: 'voice', url: 'v' });
    expect(read('shortvideo', { media_path: 'v' })).toEqual({ type: 'video', url: 'v' });
    const place = { latitude: 23.5, longitude: 113, scale: 20, label: 'here' };
    expect(read('location', place)).toEqual({ type: 'location', ...place });
    expect(read('location', { latitude: '23.5', longitude: '113', scale: '20' })).toMatchObject({
      ...{ latitude: 23.5, longitude: 113, scale: 20 },
    });
    const link = { title: 't', description: 'd', url: 'u' };
    expect(read('link', link)).toEqual({ type: 'link', ...link });
    expect(
      read('miniprogrampage', { title: 't', appid: 'wx', pagepath: 'p', thumb_url: 'u' }),
    ).toEqual({ type: 'miniProgram', title: 't', appid: 'wx', path: 'p', thumbUrl: 'u' });
    expect(read('event', { event: 'SCAN', key: '1' })).toEqual({
      ...{ type: 'event', event: 'SCAN', data: { event: 'SCAN', key: '1' } },
    });
    expect(read('enim', { a: 1 })).toEqual({ type: 'unknown', kind: 'enim', data: { a: 1 } });
  });

  it('customer service, as GoBelieve spells it', () => {
    expect(of('customer', { text: 'hi' })).toEqual({ type: 'text', text: 'hi' });
    expect(of('toDesk', { text: 'hi' })).toEqual({ type: 'text', text: 'hi' });
    expect(of('fromDesk', { image: 'u' })).toEqual({ type: 'image', url: 'u' });
  });

  it('a notice about a group', () => {
    expect(of('notice', { disband: { group_id: 1 } })).toEqual({
      ...{ type: 'unknown', kind: 'notice', data: { disband: { group_id: 1 } } },
    });
  });
});

it('never throws', () => {
  const noise = fc.oneof(
    fc.string(),
    fc.json(),
    fc
      .record({ data: fc.record({ msg_type: fc.jsonValue(), msg: fc.jsonValue() }) })
      .map((one) => JSON.stringify(one)),
    fc
      .record({ type: fc.jsonValue(), reply: fc.jsonValue(), url: fc.jsonValue() })
      .map((one) => JSON.stringify(one)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...messageKinds), noise, (kind, text) => {
      expect(contentOf({ kind, content: Buffer.from(text) }).type).toBeTypeOf('string');
    }),
    { numRuns: 3000 },
  );
});
