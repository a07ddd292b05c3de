import { isDeepStrictEqual } from 'node:util';
import type { Replace, Secret } from '../config/masked-fields.ts';
import { eachSecretOfSource } from '../config/masked-source.ts';
import { eachSecretOf, mask } from '../config/masked-text.ts';
import type { ReportSource } from '../config/report-schema.ts';
import { AppError } from './errors.ts';

type Walk<T> = (value: T, replace: Replace) => T;

/**
 * A source that was shown masked and comes back: what is still masked is what is kept. It is put
 * back for the same host only, or whoever may change an address could have secrets sent to himself.
 * @param stored of what it is a change @throws AppError field_value
 */
export function unmaskedSource(sent: ReportSource, stored: ReportSource | undefined): ReportSource {
  const known = stored?.type === 'http' ? stored : undefined;
  const whole = unmasked(sent, known, eachSecretOfSource, 'source');
  if (sent.type === 'http' && !isDeepStrictEqual(whole, sent)) {
    requireSameHost(sent.url, known?.url ?? '', 'source');
  }
  return whole;
}

/** The same for an address. @throws AppError field_value */
export function unmaskedAddress(sent: string, stored: string | undefined, field: string): string {
  const whole = unmasked(sent, stored, eachSecretOf, field);
  if (whole !== sent) requireSameHost(sent, stored ?? '', field);
  return whole;
}

function unmasked<T>(sent: T, stored: T | undefined, walk: Walk<T>, field: string): T {
  const kept = new Map<string, Secret[]>();
  if (stored !== undefined) {
    walk(stored, (place, value) => {
      kept.set(place, [...(kept.get(place) ?? []), value]);
      return value;
    });
  }
  return walk(sent, (place, value) => {
    // Of parameters that bear one name, each has its turn.
    const before = kept.get(place)?.shift();
    if (value !== mask) return value;
    if (before !== undefined && before !== mask) return before;
    throw new AppError(
      'field_value',
      {
        zh: `${field}：${mask} 处没有已存的值，请填写原值`,
        en: `${field}: nothing is kept that ${mask} could stand for: type it`,
      },
      { field },
    );
  });
}

/** Templates may make any host of what stands there, so it has to be without. */
function requireSameHost(sent: string, stored: string, field: string): void {
  const [host, before] = [sent, stored].map((one) =>
    /^https?:\/\/([^/?#\\{}]+)(?=[/?#]|$)/i.exec(one),
  );
  const origin = (one: string): string => one.replace(/\/\/[^/?#]*@/, '//').toLowerCase();
  if (host && before && origin(host[0]) === origin(before[0])) return;
  throw new AppError(
    'field_value',
    {
      zh: `${field}：换了主机，请重新填写 ${mask} 处的值`,
      en: `${field}: it leads to another host, so type again what ${mask} stands for`,
    },
    { field },
  );
}
