/** A record of a CSV file, and the line on which it begins. */
export interface CsvRecord {
  line: number;
  fields: string[];
  /** A quote that was opened and never closed: everything behind it is in the last field. */
  open: boolean;
}

/**
 * Reads CSV as RFC 4180 has it, one record at a time: quoted fields with line breaks, doubled quotes,
 * LF or CRLF. A quote in the middle of an unquoted field is a quote.
 */
export function* readCsv(text: string): Generator<CsvRecord> {
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const record: CsvRecord = { line, fields: [], open: false };
    for (let more = true; more; ) {
      let field = '';
      if (text[at] === '"') {
        at += 1;
        for (;;) {
          const end = text.indexOf('"', at);
          const piece = text.slice(at, end === -1 ? text.length : end);
          field += piece;
          line += breaksIn(piece);
          if (end === -1) {
            record.open = true;
            at = text.length;
            break;
          }
          at = end + 1;
          if (text[at] !== '"') break;
          field += '"';
          at += 1;
        }
      }
      // Unquoted, or what follows a closing quote.
      let end = at;
      while (end < text.length && text[end] !== ',' && text[end] !== '\n') end += 1;
      const rest = text.slice(at, end);
      field += rest.endsWith('\r') && text[end] !== ',' ? rest.slice(0, -1) : rest;
      record.fields.push(field);
      more = text[end] === ',';
      at = end + 1;
      if (text[end] === '\n') line += 1;
    }
    if (record.fields.length > 1 || record.fields[0] !== '') yield record;
  }
}

/** One field as it is written: quoted where it must be. */
export function csvField(text: string): string {
  // A blank at an end is lost in some programs unless it is quoted.
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function breaksIn(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) breaks += 1;
  return breaks;
}
