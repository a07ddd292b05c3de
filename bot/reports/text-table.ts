/** Columns that one sign takes: Chinese, Japanese, Korean, full-width signs and emoji take two. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const none = /^[\p{M}\p{Cf}]$/u;

/** How many columns a text takes where letters take one. */
export function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += none.test(sign) ? 0 : wide.test(sign) ? 2 : 1;
  return width;
}

/** Fills a text up with blanks to a width. */
export function padTo(text: string, width: number, right = false): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? blanks + text : text + blanks;
}

/** Lines of cells, one below the other; `right`: columns that end on the right. */
export function alignTable(
  lines: readonly (readonly string[])[],
  right: readonly boolean[],
): string {
  const widths: number[] = [];
  for (const line of lines) {
    for (const [at, cell] of line.entries()) {
      widths[at] = Math.max(widths[at] ?? 0, widthOf(cell));
    }
  }
  return lines
    .map((line) =>
      line
        .map((cell, at) => padTo(cell, widths[at] ?? 0, right[at] ?? false))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
