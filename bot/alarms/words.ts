import { randomBytes } from 'node:crypto';
import { visibleLine } from '../../config/visible.ts';
import type { MessageWhat } from '../../store/alarm-messages.ts';
import type { Language, Text } from '../errors.ts';
import type { Episode } from './episode.ts';

/** An id that rises with time and is made without asking anybody. */
export function newId(now: number): string {
  return `${Math.max(0, now).toString(36).padStart(9, '0')}${randomBytes(5).toString('hex')}`;
}

export interface WordOptions {
  timezone: string;
  quietMs: number;
}

/** What is told of an alarm: one line, or a name could forge another alarm, or its end. */
export function sayAlarm(what: MessageWhat, one: Episode, options: WordOptions): Text {
  const time = timeIn(options.timezone, one.since);
  const zh = visibleLine(one.text.zh);
  const en = visibleLine(one.text.en);
  if (what === 'over') {
    const ms = (one.overAt ?? one.since) - one.since;
    return {
      zh: `【已恢复】原告警：${zh}（${time} 起，历时 ${lasted(ms, 'zh')}）`,
      en: `[RESOLVED] It was: ${en} (since ${time}, lasted ${lasted(ms, 'en')})`,
    };
  }
  const often = one.flapping
    ? {
        zh: `；反复出现，平静 ${lasted(options.quietMs, 'zh')}后才报恢复`,
        en: `; comes and goes: told as over after ${lasted(options.quietMs, 'en')} of calm`,
      }
    : { zh: '', en: '' };
  const changed = what === 'changed';
  return {
    zh: `${changed ? '【变化】' : '【告警】'}${zh}（${time} 起${often.zh}）`,
    en: `${changed ? '[CHANGED]' : '[ALARM]'} ${en} (since ${time}${often.en})`,
  };
}

/** `2026-01-02 03:04:05` in the zone. */
function timeIn(timezone: string, at: number): string {
  return new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  }).format(at);
}

/** How long something lasted, in the two largest units that matter. */
export function lasted(ms: number, language: Language): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const units: [number, string, string][] = [
    [days, ' 天', ' d'],
    [hours, ' 小时', ' h'],
    [minutes, ' 分钟', ' min'],
    [seconds % 60, ' 秒', ' s'],
  ];
  const first = units.findIndex(([count]) => count > 0);
  if (first < 0) return language === 'zh' ? '0 秒' : '0 s';
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, zh, en]) => `${count}${language === 'zh' ? zh : en}`)
    .join(' ');
}
