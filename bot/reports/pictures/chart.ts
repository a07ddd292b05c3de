import { AppError } from '../../errors.ts';
import { labelSize, withReadableAxes } from './axis-labels.ts';
import { legendRoom } from './chart-legend.ts';
import { fontFamily } from './fonts.ts';
import type { Theme } from './theme.ts';

interface Drawn {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}
interface Library {
  init(
    element: null,
    theme: object,
    options: { renderer: 'svg'; ssr: true; width: number; height: number },
  ): Drawn;
}

let library: Promise<Library> | undefined;

/** An option of ECharts as SVG. The library is large: it is loaded with the first chart. */
export async function drawChart(
  option: Readonly<Record<string, unknown>>,
  theme: Theme,
  size: { width: number; height: number },
): Promise<string> {
  library ??= import('echarts') as unknown as Promise<Library>;
  const { init } = await library;
  let chart: Drawn | undefined;
  try {
    chart = init(null, themeOf(theme), { renderer: 'svg', ssr: true, ...size });
    chart.setOption(withDefaults(withReadableAxes(option, size), size.width));
    // Nothing is fetched, no file is read: pictures that are not in the option itself are left out.
    return chart.renderToSVGString().replace(/<image\b[^>]*>(?:<\/image>)?/g, '');
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const words = said.slice(0, 200) || 'ECharts';
    throw new AppError(
      'field_value',
      { zh: `chart 画不出来:${words}`, en: `chart cannot be drawn: ${words}` },
      { field: 'chart' },
    );
  } finally {
    chart?.dispose();
  }
}

/** What a chart in a picture needs beside what its author thought of. */
function withDefaults(option: Readonly<Record<string, unknown>>, width: number): object {
  const { legend, title } = option;
  const head = title === undefined ? 36 : 64;
  const { height, ...words } = legendRoom(option, width);
  return {
    ...(option['xAxis'] !== undefined && {
      grid: {
        left: 12,
        right: 20,
        top: head,
        bottom: legend === undefined ? 12 : height,
        containLabel: true,
      },
    }),
    ...option,
    ...(isPlain(legend) && { legend: { bottom: 4, ...words, ...legend } }),
    animation: false,
  };
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function themeOf(theme: Theme): object {
  const text = { color: theme.text, fontFamily };
  const axis = {
    axisLine: { lineStyle: { color: theme.line } },
    axisTick: { lineStyle: { color: theme.line } },
    axisLabel: { color: theme.muted, fontSize: labelSize },
    nameTextStyle: { color: theme.muted, fontSize: 13 },
    splitLine: { lineStyle: { color: theme.line } },
  };
  return {
    color: theme.series,
    backgroundColor: 'transparent',
    textStyle: { ...text, fontSize: 13 },
    title: { textStyle: { ...text, fontSize: 16 }, subtextStyle: { color: theme.muted } },
    legend: { textStyle: { color: theme.text, fontSize: 13 } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    timeAxis: axis,
    logAxis: axis,
    // ECharts cuts labels where it thinks there is no room; it knows our font's widths only about.
    pie: { label: { color: theme.text, fontSize: 13, overflow: 'none' } },
    radar: { axisName: { color: theme.muted } },
  };
}
