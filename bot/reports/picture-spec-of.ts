import type { ReportSettings } from '../../config/report-schema.ts';
import type { Language } from '../errors.ts';
import { timeText } from './cells.ts';
import { chartOf } from './chart-of.ts';
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
  const option =
    output === 'table' || chart === undefined
      ? undefined
      : chartOf(chart, written.chartRows, written.columns, { zone, language });
  // Where there is nothing to draw, an empty table says so.
  const withTable = output !== 'chart' || option === undefined;
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
      ...(rows.length > 1 && written.total !== undefined && { total: written.total }),
    }),
    ...(option !== undefined && { chart: option }),
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
