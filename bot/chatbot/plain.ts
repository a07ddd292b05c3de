/**
 * What is written in Markdown, as people read it who see text only: signs of headings, emphasis and
 * code go, addresses of links stay. What stands in code is left as it is.
 */
export function plainOf(markdown: string): string {
  const lines: string[] = [];
  let fence: string | undefined;
  for (const line of markdown.split('\n')) {
    const [, mark] = /^\s*(`{3,}|~{3,})/.exec(line) ?? [];
    if (fence === undefined && mark !== undefined) fence = mark;
    else if (fence !== undefined && mark?.startsWith(fence) === true) fence = undefined;
    else lines.push(fence === undefined ? plainLine(line) : line);
  }
  return lines
    .join('\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

function plainLine(line: string): string {
  // Every other part stands between backticks.
  const parts = line.replace(/^\s{0,3}#{1,6}\s+/, '').split(/`+/);
  if (parts.length % 2 === 0) return plainWords(parts.join('`'));
  return parts.map((part, at) => (at % 2 === 1 ? part : plainWords(part))).join('');
}

function plainWords(text: string): string {
  return text
    .replaceAll(/!?\[([^\]\n]*)\]\((\S+?)\)/g, (_all, name: string, url: string) =>
      name === '' || name === url ? url : `${name} ${url}`,
    )
    .replaceAll(/\*\*(\S(?:[^*\n]*\S)?)\*\*/g, '$1')
    .replaceAll(/(?<![\w_])__(\S(?:[^_\n]*\S)?)__(?![\w_.])/g, '$1')
    .replaceAll(/~~(\S(?:[^~\n]*\S)?)~~/g, '$1');
}
