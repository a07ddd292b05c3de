import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenForm, boundaryOf, MultipartParser, type PartHead } from './multipart.ts';

interface Part extends PartHead {
  bytes: string;
}

/** Parts of a body that comes in pieces of these lengths, over and over. */
function partsOf(body: Buffer, boundary: string, lengths: readonly number[]): Part[] {
  const parser = new MultipartParser(boundary);
  const parts: Part[] = [];
  let open: Part | undefined;
  let at = 0;
  for (let turn = 0; at < body.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    // A copy, as pieces from a socket are used again.
    const piece = Buffer.from(body.subarray(at, at + length));
    for (const event of parser.push(piece)) {
      if (event.kind === 'begin') open = { ...event.head, bytes: '' };
      else if (open === undefined) throw new Error('outside of a part');
      else if (event.kind === 'data') open.bytes += event.bytes.toString('latin1');
      else parts.push(open);
    }
    piece.fill(0);
    at += length;
  }
  parser.end();
  return parts;
}

const text = (...lines: string[]): Buffer => Buffer.from(lines.join('\r\n'), 'latin1');
const part = (name: string, bytes: string): Part => ({
  name,
  bytes,
  isFile: false,
  isTyped: false,
});

describe('a form', () => {
  const body = text(
    'words before',
    '--b',
    'Content-Disposition: form-data; name="a"',
    '',
    'one\r\n--bx'.replace('--bx', '-- b'),
    '--b \t',
    'content-disposition:form-data;filename="../../x%22y\\";name=b',
    'Content-Type: text/html',
    'Content-Transfer-Encoding: binary',
    '',
    '\r\r\n\r\n--\r\n-',
    '--b',
    'Content-Disposition: form-data; name="é\0"; filename*=UTF-8\'\'x',
    '',
    '',
    '--b--',
    'words behind\r\n--b\r\n',
  );
  const parts = [
    part('a', 'one\r\n-- b'),
    { name: 'b', bytes: '\r\r\n\r\n--\r\n-', isFile: true, isTyped: true },
    { name: '\ufffd\0', bytes: '', isFile: true, isTyped: false },
  ];

  it.each([[[1]], [[2, 1]], [[3]], [[7, 11]], [[1000]]])('in pieces of %s', (lengths) => {
    expect(partsOf(body, 'b', lengths)).toEqual(parts);
  });

  it('may hold nothing, or begin at once', () => {
    expect(partsOf(text('--b--'), 'b', [1])).toEqual([]);
    const one = text('--b', 'Content-Disposition: form-data; name=a', '', 'x', '--b--');
    expect(partsOf(one, 'b', [1])).toEqual([part('a', 'x')]);
  });

  const head = 'Content-Disposition: form-data; name="a"';
  it.each([
    ['nothing', ''],
    ['no boundary', 'x'],
    ['no end', text('--b', head, '', 'x')],
    ['an end that is cut', text('--b', head, '', 'x', '--b-')],
    ['headers that are cut', text('--b', head)],
    ['more behind a boundary', text('--bx', head, '', 'x', '--b--')],
    ['no name', text('--b', 'Content-Disposition: form-data', '', 'x', '--b--')],
    ['another disposition', text('--b', 'Content-Disposition: file; name=a', '', 'x', '--b--')],
    ['no headers', text('--b', '', 'x', '--b--')],
    ['a header without a colon', text('--b', head, 'nonsense', '', 'x', '--b--')],
    [
      'an encoded part',
      text('--b', head, 'Content-Transfer-Encoding: base64', '', 'eA==', '--b--'),
    ],
    ['headers without an end', text('--b', head, `x: ${'y'.repeat(9000)}`, '', 'x', '--b--')],
  ])('is broken: %s', (_what, broken) => {
    for (const lengths of [[1], [5], [100_000]]) {
      expect(() => partsOf(Buffer.from(broken), 'b', lengths)).toThrow(BrokenForm);
    }
  });

  it('is read as fetch() reads it, however it is cut', async () => {
    const content = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    // Bytes that boundaries are made of.
    const tricky = fc
      .array(fc.constantFrom('\r', '\n', '\r\n', '-', '--', 'b', '\r\n--', '\r\n--b'), {
        maxLength: 40,
      })
      .map((bits) => Buffer.from(bits.join('')));
    const anyPart = fc.record({
      name: fc.string({ minLength: 1, maxLength: 12 }),
      bytes: fc.oneof(content, tricky),
      isFile: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyPart, { maxLength: 5 }),
        fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 8 }),
        async (given, lengths) => {
          const form = new FormData();
          for (const { name, bytes, isFile } of given) {
            const words = bytes.toString('latin1').replace(/[^ -~]/g, '.');
            if (isFile) form.append(name, new Blob([new Uint8Array(bytes)]), 'x');
            else form.append(name, words);
          }
          const response = new Response(form);
          const boundary = boundaryOf(response.headers.get('content-type') ?? '') ?? '';
          const body = Buffer.from(await response.arrayBuffer());
          const expected: Part[] = [];
          for (const [name, value] of form) {
            const isFile = typeof value !== 'string';
            const bytes = isFile ? Buffer.from(await value.arrayBuffer()) : Buffer.from(value);
            expected.push({ name, bytes: bytes.toString('latin1'), isFile, isTyped: isFile });
          }
          expect(partsOf(body, boundary, lengths)).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('that is noise is broken or read, and nothing else', () => {
    const bits = ['--b', '--b--', '\r\n', '\r\n\r\n', head, 'x', ':', '"', '\0', '; filename="'];
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.constantFrom(...bits), fc.string({ maxLength: 4 })), {
          maxLength: 30,
        }),
        fc.integer({ min: 1, max: 20 }),
        (words, length) => {
          try {
            partsOf(Buffer.from(words.join('')), 'b', [length]);
          } catch (error) {
            if (!(error instanceof BrokenForm)) throw error;
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

it.each([
  ['multipart/form-data; boundary=abc', 'abc'],
  ['Multipart/Form-Data;charset=utf-8;boundary="a b:c"', 'a b:c'],
  ['multipart/form-data; boundary=abc; charset=utf-8', 'abc'],
  ['multipart/form-data', undefined],
  ['multipart/form-data; boundary=', undefined],
  ['multipart/form-data; boundary=""', undefined],
  [`multipart/form-data; boundary=${'x'.repeat(71)}`, undefined],
  ['multipart/mixed; boundary=abc', undefined],
  ['text/plain; boundary=abc', undefined],
  ['', undefined],
])('the boundary in %j', (contentType, boundary) => {
  expect(boundaryOf(contentType)).toBe(boundary);
});
