import { csvField } from './csv.ts';
import { csvRows } from './csv-rows.ts';
import type { Entry, Phrase } from './entry.ts';
import type { ImportRow } from './import-row.ts';
import { jsonLines, jsonRows } from './json-rows.ts';
import { readMarkdownInBreaths } from './markdown.ts';

export const knowledgeFormats = ['csv', 'json', 'jsonl', 'markdown'] as const;
export type KnowledgeFormat = (typeof knowledgeFormats)[number];

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
): Generator<ImportRow | undefined> {
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
