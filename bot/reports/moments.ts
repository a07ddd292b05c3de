import { readMoment } from '../../config/report-timing.ts';

/** Year first; a clock's time behind it, and an offset behind that. */
const yearFirst =
  /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:(?:T| +)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?)?$/i;

/** As mails and HTTP spell it; it always says its zone. */
const ofMails =
  /^(?:[a-z]{3}, )?(\d{1,2}) ([a-z]{3}) (\d{4}) (\d{2}):(\d{2})(?::(\d{2}))? (GMT|UTC|[+-]\d{4})$/i;

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/**
 * Epoch ms of a number, a date or a text; NaN: it is no time. Without an offset a time is one of the
 * report's zone. Other spellings stay text: JavaScript would read them in whatever zone the process
 * happens to run in, and 30 February as 2 March.
 */
export function momentOf(value: unknown, zone: string): number {
  if (typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (typeof value !== 'string') return Number.NaN;
  const text = value.trim();
  const [iso, fraction] = spelledOut(text) ?? [];
  if (iso === undefined) return Number.NaN;
  const at = readMoment(iso, zone);
  return at === undefined ? Number.NaN : at + fractionMs(fraction);
}

/** The text as ISO spells it, and the digits of its fraction of a second. */
function spelledOut(text: string): [iso: string, fraction: string | undefined] | undefined {
  const plain = yearFirst.exec(text);
  if (plain !== null) {
    const [, year, , month, day, hour, minute, second, fraction, offset] = plain;
    return [isoOf([year, month, day], [hour, minute, second], offset), fraction];
  }
  const mail = ofMails.exec(text);
  if (mail === null) return undefined;
  const [, day, name = '', year, hour, minute, second, offset] = mail;
  const month = String(months.indexOf(name.toLowerCase()) + 1);
  return [isoOf([year, month, day], [hour, minute, second], offset), undefined];
}

type Parts = readonly (string | undefined)[];

function isoOf(day: Parts, time: Parts, offset = ''): string {
  const two = (part = ''): string => part.padStart(2, '0');
  return `${day.map(two).join('-')}T${time.map(two).join(':')}${isoOffset(offset)}`;
}

/** `+8`-like spellings of databases and mails: `+08`, `+0800`, `GMT`. */
function isoOffset(offset: string): string {
  if (/^[a-z]/i.test(offset)) return 'Z';
  const [, hours = '', minutes = ''] = /^([+-]\d{2}):?(\d{2})?$/.exec(offset) ?? [];
  return hours === '' ? '' : `${hours}:${minutes === '' ? '00' : minutes}`;
}

function fractionMs(digits = ''): number {
  return Number(digits.slice(0, 3).padEnd(3, '0'));
}
