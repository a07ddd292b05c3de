import { computed } from '@preact/signals';
import { language, timezone } from './i18n.ts';

const locale = computed(() => (language.value === 'zh' ? 'zh-CN' : 'en-GB'));

function formatter(options: Intl.DateTimeFormatOptions) {
  return computed(
    () =>
      new Intl.DateTimeFormat(locale.value, {
        // Not hour12: false, which in browsers of some years ago means that midnight is 24:00.
        hourCycle: 'h23',
        ...options,
        ...(timezone.value !== undefined && { timeZone: timezone.value }),
      }),
  );
}
const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;
const dateTimes = formatter({ ...day, ...clock });
const times = formatter(clock);
const minutes = formatter({ hour: '2-digit', minute: '2-digit' });
const days = formatter({ month: '2-digit', day: '2-digit' });
const numbers = computed(() => new Intl.NumberFormat(locale.value));

/** Date and time of epoch ms, in the daemon's zone. */
export const dateTime = (at: number): string => dateTimes.value.format(at);
/** Without the year. */
export const dayOf = (at: number): string => days.value.format(at);
export const time = (at: number): string => times.value.format(at);
export const minute = (at: number): string => minutes.value.format(at);
export const number = (value: number): string => numbers.value.format(value);

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;
const names = {
  zh: { day: '天', hour: '小时', minute: '分钟', second: '秒' },
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
};

/** How long, in its two largest units: `3 小时 12 分钟`. */
export function span(ms: number): string {
  const own = names[language.value];
  const parts: string[] = [];
  let left = Math.max(0, Math.round(ms / 1000) * 1000);
  for (const [unit, size] of units) {
    const count = Math.floor(left / size);
    if (count === 0 && (parts.length === 0 || parts.length === 2)) continue;
    if (parts.length < 2 && count > 0) parts.push(`${count} ${own[unit]}`);
    left -= count * size;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? `0 ${own.second}` : parts.join(' ');
}

/** `Chrome · Linux`, of what a browser says of itself: no more of it can be read by people. */
export function browserOf(agent: string): string {
  const name = ['Edg', 'Firefox', 'Chrome', 'Safari'].find((one) => agent.includes(`${one}/`));
  const system = /Windows|Android|iPhone|iPad|Mac OS|Linux/.exec(agent)?.[0];
  return name && system ? `${name.replace('Edg', 'Edge')} · ${system}` : agent;
}

const near = computed(() => new Intl.RelativeTimeFormat(locale.value, { numeric: 'auto' }));

/** Relative to `now`: `5 分钟前`, `in 2 hours`. */
export function relative(at: number, now: number): string {
  const away = at - now;
  for (const [unit, size] of units) {
    if (Math.abs(away) >= size || unit === 'second') {
      // As `span` has it: `3 分钟前`.
      return near.value.format(Math.trunc(away / size), unit).replace(/\d+(?=[一-龥])/, '$& ');
    }
  }
  return '';
}

/** `1.4 MB` */
export function bytes(count: number): string {
  const steps = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let step = 0;
  while (value >= 1000 && step < steps.length - 1) {
    value /= 1000;
    step += 1;
  }
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)} ${steps[step]}`;
}
