import type { KbEntryRow, KbPhraseRow } from '../../store/knowledge.ts';
import { AppError } from '../errors.ts';
import { normalize } from './question.ts';
import type { Reply } from './responder.ts';

export const longestTitle = 500;
export const longestAnswer = 20_000;
export const longestPhrase = 500;
export const mostPhrases = 200;

/** What a knowledge base knows: an answer, and the ways to ask for it. */
export interface Entry {
  id: number;
  kb: string;
  /** qa: a question and its answer; doc: a part of a document. */
  kind: 'qa' | 'doc';
  /** The question, or the headings that lead to the part. */
  title: string;
  answer: string;
  /** An answer that is more than text. */
  reply: Reply | undefined;
  enabled: boolean;
  tags: string[];
  source: string;
  /** How often it was the answer. */
  hits: number;
  createdAt: number;
  updatedAt: number;
}

/** A way to ask for an entry, besides its title. */
export interface Phrase {
  id: number;
  text: string;
  /** An operator added it to what was imported. */
  added: boolean;
}

export interface EntryDraft {
  kb: string;
  kind?: 'qa' | 'doc';
  title: string;
  answer: string;
  reply?: Reply | undefined;
  enabled?: boolean;
  tags?: readonly string[];
  /** Besides the title. */
  phrases?: readonly string[];
}

export function entryOf(row: KbEntryRow): Entry {
  return {
    id: Number(row.id),
    kb: row.kb,
    kind: row.kind === 'doc' ? 'doc' : 'qa',
    title: row.title,
    answer: row.answer,
    reply: row.reply === null ? undefined : (JSON.parse(row.reply) as Reply),
    enabled: Number(row.enabled) === 1,
    tags: JSON.parse(row.tags) as string[],
    source: row.source,
    hits: Number(row.hits),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}

/** Without the title, which is one, too. */
export function phrasesOf(rows: readonly KbPhraseRow[], title: string): Phrase[] {
  return rows
    .filter(({ role, text }) => role === 'more' || (role === 'ask' && text !== title))
    .map(({ id, role, text }) => ({ id: Number(id), text, added: role === 'more' }));
}

/** Two questions with the same letters are one: blanks and punctuation do not tell them apart. */
export function lettersOf(text: string): string {
  return normalize(text).replaceAll(/[^\p{L}\p{N}]/gu, '');
}

/** Why an entry cannot be taken as it is; undefined: it can. */
export function faultOf(draft: EntryDraft): AppError | undefined {
  const { title, answer, phrases = [] } = draft;
  if (lettersOf(title) === '') return wrong('title', '须含文字', 'must hold letters or digits');
  if (title.length > longestTitle) return tooLong('title', longestTitle);
  if (answer.trim() === '' && draft.reply === undefined) {
    return wrong('answer', '不能为空', 'must not be empty');
  }
  if (answer.length > longestAnswer) return tooLong('answer', longestAnswer);
  if (phrases.length > mostPhrases) {
    return wrong('phrases', `最多 ${mostPhrases} 条`, `at most ${mostPhrases} of them`);
  }
  if (phrases.some((phrase) => phrase.length > longestPhrase)) {
    return tooLong('phrases', longestPhrase);
  }
  const texts = [title, answer, ...phrases, ...(draft.tags ?? [])];
  if (texts.some((text) => text.includes('\0') || !text.isWellFormed())) {
    return wrong('title', '含非法字符', 'holds illegal characters');
  }
  return undefined;
}

/** Trimmed, each once, none that says the same as the title. */
export function distinctPhrases(title: string, phrases: readonly string[]): string[] {
  const seen = new Set([lettersOf(title)]);
  const distinct: string[] = [];
  for (const phrase of phrases) {
    const letters = lettersOf(phrase);
    if (letters === '' || seen.has(letters)) continue;
    seen.add(letters);
    distinct.push(phrase.trim());
  }
  return distinct;
}

function wrong(field: string, zh: string, en: string): AppError {
  return new AppError('field_value', { zh: `${field}: ${zh}`, en: `${field}: ${en}` }, { field });
}

function tooLong(field: string, most: number): AppError {
  return wrong(field, `最多 ${most} 个字符`, `at most ${most} characters`);
}
