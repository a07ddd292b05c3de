/** What a subscribe message can tell. */
export interface NoticeFacts {
  sender: string;
  content: string;
  /** Epoch ms of the message. */
  at: number;
}

export type FactName = 'sender' | 'content' | 'time';

/**
 * The fields of a template, each value cut to the rule of its kind: WeChat refuses the whole message
 * for one character too many.
 * @param map field of the template, e.g. thing1, and what goes into it
 */
export function fillFields(
  map: Readonly<Record<string, FactName>>,
  facts: NoticeFacts,
  timezone: string,
): Record<string, { value: string }> {
  return Object.fromEntries(
    Object.entries(map).map(([field, name]) => {
      const kind = field.replace(/\d+$/, '');
      const given = name === 'time' ? timeText(facts.at, timezone) : facts[name];
      return [field, { value: fitField(kind, given, facts.at, timezone) }];
    }),
  );
}

/** A value that the rule of its kind allows; never empty, which WeChat refuses too. */
export function fitField(kind: string, given: string, at: number, timezone: string): string {
  const text = clean(given);
  if (kind === 'time' || kind === 'date') {
    const shape = kind === 'time' ? times : dates;
    return isRange(text, shape) ? text : timeText(at, timezone);
  }
  return fits[kind]?.(text) ?? (text === '' ? '-' : text);
}

/** `2019-12-25 09:42` in a zone: good for time and date both. */
export function timeText(at: number, timezone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const of = (type: string): string => parts.find((one) => one.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')} ${of('hour')}:${of('minute')}`;
}

type Fit = (text: string) => string;

/** Kinds of fields, and what is made of a text for them. */
const fits: Record<string, Fit> = {
  thing: (text) => first(text, 20) || '消息',
  number: (text) => first(/-?\d+(?:\.\d+)?/.exec(text)?.[0] ?? '0', 32).replace(/\.$/, ''),
  letter: (text) => first(text.replaceAll(/[^A-Za-z]/g, ''), 32) || 'message',
  symbol: (text) => first(text.replaceAll(/[\p{L}\p{N}\p{M}\s]/gu, ''), 5) || '-',
  character_string: (text) =>
    first(
      text
        .replaceAll(/[^\x20-\x7e]/g, '')
        .replaceAll(/ +/g, ' ')
        .trim(),
      32,
    ).trim() || '-',
  amount: (text) => /\p{Sc}?\d{1,10}(?:\.\d{1,2})?元?/u.exec(text)?.[0] ?? '0',
  phone_number: (text) => first(text.replaceAll(/[^\d+() *#-]/g, '').trim(), 17).trim() || '0',
  car_number: (text) => carNumber(text),
  name: (text) => personName(text),
  phrase: (text) => first(text.replaceAll(/[^\p{Script=Han}]/gu, ''), 5) || '新消息',
  enum: (text) => text || '-',
};

const clock = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;
const day = String.raw`\d{4}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})`;
const times = new RegExp(`^(?:${day} ?)?${clock}$`);
const dates = new RegExp(`^${day}(?: ?${clock})?$`);

function isRange(text: string, shape: RegExp): boolean {
  const ends = text.split('~');
  return ends.length <= 2 && ends.every((end) => shape.test(end.trim()));
}

/** Ten Chinese characters, or twenty letters and signs; never both. */
function personName(text: string): string {
  const han = text.replaceAll(/[^\p{Script=Han}·]/gu, '');
  if (/\p{Script=Han}/u.test(han)) return first(han, 10);
  const latin = text.replaceAll(/[^\x20-\x7e]/g, '').trim();
  return first(latin, 20).trim() || '匿名';
}

/** Letters and digits; the first and the last may be Chinese. */
function carNumber(text: string): string {
  const signs = [...text.replaceAll(/[^\p{Script=Han}A-Za-z\d]/gu, '')].slice(0, 8);
  const kept = signs.filter(
    (sign, at) => at === 0 || at === signs.length - 1 || /[A-Za-z\d]/.test(sign),
  );
  return kept.length < 2 ? '无号' : kept.join('');
}

/** On one line, without what no template takes. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .replaceAll(/(?!\u200d)\p{Cf}/gu, '')
    .trim();
}

/** So many characters, however they are counted: an emoji counts as two, as it does in UTF-16. */
function first(text: string, most: number): string {
  let kept = '';
  for (const sign of text) {
    if (kept.length + sign.length > most) break;
    kept += sign;
  }
  return kept;
}
