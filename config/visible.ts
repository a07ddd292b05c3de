/**
 * What a terminal would obey instead of showing, and what turns the direction of a line: control
 * characters of both ranges, ends of lines of other alphabets, overrides and isolates.
 */
const obeyed = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;

/** What strangers wrote, for a terminal: their control characters are shown; lines stay lines. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(obeyed, (char) => (char === '\n' || char === '\t' ? char : spelled(char)));
}

/** The same on one line, so that nobody writes lines that look like ours. */
export function visibleLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' '));
}

/** JSON says the same with these spelled out: it leaves the upper range and directions as they are. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(obeyed, (char) => `\\u${hex(char, 4)}`);
}

function spelled(char: string): string {
  return char.charCodeAt(0) < 0x100 ? `\\x${hex(char, 2)}` : `\\u${hex(char, 4)}`;
}

function hex(char: string, digits: number): string {
  return char.charCodeAt(0).toString(16).padStart(digits, '0');
}
