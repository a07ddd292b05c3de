import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { chatbotSchema } from '../../config/chatbot-schema.ts';
import { createLogger } from '../../config/logger.ts';
import { createKnowledgeRig, type KnowledgeRig } from '../../tests/support/knowledge-rig.ts';
import type { ImportRow } from './import-row.ts';
import { type KnowledgeFormat, largestFile, readFileRows } from './knowledge-files.ts';
import { KnowledgeSources } from './knowledge-sources.ts';

const size = 12_000_000;
const filled = (piece: string): string => piece.repeat(Math.floor(size / piece.length));

/** What a text gives, and the longest that its reader worked without a breath, ms. */
function read(format: KnowledgeFormat, text: string): { rows: ImportRow[]; longest: number } {
  const rows: ImportRow[] = [];
  const reader = readFileRows(format, text, 'name');
  let longest = 0;
  for (;;) {
    // Its own work: what else the machine does is not counted.
    const began = process.threadCpuUsage();
    const { value, done } = reader.next();
    const { user, system } = process.threadCpuUsage(began);
    longest = Math.max(longest, (user + system) / 1000);
    if (done) return { rows, longest };
    if (value !== undefined && rows.length < 1000) rows.push(value);
  }
}

const tooLong = { fault: { en: expect.stringContaining('too long') } };
const invalid = { fault: { en: 'not valid JSON' } };

const hostile: [string, KnowledgeFormat, string, unknown[] | undefined][] = [
  ['commas', 'csv', `q,a\n${filled(',')}\n甲,一`, [tooLong, { draft: { title: '甲' } }]],
  ['fields', 'csv', `a,b${filled(',c')}`, [tooLong]],
  ['a quote never closed', 'csv', `q,a\nx,"${filled('y\n')}`, undefined],
  ['doubled quotes', 'csv', `q,a\nx,"${filled('""')}"\n甲,一`, [tooLong, { line: 3 }]],
  ['lines in quotes', 'csv', `q,a\nx,"${'y\n'.repeat(4e6)}"\n甲,一`, [tooLong, { line: 4e6 + 3 }]],
  ['quotes in the middle', 'csv', filled('a"'), [tooLong]],
  ['one field', 'csv', filled('a'), [tooLong]],
  ['empty lines', 'csv', filled('\n'), []],
  ['brackets in a line', 'jsonl', `${filled('[')}\n{"q":"甲","a":"一"}`, [tooLong, { line: 2 }]],
  ['brackets in lines', 'jsonl', `${'['.repeat(100_000)}\n`, [invalid]],
  ['brackets', 'json', '['.repeat(1_000_000), [invalid]],
  ['empty lines', 'jsonl', filled('\n'), []],
  ['headings', 'markdown', filled('# a\n'), []],
  ['empty lines', 'markdown', filled('\n'), []],
  ['words', 'markdown', filled('字 text '), undefined],
  ['paragraphs', 'markdown', filled('字 text\n\n'), undefined],
  ['blanks in a heading', 'markdown', `# a${filled(' ')}b`, undefined],
  ['backticks', 'markdown', `# t\n${filled('`')}`, undefined],
];

it.each(hostile)(
  'a file of %s (%s) holds nobody up',
  (_, format, text, expected) => {
    // Pieces put together are one text only when somebody looks at them.
    text.charCodeAt(text.length - 1);
    const { rows, longest } = read(format, text);
    if (expected !== undefined) expect(rows).toMatchObject(expected);
    expect(longest).toBeLessThan(150);
  },
  20_000,
);

it('a long part of a document is whole, in order', () => {
  const lines = Array.from({ length: 30_000 }, (_, at) => `第${at}行${at % 7 === 0 ? '\n' : ''}`);
  const { rows } = read('markdown', `# 甲\n${lines.join('\n')}`);
  const text = rows.flatMap((row) => ('draft' in row ? [row.draft.answer] : [])).join('\n');
  expect(text.replaceAll(/\s/g, '')).toBe(lines.join('').replaceAll(/\s/g, ''));
  const titles = rows.map((row) => ('draft' in row ? row.draft.title : ''));
  expect(titles.slice(0, 2)).toEqual(['甲', '甲 (2)']);
  expect(new Set(titles).size).toBe(titles.length);
});

let folder: string;
let rig: KnowledgeRig;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-bounds-'));
  rig = await createKnowledgeRig();
});
afterEach(async () => {
  await rig.close();
  rmSync(folder, { recursive: true, force: true });
});

it('files that are none, or too large, are left out; the others are taken', async () => {
  const file = (name: string): string => join(folder, name);
  execFileSync('mkfifo', [file('pipe.csv')]);
  writeFileSync(file('big.csv'), '');
  truncateSync(file('big.csv'), largestFile + 1);
  writeFileSync(file('ok.csv'), 'q,a\n甲,一\n');
  const knowledge = ['pipe.csv', 'big.csv', 'ok.csv'].map(file);
  const settings = chatbotSchema.parse({ starter: false, knowledge });
  const sources = new KnowledgeSources(rig.knowledge, settings, createLogger('silent'));
  sources.start();
  await sources.settled;
  expect((await rig.knowledge.list({}, 0, 10)).map(({ title }) => title)).toEqual(['甲']);
  await sources.stop();
});
