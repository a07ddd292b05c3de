import type { Template } from './types.ts';

/** Rules of a subscribe message's fields, by the name without its number. */
const rules: Record<string, (value: string) => boolean> = {
  thing: (value) => length(value) <= 20,
  number: (value) => length(value) <= 32 && /^-?\d+(\.\d+)?$/.test(value),
  letter: (value) => length(value) <= 32 && /^[A-Za-z]+$/.test(value),
  symbol: (value) => length(value) <= 5 && /^[^\p{L}\p{N}\s]+$/u.test(value),
  character_string: (value) => length(value) <= 32 && /^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value),
  time: (value) => ranges(value, (one) => times.test(one)),
  date: (value) => ranges(value, (one) => dates.test(one)),
  amount: (value) => /^\p{Sc}?\d{1,10}(\.\d+)?元?$/u.test(value),
  phone_number: (value) => length(value) <= 17 && /^[\d+\-() *#]+$/.test(value),
  car_number: (value) => length(value) <= 8 && /^.[A-Za-z\d·]*.$/u.test(value),
  name: (value) => /^[\p{Script=Han}·]{1,10}$/u.test(value) || /^[\x21-\x7e ]{1,20}$/.test(value),
  phrase: (value) => /^\p{Script=Han}{1,5}$/u.test(value),
  enum: () => true,
};

const clock = String.raw`(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?`;
const day = String.raw`\d{4}(?:年\d{1,2}月\d{1,2}日|[-/.]\d{1,2}[-/.]\d{1,2})`;
const times = new RegExp(`^(?:${day} ?)?${clock}$`);
const dates = new RegExp(`^${day}(?: ?${clock})?$`);

/**
 * The first field of `data` that breaks its rule, as WeChat names it (`data.thing1.value`), or
 * undefined. With a template all its fields must be there, and nothing else counts.
 */
export function faultyField(
  data: Record<string, unknown>,
  template: Template | undefined,
): string | undefined {
  for (const name of template?.fields ?? Object.keys(data)) {
    const value = (data[name] as { value?: unknown } | null | undefined)?.value;
    if (typeof value !== 'string' && typeof value !== 'number') return `data.${name}.value`;
    const kind = /^([a-z_]+)\d+$/.exec(name)?.[1] ?? '';
    const rule = Object.hasOwn(rules, kind) ? rules[kind] : undefined;
    const text = String(value);
    if (rule === undefined || text.trim() === '' || /\p{Cc}/u.test(text) || !rule(text)) {
      return `data.${name}.value`;
    }
    const values = template?.values?.[name];
    if (values !== undefined && !values.includes(text)) return `data.${name}.value`;
  }
  return undefined;
}

/** Characters as people count them, not halves of an emoji. */
function length(value: string): number {
  return [...value].length;
}

function ranges(value: string, good: (one: string) => boolean): boolean {
  const parts = value.split('~');
  return parts.length <= 2 && parts.every((one) => good(one.trim()));
}
