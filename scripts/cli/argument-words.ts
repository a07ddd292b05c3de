import type { Text } from '../../config/text.ts';

/** What is wrong with a command line, from what the runtime's reader of it says. */
export function argumentWords(error: unknown): Text {
  const said = (error instanceof Error ? error.message : String(error)).split('. ')[0] ?? '';
  for (const [pattern, { zh, en }] of known) {
    if (pattern.test(said)) {
      return { zh: said.replace(pattern, zh), en: said.replace(pattern, en) };
    }
  }
  return { zh: said, en: said };
}

const known: readonly (readonly [RegExp, Text])[] = [
  [/^Unknown option '(.+?)'.*$/s, { zh: '没有选项 $1', en: 'there is no option $1' }],
  [
    /^Option '(?:-\w, )?(-+[\w-]+).*' argument (?:missing|is ambiguous).*$/s,
    {
      zh: '选项 $1 需要一个值（以 - 开头的写成 $1=值）',
      en: '$1 needs a value (one that begins with -: $1=VALUE)',
    },
  ],
  [
    /^Option '(?:-\w, )?(-+[\w-]+)' does not take an argument.*$/s,
    { zh: '选项 $1 不带值', en: '$1 takes no value' },
  ],
  [
    /^Unexpected argument '(.*?)'.*$/s,
    { zh: '多余的参数 “$1”', en: 'what is “$1”? No such word is expected here' },
  ],
];
