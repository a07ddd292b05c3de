import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { frame } from '../../../tests/support/wire-rig.ts';
import { FrameReader, readFrame, readInt64 } from './frame-reader.ts';

describe('a frame', () => {
  it('is read as the reference writes it', () => {
    const token = Buffer.alloc(30, '5');
    const device = Buffer.alloc(36, 'd');
    const bytes = Buffer.concat([
      Buffer.from('00000045000000010f010000031e', 'hex'),
      token,
      Buffer.from('24', 'hex'),
      device,
    ]);
    expect(readFrame(bytes, 0)).toEqual({
      seq: 1,
      command: 15,
      version: 1,
      flags: 0,
      body: bytes.subarray(12),
    });
  });

  it.each([
    ['ffffffff', 'a negative length'],
    ['80000000', 'the most negative length'],
    ['00008000', '32768 bytes'],
    ['7fffffff', 'more than memory'],
  ])('is broken with %s: %s', (length) => {
    const bytes = Buffer.from(`${length}000000010e000000`, 'hex');
    expect(readFrame(bytes, 0)).toBe('broken');
  });

  it('may have 32767 bytes', () => {
    const bytes = frame({ seq: 1, command: 4 }, Buffer.alloc(32_767));
    expect(readFrame(bytes, 0)).toMatchObject({ command: 4 });
  });

  it('is waited for until it is whole', () => {
    const bytes = frame({ seq: 1, command: 4 }, Buffer.alloc(40));
    for (let end = 0; end < bytes.length; end += 1) {
      expect(readFrame(bytes.subarray(0, end), 0)).toBeUndefined();
    }
  });
});

it('reads numbers of 64 bits, negative ones too', () => {
  for (const value of [0, 1, -1, 2 ** 32, -(2 ** 32) - 5, Number.MAX_SAFE_INTEGER]) {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(BigInt(value));
    expect(readInt64(bytes, 0)).toBe(value);
  }
});

it('finds the same frames wherever the stream is cut', () => {
  const frames = fc.array(
    fc.record({ command: fc.integer({ min: 0, max: 255 }), body: fc.uint8Array() }),
  );
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
  fc.assert(
    fc.property(frames, cuts, (said, sizes) => {
      const stream = Buffer.concat(
        said.map(({ command, body }, at) => frame({ seq: at + 1, command }, Buffer.from(body))),
      );
      const reader = new FrameReader();
      const found: { command: number; body: number[] }[] = [];
      for (let at = 0, turn = 0; at < stream.length; turn += 1) {
        const size = sizes[turn % sizes.length] ?? 1;
        reader.push(stream.subarray(at, at + size));
        at += size;
        for (let one = reader.next(); one !== undefined; one = reader.next()) {
          if (one === 'broken') throw new Error('broken');
          found.push({ command: one.command, body: [...one.body] });
        }
        reader.rest();
      }
      expect(reader.waiting).toBe(0);
      expect(found).toEqual(said.map(({ command, body }) => ({ command, body: [...body] })));
    }),
  );
});
