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
  if (!maybe.test(text)) return { type: 'text', text, style };
  const children: Node[] = [];
  let words = '';
  for (const { segment } of graphemes.segment(text)) {
    const drawings = isEmoji(segment, fonts) ? fonts.emoji(segment) : [];
    if (drawings.length === 0) {
      words += segment;
      continue;
    }
    if (words !== '') children.push({ type: 'text', text: words });
    words = '';
    for (const src of drawings) children.push({ type: 'image', src, style: picture });
  }
  if (children.length === 0) return { type: 'text', text, style };
  if (words !== '') children.push({ type: 'text', text: words });
  return { type: 'container', children, style: { display: 'block', ...style } };
}

/** Emoji of a tree, wherever they stand. */
export function withEmoji(node: Node, fonts: Pick<Fonts, 'emoji' | 'covers'>): Node {
  if (node.type === 'text') {
    if (!maybe.test(node.text)) return node;
    const { text, ...rest } = node;
    const drawn = inline(text, {}, fonts);
    if (drawn.type === 'text') return node;
    return { ...rest, ...drawn, style: { ...drawn.style, ...node.style } };
  }
  if (node.type !== 'container' || node.children === undefined) return node;
  return { ...node, children: node.children.map((child) => withEmoji(child, fonts)) };
}

function isEmoji(grapheme: string, fonts: Pick<Fonts, 'covers'>): boolean {
  if (grapheme.includes('\ufe0e')) return false;
  if (/^\p{Regional_Indicator}{2}$|^[#*0-9]\ufe0f?\u20e3$/u.test(grapheme)) return true;
  if (!/^\p{Extended_Pictographic}/u.test(grapheme)) return false;
  if (/\ufe0f|\u200d|^\p{Emoji_Presentation}|\p{Emoji_Modifier}$/u.test(grapheme)) return true;
  // ✔ and the like are text, where a font for text has them.
  return !fonts.covers(grapheme.codePointAt(0) ?? 0);
}
