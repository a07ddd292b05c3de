import type { Node, Renderer } from '@takumi-rs/core';
import { fromHtml } from '@takumi-rs/helpers/html';
import { AppError } from '../../errors.ts';
import { drawChart } from './chart.ts';
import { drawEmoji, markEmoji } from './chart-emoji.ts';
import type { Sheet } from './check-spec.ts';
import { compose, margin } from './compose.ts';
import { type Fonts, fontFamily } from './fonts.ts';
import { withEmoji } from './inline.ts';
import { pictureLimits } from './picture-spec.ts';
import { buildTable } from './table.ts';
import { baseCss, type Theme, themes } from './theme.ts';

export interface DrawnPicture {
  png: Uint8Array;
  width: number;
  height: number;
}

const ratio = 2;
/** Of all pictures of one spec together with what stands in no picture. */
const narrowest = 1080 / ratio;
const widest = 1440 / ratio;

/** Draws a checked spec; in the thread. */
export async function draw(
  sheet: Sheet,
  renderer: Renderer,
  fonts: Fonts,
): Promise<DrawnPicture[]> {
  await fonts.prepare(allText(sheet));
  const theme = themes[sheet.theme];
  const wanted = sheet.width === undefined ? undefined : Math.round(sheet.width / ratio);
  const room = {
    least: (wanted ?? narrowest) - 2 * margin,
    most: (wanted ?? widest) - 2 * margin,
  };
  const table = sheet.columns.length > 0 ? buildTable(sheet, theme, fonts, room) : undefined;
  const inner = table?.inner ?? room.least;
  const height = Math.round(sheet.chartHeight / ratio);
  const marked = sheet.chart && markEmoji(sheet.chart, fonts);
  const svg =
    marked &&
    (await drawEmoji(
      await drawChart(marked.option, theme, { width: inner, height }),
      marked,
      (texts, weight) => widthsOf(texts, weight, renderer),
    ));
  const { blocks, css } = await named('html', true, async () => readHtml(sheet.html, theme, fonts));
  const options = { css, devicePixelRatio: ratio, lang: sheet.language === 'zh' ? 'zh-CN' : 'en' };
  const measure = async (nodes: readonly Node[]): Promise<number[]> => {
    if (nodes.length === 0) return [];
    const stack: Node = {
      type: 'container',
      children: [...nodes],
      style: {
        display: 'flex',
        flexDirection: 'column',
        width: inner,
        fontFamily: `"${fontFamily}"`,
        fontSize: 16,
        lineHeight: 1.45,
      },
    };
    const { children } = await renderer.measure(stack, { ...options, width: inner * ratio });
    return nodes.map((_, index) => (children[index]?.height ?? 0) / ratio);
  };
  const pages = await named('html', sheet.html !== '', () =>
    compose({
      ...{ sheet, theme, fonts, inner, table, blocks, measure },
      chart: svg === undefined ? undefined : { node: image(svg, inner, height), height },
    }),
  );
  const pictures: DrawnPicture[] = [];
  for (const page of pages) {
    const width = Math.round((inner + 2 * margin) * ratio);
    const png = await named('html', sheet.html !== '', () =>
      renderer.render(page, { ...options, width, format: 'png' }),
    );
    pictures.push({ png, width: png.readUInt32BE(16), height: png.readUInt32BE(20) });
  }
  return pictures;
}

/** Of texts of one line, in ems. */
async function widthsOf(
  texts: readonly string[],
  fontWeight: number,
  renderer: Renderer,
): Promise<number[]> {
  if (texts.length === 0) return [];
  const fontSize = 100;
  const stack: Node = {
    type: 'container',
    children: texts.map((text) => ({ type: 'text', text })),
    style: {
      ...{ display: 'flex', flexDirection: 'column', alignItems: 'flex-start' },
      ...{ whiteSpace: 'pre', fontFamily: `"${fontFamily}"`, fontSize, fontWeight },
    },
  };
  const { children } = await renderer.measure(stack);
  return texts.map((_, at) => (children[at]?.width ?? 0) / fontSize);
}

function image(src: string, width: number, height: number): Node {
  return { type: 'image', src, width, height, style: { width, height } };
}

function readHtml(html: string, theme: Theme, fonts: Fonts): { blocks: Node[]; css: string[] } {
  if (html === '') return { blocks: [], css: [] };
  const { node, css } = fromHtml(html);
  // Several things at the top come as one without a name: they may stand on several pages.
  const several = node.type === 'container' && node.tagName === undefined;
  const blocks = several ? (node.children ?? []) : [node];
  const seen = blocks.filter((block) => block.type !== 'text' || block.text.trim() !== '');
  return { blocks: seen.map((block) => withEmoji(block, fonts)), css: [baseCss(theme), ...css] };
}

/** What the renderer says about a template is for who wrote it. */
async function named<T>(field: string, applies: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof AppError || !applies) throw error;
    const words = (error instanceof Error ? error.message : String(error)).slice(0, 200);
    const text = { zh: `${field} 画不出来:${words}`, en: `${field} cannot be drawn: ${words}` };
    throw new AppError('field_value', text, { field });
  }
}

/** Everything that is written in the pictures, for its rare characters. */
function allText({ title, subtitle, footer, columns, rows, total, html, chart }: Sheet): string {
  const cells = [...rows, total ?? []].flat().filter((cell) => typeof cell === 'string');
  const labels = columns.map(({ label }) => label);
  const option =
    chart === undefined ? '' : JSON.stringify(chart).slice(0, pictureLimits.chartChars);
  return [title, subtitle, footer, html, option, ...labels, ...cells].join('');
}
