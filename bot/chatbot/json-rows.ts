import { type ImportRow, listed, longestRecord, rowOf, tooLong } from './import-row.ts';

/** JSON has to be read as a whole: this much holds nobody up. */
const longestJson = 1_048_576;
/** Brackets in brackets. */
const deepest = 64;
/** So many empty lines are read between two breaths. */
const stretch = 2000;
const notJson = { zh: '不是合法的 JSON', en: 'not valid JSON' };

/** Entries of a file with one in each line. */
export function* jsonLines(text: string): Generator<ImportRow | undefined> {
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
      else yield jsonRow(line, item);
    }
  }
}

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

/** Entries of a list. */
export function* jsonRows(text: string): Generator<ImportRow> {
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
  for (const [at, item] of items.entries()) yield jsonRow(at + 1, item);
}

function jsonRow(line: number, item: unknown): ImportRow {
  if (typeof item !== 'object' || item === null) {
    return { line, fault: { zh: '须为对象', en: 'must be an object' } };
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
  return rowOf(line, text('q', 'question', 'title'), text('a', 'answer'), {
    phrases: list('indexes', 'phrases', 'phrasings'),
    tags: list('tags'),
    ...(given['kind'] === 'doc' && { kind: 'doc' as const }),
    ...(given['enabled'] === false && { enabled: false }),
  });
}
