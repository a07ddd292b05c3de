import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorMs } from '../../tests/support/processor.ts';
import { JsonFault, parseJson, parseJsonFields } from './big-json.ts';
import { buildXml, parseXml, XmlFault, xmlText } from './xml.ts';

describe('XML of WeChat', () => {
  it.each([
    [
      'CDATA and text beside each other',
      '<xml><a>x<![CDATA[y&amp;]]>&amp;z</a></xml>',
      'xy&amp;&z',
    ],
    ['every reference', '<xml><a>&amp;&lt;&gt;&quot;&apos;&#x4F60;&#65;</a></xml>', '&<>"\'你A'],
    ['a character beyond 2^16', '<xml><a>&#128512;&#x1F600;</a></xml>', '\u{1f600}\u{1f600}'],
    ['a reference nobody knows', '<xml><a>&nbsp;&toString;</a></xml>', '&nbsp;&toString;'],
    [
      'a reference to no character',
      '<xml><a>&#0;&#xD800;&#x110000;</a></xml>',
      '&#0;&#xD800;&#x110000;',
    ],
    ['spaces round it', '<xml><a>  x </a></xml>', '  x '],
    ['a comment in it', '<xml><a>x<!-- <b>no</b> -->y</a></xml>', 'xy'],
    ['an attribute', '<xml><a b="c">x</a></xml>', 'x'],
    ['a declaration before', '<?xml version="1.0"?><xml><a>x</a></xml>', 'x'],
    ['a DOCTYPE that a user wrote', '<xml><a><![CDATA[<!DOCTYPE x>]]></a></xml>', '<!DOCTYPE x>'],
    ['an empty element', '<xml><a/></xml>', ''],
    ['a name of objects', '<xml><a>x</a><valueOf>1</valueOf></xml>', 'x'],
  ])('%s', (_what, text, expected) => {
    expect(parseXml(text)['a']).toBe(expected);
  });

  it('is read with all that is there, in its order', () => {
    const text = '<xml><b>1</b><a><item>x</item>loose<item><c/></item></a><b>2</b><b>3</b></xml>';
    const fields = parseXml(text);
    expect(fields).toEqual({ b: ['1', '2', '3'], a: { item: ['x', { c: '' }] } });
    expect(Object.keys(fields)).toEqual(['b', 'a']);
    expect(parseXml('<xml/>')).toEqual({});
    expect(parseXml('<xml> text alone </xml>')).toEqual({});
  });

  it.each([
    ['a DOCTYPE', '<!DOCTYPE x><xml/>'],
    ['a DOCTYPE in lower case', '<!doctype x><xml/>'],
    ['a DOCTYPE behind a comment', '<!-- a --><!DOCTYPE x [<!ENTITY a "b">]><xml>&a;</xml>'],
    [
      'a DOCTYPE that CDATA in a comment seems to hide',
      '<!-- <![CDATA[ --><!DOCTYPE x><!-- ]]> --><xml/>',
    ],
    ['a DOCTYPE inside the root', '<xml><!DOCTYPE x></xml>'],
    ['an entity', '<xml><!ENTITY a "b"></xml>'],
    ['an end that is another', '<xml><a>1</b></xml>'],
    ['no end', '<xml><a>1</a>'],
    ['two roots', '<xml/><xml/>'],
    ['no XML', 'hello'],
    ['nothing', ''],
    ['__proto__', '<xml><__proto__><a>1</a></__proto__></xml>'],
    ['CDATA without an end', '<xml><a><![CDATA[x</a></xml>'],
    ['a comment without an end', '<xml><!-- x</xml>'],
    ['33 levels', `<xml>${'<a>'.repeat(33)}${'</a>'.repeat(33)}</xml>`],
    ['5,001 elements', `<xml>${'<a></a>'.repeat(5001)}</xml>`],
    ['more than a million characters', `<xml><a>${'x'.repeat(1_048_576)}</a></xml>`],
  ])('%s is refused', (_what, text) => {
    expect(() => parseXml(text)).toThrow(XmlFault);
  });

  it('that is hostile costs no time', () => {
    const texts = [
      `<xml>${'<a>'.repeat(200_000)}`,
      `<xml>${'<a></a>'.repeat(100_000)}</xml>`,
      `<xml><a>${'&#x41;'.repeat(170_000)}</a></xml>`,
      `<xml>${'<![CDATA[x]]>'.repeat(80_000)}</xml>`,
      '<'.repeat(1_000_000),
      `<xml ${'a="b" '.repeat(150_000)}/>`,
    ];
    const took = processorMs(() => {
      for (const text of texts) {
        try {
          parseXml(text);
        } catch (error) {
          expect(error).toBeInstanceOf(XmlFault);
        }
      }
    });
    expect(took).toBeLessThan(3000);
  });

  it('never throws anything else, and never pollutes', () => {
    const pieces = ['<xml>', '</xml>', '<a>', '</a>', '<![CDATA[', ']]>', '&', '&#x41;', '<!--'];
    const noise = fc.array(fc.constantFrom(...pieces, '-->', '<?', '?>', '<__proto__>', 'x', '"'));
    fc.assert(
      fc.property(noise, (parts) => {
        try {
          parseXml(parts.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(XmlFault);
        }
        expect(Object.prototype).not.toHaveProperty('a');
      }),
      { numRuns: 2000 },
    );
  });

  it('that was built is read back as it was', () => {
    const text = fc
      .string({ unit: 'grapheme' })
      .map((one) => `x${xmlText(one)}`.replaceAll('\r', ''));
    const leaf = fc.oneof(text, fc.constant(']]>'), fc.constant('<a>&amp;</a>'));
    const fields = fc.record({
      A: leaf,
      B: fc.record({ C: leaf, D: leaf }),
      E: fc.array(fc.record({ F: leaf }), { minLength: 2, maxLength: 4 }),
    });
    fc.assert(
      fc.property(fields, (given) => {
        expect(parseXml(buildXml(given))).toEqual(given);
      }),
    );
  });

  it('is built as WeChat writes it', () => {
    expect(
      buildXml({ A: 'x', B: 5, C: { D: ']]>' }, E: undefined, F: [{ G: '1' }, { G: '2' }] }),
    ).toBe(
      '<xml><A><![CDATA[x]]></A><B>5</B><C><D><![CDATA[]]]]><![CDATA[>]]></D></C>' +
        '<F><G><![CDATA[1]]></G></F><F><G><![CDATA[2]]></G></F></xml>',
    );
    expect(buildXml({ A: 'a\0b\u0007c\ud800' })).toBe('<xml><A><![CDATA[abc\ufffd]]></A></xml>');
  });
});

describe('JSON of WeChat', () => {
  it('keeps every digit of an id', () => {
    const text =
      '{"MsgId":22876340532172986,"a":[-1234567890123456],"b":"22876340532172986","c":12}';
    expect(parseJson(text)).toEqual({
      MsgId: '22876340532172986',
      a: ['-1234567890123456'],
      b: '22876340532172986',
      c: 12,
    });
    expect(parseJson('{"a":123456789012345,"b":1.5e300,"c":"x:1234567890123456789"}')).toEqual({
      ...{ a: 123_456_789_012_345, b: 1.5e300, c: 'x:1234567890123456789' },
    });
  });

  it('becomes texts', () => {
    const text = '{"a":120.063370,"b":true,"c":null,"d":{"e":1e3},"f":[1,{"g":[]}],"h":[[1]]}';
    expect(parseJsonFields(text)).toEqual({
      ...{ a: '120.063370', b: 'true', c: '', d: { e: '1e3' } },
      ...{ f: ['1', { g: [] }], h: ['["1"]'] },
    });
    expect(parseJsonFields('\ufeff{"a":1}')).toEqual({ a: '1' });
  });

  it.each([
    ['an array', '[1]'],
    ['a text', '"a"'],
    ['no JSON', '{a:1}'],
    ['__proto__', '{"__proto__":{"a":1}}'],
    ['__proto__ further down', '{"b":[{"__proto__":1}]}'],
    ['40 levels', `${'{"a":'.repeat(40)}1${'}'.repeat(40)}`],
    ['200,000 levels', `${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`],
    ['more than a million characters', `{"a":"${'x'.repeat(1_048_576)}"}`],
  ])('%s is refused', (_what, text) => {
    expect(() => parseJsonFields(text)).toThrow(JsonFault);
  });
});
