import type { Text } from '../errors.ts';
import { type CsvBounds, csvField, plainField, readCsvBounded } from './csv.ts';
import type { Entry, EntryDraft, Phrase } from './entry.ts';
import { readMarkdownInBreaths } from './markdown.ts';

export const knowledgeFormats = ['csv', 'json', 'jsonl', 'markdown'] as const;
export type KnowledgeFormat = (typeof knowledgeFormats)[number];

/** What a line of a file says, or why it says nothing. */
export type FileRow =
  | { line: number; draft: Omit<EntryDraft, 'kb'> }
  | { line: number; fault: Text };

/** JSON has to be read as a whole: this much holds nobody up. */
const longestJson = 1_048_576;
/** More than the longest entry there may be, with all its phrasings. */
const longestRecord = 262_144;
const recordBounds: CsvBounds = { characters: longestRecord, fields: 256 };
/** Brackets in brackets. */
const deepest = 64;
/** So many empty lines are read between two breaths. */
const stretch = 2000;
/** Largest file that is read at all, in bytes. */
export const largestFile = 32 * 1_048_576;

/** By the end of a file's name; undefined: none that is known. */
export function formatOf(name: string): KnowledgeFormat | undefined {
  const end = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (end === 'csv' || end === 'json' || end === 'jsonl') return end;
  return end === 'md' || end === 'markdown' ? 'markdown' : undefined;
}

