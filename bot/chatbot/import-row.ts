import type { Text } from '../errors.ts';
import type { CsvBounds } from './csv.ts';
import type { EntryDraft } from './entry.ts';

/** What a line of a file says, or why it says nothing. */
export type ImportRow =
  | { line: number; draft: Omit<EntryDraft, 'kb'> }
  | { line: number; fault: Text };

/** More than the longest entry there may be, with all its phrasings. */
export const longestRecord = 262_144;
export const recordBounds: CsvBounds = { characters: longestRecord, fields: 256 };

export const tooLong: Text = {
  zh: `过长（最多 ${longestRecord} 个字符、${recordBounds.fields} 列）`,
  en: `too long: at most ${longestRecord} characters and ${recordBounds.fields} fields`,
};

/** An entry, unless half of it is missing. */
export function rowOf(
  line: number,
  title: string,
  answer: string,
  rest: Partial<EntryDraft>,
): ImportRow {
  if (title.trim() === '') return { line, fault: { zh: '没有问题', en: 'there is no question' } };
  if (answer.trim() === '') return { line, fault: { zh: '没有答案', en: 'there is no answer' } };
  return { line, draft: { title: title.trim(), answer: answer.trim(), ...rest } };
}

/** Several in one field, by lines or strokes. */
export function listed(text: string): string[] {
  return text
    .split(/[\n|]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}
