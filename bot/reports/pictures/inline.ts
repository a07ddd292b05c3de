import type { Node } from '@takumi-rs/core';
import type { Fonts } from './fonts.ts';

export type Style = NonNullable<Node['style']>;

const maybe = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const picture: Style = {
  display: 'inline-block',
  width: '1.2em',
  height: '1.13em',
  verticalAlign: '-0.2em',
};

/** A text as nodes: data, never markup. Emoji become drawings between the words. */
export function inline(text: string, style: Style, fonts: Pick<Fonts, 'emoji' | 'covers'>): Node {
  const children = split(text, fonts);
  if (children === undefined) return { type: 'text', text, style };
  return { type: 'container', children, style: { display: 'block', ...style } };
}

/** Emoji of a tree, wherever they stand. */
export function withEmoji(node: Node, fonts: Pick<Fonts, 'emoji' | 'covers'>): Node {
  if (node.type === 'text') {
    if (!maybe.test(node.text)) return node;
    const { text, type: _, ...rest } = node;
    const drawn = split(text, fonts);
    return drawn === undefined ? node : { ...rest, type: 'container', children: drawn };
  }
  if (node.type !== 'container' || node.children === undefined) return node;
  return { ...node, children: node.children.map((child) => withEmoji(child, fonts)) };
}

/** @returns undefined when there is no emoji in it */
function split(text: string, fonts: Pick<Fonts, 'emoji' | 'covers'>): Node[] | undefined {
  return emojiIn(text, fonts)?.flatMap(({ words, drawings }): Node[] => [
    ...(words === '' ? [] : [{ type: 'text' as const, text: words }]),
    ...drawings.map((src) => ({ type: 'image' as const, src, style: picture })),
  ]);
}

/** Cheaply: whether it is worth a look. */
export function mayHoldEmoji(text: string): boolean {
  return maybe.test(text);
}

/** Words, and the drawings of the emoji behind them; undefined: there is no emoji in the text. */
export function emojiIn(
  text: string,
  fonts: Pick<Fonts, 'emoji' | 'covers'>,
): { words: string; drawings: readonly string[] }[] | undefined {
  if (!maybe.test(text)) return undefined;
  const parts: { words: string; drawings: readonly string[] }[] = [];
  let words = '';
  for (const { segment } of graphemes.segment(text)) {
    const drawings = isEmoji(segment, fonts) ? fonts.emoji(segment) : [];
    if (drawings.length === 0) {
      words += segment;
      continue;
    }
    parts.push({ words, drawings });
    words = '';
  }
  if (parts.length === 0) return undefined;
  return words === '' ? parts : [...parts, { words, drawings: [] }];
}

function isEmoji(grapheme: string, fonts: Pick<Fonts, 'covers'>): boolean {
  if (grapheme.includes('\ufe0e')) return false;
  if (/^\p{Regional_Indicator}{2}$|^[#*0-9]\ufe0f?\u20e3$/u.test(grapheme)) return true;
  if (!/^\p{Extended_Pictographic}/u.test(grapheme)) return false;
  if (/\ufe0f|\u200d|^\p{Emoji_Presentation}|\p{Emoji_Modifier}$/u.test(grapheme)) return true;
  // ✔ and the like are text, where a font for text has them.
  return !fonts.covers(grapheme.codePointAt(0) ?? 0);
}