/** UTF-8, with a mark or without, UTF-16 with one, or GB 18030, in which spreadsheets are saved. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('gb18030').decode(bytes);
  }
}

/** By what stands at its beginning. */
export function formatWithin(text: string): KnowledgeFormat {
  const plain = text.replace(/^\uFEFF/, '').trimStart();
  if (plain.startsWith('[')) return 'json';
  if (plain.startsWith('{')) return 'jsonl';
  if (/^(?:---\r?\n|#{1,6}\s)/.test(plain)) return 'markdown';
  // Documents seldom have a comma in their first line; lists always do.
  return /^[^\n]*,/.test(plain) || !/^#{1,6}\s/m.test(plain) ? 'csv' : 'markdown';
}

/** By a media type; undefined: it says nothing. */
export function formatOfType(type: string): KnowledgeFormat | undefined {
  const name = type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (name === 'text/csv') return 'csv';
  if (name === 'application/json') return 'json';
  if (/^application\/(?:x-ndjson|ndjson|jsonl|json-lines)$/.test(name)) return 'jsonl';
  return /^text\/(?:x-)?markdown$/.test(name) ? 'markdown' : undefined;
}

/**
 * Reads a file row by row, so that its reader can take breaths; undefined: nothing yet, but a place
 * to take one. @param name for what has no title
 */
export function* readFileRows(
  format: KnowledgeFormat,
  text: string,
  name: string,
): Generator<FileRow | undefined> {
  const plain = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (format === 'csv') yield* csvRows(plain);
  else if (format === 'jsonl') yield* jsonLines(plain);
  else if (format === 'json') yield* jsonRows(plain);
  else {
    for (const section of readMarkdownInBreaths(plain, name)) {
      if (section === undefined) {
        yield undefined;
        continue;
      }
      const { title, text: answer, line } = section;
      yield { line, draft: { kind: 'doc', title: title.slice(0, 500), answer } };
    }
  }
}

/** What stands before the first entry of a file. */
export function fileHead(format: KnowledgeFormat): string {
  if (format === 'csv') return 'q,a,indexes,tags\n';
  return format === 'json' ? '[\n' : '';
}

/** One entry as a file has it. @param first the first one of the file */
export function fileEntry(
  format: KnowledgeFormat,
  entry: Entry & { phrases: readonly Phrase[] },
  first: boolean,
): string {
  const phrases = entry.phrases.map(({ text }) => text);
  if (format === 'csv') {
    const fields = [entry.title, entry.answer, phrases.join('\n'), entry.tags.join('|')];
    return `${fields.map(csvField).join(',')}\n`;
  }
  if (format === 'markdown') {
    const title = entry.title.replaceAll(/\s*\n\s*/g, ' ');
    return `${first ? '' : '\n'}# ${title}\n\n${entry.answer}\n`;
  }
  const value = JSON.stringify({
    ...{ q: entry.title, a: entry.answer, indexes: phrases },
    ...(entry.tags.length > 0 && { tags: entry.tags }),
    ...(entry.kind === 'doc' && { kind: 'doc' }),
    ...(entry.reply !== undefined && { reply: entry.reply }),
    ...(!entry.enabled && { enabled: false }),
  });
  return format === 'jsonl' ? `${value}\n` : `${first ? '' : ',\n'}${value}`;
}

export function fileTail(format: KnowledgeFormat): string {
  return format === 'json' ? '\n]\n' : '';
}

const columns: Record<string, 'q' | 'a' | 'indexes' | 'tags'> = {
  ...{ q: 'q', question: 'q', title: 'q', 问题: 'q', 标题: 'q' },
  ...{ a: 'a', answer: 'a', 答案: 'a', 回答: 'a', 答复: 'a' },
  ...{ indexes: 'indexes', index: 'indexes', phrases: 'indexes', 相似问题: 'indexes' },
  ...{ tags: 'tags', 标签: 'tags' },
};

function* csvRows(text: string): Generator<FileRow | undefined> {
  let order: (string | undefined)[] = ['q', 'a'];
  let isFirst = true;
  for (const record of readCsvBounded(text, recordBounds)) {
    if (record === undefined) {
      yield undefined;
      continue;
    }
    const { line, open } = record;
    if (record.long && !open) {
      isFirst = false;
      yield { line, fault: tooLong };
      continue;
    }
    const fields = record.fields.map(plainField);
    const names = fields.map((field) => columns[field.trim().toLowerCase()]);
    if (isFirst && names.includes('q')) {
      isFirst = false;
      order = names;
      continue;
    }
    if (isFirst && isUnknownHead(fields)) {
      yield { line, fault: headFault(fields) };
      return;
    }
    isFirst = false;
    if (open) {
      yield { line, fault: { zh: '引号没有结束', en: 'a quote is not closed' } };
      return;
    }
    const of = (name: string): string => fields[order.indexOf(name)] ?? '';
    // Columns without a name of ours hold further ways to ask, as in the files of FastGPT.
    const others = fields.filter((_, at) => !['q', 'a', 'tags'].includes(order[at] ?? 'indexes'));
    const tags = order.includes('tags') ? listed(of('tags')) : [];
    yield* row(line, of('q'), of('a'), { phrases: others.flatMap(listed), tags });
  }
}

/** What tables are headed with that are no questions and answers. */
const labels =
  /^(?:产品|商品|品名|名称|型号|规格|价格|单价|数量|说明|描述|备注|内容|分类|类别|类型|编号|序号|日期|时间|姓名|电话|地址|id|no|name|product|price|description|content|category|type|date|note|key|value)s?$/i;
const mostLabel = 20;

/** A first line of labels, none of which is a question: what it names would be taken for answers. */
function isUnknownHead(fields: readonly string[]): boolean {
  const names = fields.map((field) => field.trim());
  if (names.some((name) => columns[name.toLowerCase()] !== undefined)) return true;
  const isPlain = names.every((name) => name.length <= mostLabel && /^[\p{L} _]+$/u.test(name));
  return names.length >= 2 && isPlain && names.some((name) => labels.test(name));
}

function headFault(fields: readonly string[]): Text {
  const given = fields.map((field) => field.trim()).join(',');
  return {
    zh: `不认识的表头：${given}。表头须含 q（或 问题、question、title）与 a（或 答案、回答、answer），可加 indexes（相似问题）、tags（标签）；没有表头的，请在首行加上 q,a`,
    en: `a head that is not known: ${given}. It names q (or question, title, 问题) and a (or answer, 答案), and may name indexes (相似问题) and tags (标签); a file without one: put q,a in the first line`,
  };
}

function* jsonLines(text: string): Generator<FileRow | undefined> {
  let line = 0;
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf('\n', at);
    const until = end === -1 ? text.length : end;
    const isLong = until - at > longestRecord;
    const piece = isLong ? '' : text.slice(at, until).trim();
    at = until + 1;
    line += 1;
    if (isLong) yield { line, fault: tooLong };
    else if (piece === '') {
      if (line % stretch === 0) yield undefined;
    } else {
      const item = parsed(piece);
      if (item === undefined) yield { line, fault: notJson };
      else yield* jsonRow(line, item);
    }
  }
}

const tooLong = {
  zh: `过长（最多 ${longestRecord} 个字符、${recordBounds.fields} 列）`,
  en: `too long: at most ${longestRecord} characters and ${recordBounds.fields} fields`,
};
const notJson = { zh: '不是合法的 JSON', en: 'not valid JSON' };

/** Undefined: it is none, or one in which nobody would find anything. */
function parsed(text: string): unknown {
  if (isDeep(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Brackets in brackets take the parser longer than anything else. */
function isDeep(text: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted && sign === '\\') at += 1;
    else if (sign === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (sign === '[' || sign === '{') {
      depth += 1;
      if (depth > deepest) return true;
    } else if (sign === ']' || sign === '}') depth -= 1;
  }
  return false;
}

function* jsonRows(text: string): Generator<FileRow> {
  if (text.length > longestJson) {
    const fault = { zh: 'JSON 文件过大，请用 jsonl', en: 'too large for JSON: use jsonl' };
    yield { line: 1, fault };
    return;
  }
  const items = parsed(text);
  if (items === undefined) {
    yield { line: 1, fault: notJson };
    return;
  }
  if (!Array.isArray(items)) {
    yield { line: 1, fault: { zh: '须为数组', en: 'must be a list' } };
    return;
  }
  for (const [at, item] of items.entries()) yield* jsonRow(at + 1, item);
}

function* jsonRow(line: number, item: unknown): Generator<FileRow> {
  if (typeof item !== 'object' || item === null) {
    yield { line, fault: { zh: '须为对象', en: 'must be an object' } };
    return;
  }
  const given = item as Record<string, unknown>;
  const text = (...names: string[]): string => {
    const value = names.map((name) => given[name]).find((one) => typeof one === 'string');
    return typeof value === 'string' ? value : '';
  };
  const list = (...names: string[]): string[] => {
    const value = names.map((name) => given[name]).find((one) => one !== undefined);
    if (typeof value === 'string') return listed(value);
    return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  };
  yield* row(line, text('q', 'question', 'title'), text('a', 'answer'), {
    phrases: list('indexes', 'phrases', 'phrasings'),
    tags: list('tags'),
    ...(given['kind'] === 'doc' && { kind: 'doc' as const }),
    ...(given['enabled'] === false && { enabled: false }),
  });
}

function* row(
  line: number,
  title: string,
  answer: string,
  rest: Partial<EntryDraft>,
): Generator<FileRow> {
  if (title.trim() === '') yield { line, fault: { zh: '没有问题', en: 'there is no question' } };
  else if (answer.trim() === '')
    yield { line, fault: { zh: '没有答案', en: 'there is no answer' } };
  else yield { line, draft: { title: title.trim(), answer: answer.trim(), ...rest } };
}

function listed(text: string): string[] {
  return text
    .split(/[\n|]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
