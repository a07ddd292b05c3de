/** A record of a CSV file, and the line on which it begins. */
export interface CsvRecord {
  line: number;
  fields: string[];
  /** A quote that was opened and never closed: everything behind it is in the last field. */
  open: boolean;
  /** It has more characters or fields than it may: what was read of it is not all. */
  long: boolean;
}

export interface CsvBounds {
  /** Characters of a record, as the file has it. */
  characters: number;
  fields: number;
}

const unbounded: CsvBounds = { characters: Infinity, fields: Infinity };
/** So many characters are read between two places where a reader may do something else. */
const stretch = 65_536;

/**
 * Reads CSV as RFC 4180 has it, one record at a time: quoted fields with line breaks, doubled quotes,
 * LF or CRLF. A quote in the middle of an unquoted field is a quote.
 */
export function* readCsv(text: string): Generator<CsvRecord> {
  for (const record of readCsvBounded(text, unbounded)) if (record !== undefined) yield record;
}

/** As `readCsv`; undefined: nothing yet, a place to take a breath. */
export function* readCsvBounded(text: string, bounds: CsvBounds): Generator<CsvRecord | undefined> {
  let line = 1;
  let rested = 0;
  for (let at = 0; at < text.length; ) {
    if (at - rested > stretch) {
      rested = at;
      yield undefined;
    }
    const { record, end, quoted, lines } = readRecord(text, at, line, bounds);
    line += lines;
    at = end;
    if (record.long) {
      const skipped = yield* skipRecord(text, end, quoted);
      line += skipped.lines;
      at = skipped.end;
    }
    if (record.fields.length > 1 || record.fields[0] !== '') yield record;
  }
}

/** One field as it is written: quoted where it must be. */
export function csvField(text: string): string {
  // Programs that calculate take what begins so for a formula, and strangers' words are in here.
  const safe = formula.test(text) ? `'${text}` : text;
  // A blank at an end is lost in some programs unless it is quoted.
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A field as it was before `csvField`. */
export function plainField(text: string): string {
  return text.startsWith("'") && formula.test(text) ? text.slice(1) : text;
}

/** What was written with a sign in front has one more. */
const formula = /^'*[=+\-@\t\r]/;

interface Read {
  record: CsvRecord;
  end: number;
  /** A record that is too long was left within quotes. */
  quoted: boolean;
  /** Line breaks that were passed. */
  lines: number;
}

function readRecord(text: string, from: number, line: number, bounds: CsvBounds): Read {
  const record: CsvRecord = { line, fields: [], open: false, long: false };
  const last = from + bounds.characters;
  let lines = 0;
  let at = from;
  const left = (quoted: boolean): Read => {
    record.long = true;
    return { record, end: at, quoted, lines };
  };
  for (let more = true; more; ) {
    if (record.fields.length >= bounds.fields) return left(false);
    let field = '';
    if (text[at] === '"') {
      at += 1;
      const start = at;
      for (;;) {
        const end = text.indexOf('"', at);
        const until = end === -1 ? text.length : end;
        if (until > last) {
          record.open = end === -1;
          if (record.open) at = text.length;
          return left(!record.open);
        }
        record.open = end === -1;
        at = record.open ? text.length : until + 1;
        if (text[at] === '"') {
          at += 1;
          continue;
        }
        const raw = text.slice(start, until);
        field = raw.replaceAll('""', '"');
        lines += breaksIn(raw);
        break;
      }
    }
    // Unquoted, or what follows a closing quote.
    let end = at;
    while (end < text.length && end <= last && text[end] !== ',' && text[end] !== '\n') end += 1;
    if (end > last) {
      at = end;
      return left(false);
    }
    const rest = text.slice(at, end);
    field += rest.endsWith('\r') && text[end] !== ',' ? rest.slice(0, -1) : rest;
    record.fields.push(field);
    more = text[end] === ',';
    at = end + 1;
    if (text[end] === '\n') lines += 1;
  }
  return { record, end: at, quoted: false, lines };
}

/** Behind the end of a record. */
function* skipRecord(
  text: string,
  from: number,
  within: boolean,
): Generator<undefined, { end: number; lines: number }> {
  let quoted = within;
  let lines = 0;
  let rested = from;
  let at = from;
  for (; at < text.length; at += 1) {
    if (at - rested > stretch) {
      rested = at;
      yield undefined;
    }
    const sign = text.charCodeAt(at);
    if (sign === lineFeed) {
      lines += 1;
      if (!quoted) return { end: at + 1, lines };
    } else if (sign === quote) {
      if (!quoted) quoted = text.charCodeAt(at - 1) === comma;
      else if (text.charCodeAt(at + 1) === quote) at += 1;
      else quoted = false;
    }
  }
  return { end: at, lines };
}

const lineFeed = 10;
const quote = 34;
const comma = 44;

function breaksIn(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}
