import type { ReportChart, ReportSettings } from '../../config/report-schema.ts';
import type { Language } from '../errors.ts';
import { cellText, timeText } from './cells.ts';
import type { PictureSpec } from './picture-port.ts';
import { pictureLimits } from './pictures/picture-spec.ts';
import type { Occasion } from './scope.ts';
import type { Written } from './workshop-jobs.ts';

/** What the pictures of a report show; undefined: it has none. */
export function pictureSpecOf(
  settings: Pick<ReportSettings, 'output' | 'chart' | 'theme'>,
  written: Written,
  { slot, zone }: Occasion,
  language: Language,
): PictureSpec | undefined {
  const { output, chart, theme } = settings;
  if (output === 'text') return undefined;
  const withTable = output !== 'chart';
  const rows = written.rows.slice(0, pictureLimits.rows);
  const more = moreRows(written.count - rows.length, written.truncated, language);
  const footer = [more, written.footer]
    .filter((one) => one !== undefined && one !== '')
    .join(' · ');
  return {
    title: written.title,
    subtitle: timeText(slot, zone, 'datetime'),
    ...(withTable && {
      columns: written.columns.map((one) => ({ ...one, label: one.label ?? one.key })),
      rows,
    }),
    ...(output !== 'table' &&
      chart !== undefined && { chart: chartOf(chart, written, zone, language) }),
    ...(footer !== '' && { footer }),
    theme,
    language,
    timezone: zone,
  };
}

/** What a table leaves out. @param truncated the source had more rows than were read: how many is not known */
function moreRows(left: number, truncated: boolean, language: Language): string | undefined {
  if (truncated && left === 0) return language === 'zh' ? '还有更多行' : 'there are more rows';
  if (left === 0) return undefined;
  if (truncated) return language === 'zh' ? `另有 ${left} 行以上` : `more than ${left} more rows`;
  return language === 'zh' ? `另有 ${left} 行` : `${left} more rows`;
}

function chartOf(
  chart: ReportChart,
  { rows, columns }: Written,
  zone: string,
  language: Language,
): Record<string, unknown> {
  if ('option' in chart) {
    // Rows of its own, or of a dataset of its own, stay.
    return 'dataset' in chart.option
      ? chart.option
      : { dataset: { source: rows }, ...chart.option };
  }
  const { type, x, y, stacked } = chart;
  const columnOf = (key: string) => columns.find((one) => one.key === key) ?? { key };
  const label = (key: string): string => columnOf(key).label ?? key;
  const names = rows.map((row) => cellText(row[x] ?? null, columnOf(x), { zone, language }));
  const values = (key: string): (number | null)[] =>
    rows.map((row) => {
      const value = row[key];
      const number =
        value === null || value === undefined || value === '' ? Number.NaN : Number(value);
      return Number.isFinite(number) ? number : null;
    });
  if (type === 'pie') {
    const [key = ''] = y;
    const sizes = values(key);
    const data = names.map((name, at) => ({ name, value: sizes[at] ?? 0 }));
    return { series: [{ type, name: label(key), radius: ['35%', '65%'], data }] };
  }
  return {
    ...(y.length > 1 && { legend: {} }),
    xAxis: { type: 'category', data: names },
    yAxis: { type: 'value' },
    series: y.map((key) => ({
      ...{ type, name: label(key), data: values(key) },
      ...(stacked && { stack: 'all', ...(type === 'line' && { areaStyle: {} }) }),
    })),
  };
}
