/**
 * What WeChat pushes, whatever form it came in: every value a text, in the order in which they came.
 * What is there several times is an array.
 */
export interface WechatFields {
  [name: string]: FieldValue;
}
export type FieldValue = string | WechatFields | (string | WechatFields)[];

/** A field that is a text; empty when it is not there. */
export function textIn(fields: WechatFields, name: string): string {
  const value = valueIn(fields, name);
  return typeof value === 'string' ? value : '';
}

/** A field that holds others; empty when it is none. Of several the first. */
export function fieldsIn(fields: WechatFields, name: string): WechatFields {
  const [first] = listIn(fields, name);
  return first ?? {};
}

/** @NOTE of a list with one item WeChat sends the item, not a list. */
export function listIn(fields: WechatFields, name: string): WechatFields[] {
  const value = valueIn(fields, name);
  if (value === undefined) return [];
  const items = Array.isArray(value) ? value : [value];
  return items.filter((one) => typeof one !== 'string');
}

/** Adds a value; what bears a name that is there already joins it. */
export function addField(fields: WechatFields, name: string, value: string | WechatFields): void {
  const there = valueIn(fields, name);
  if (there === undefined) fields[name] = value;
  else if (Array.isArray(there)) there.push(value);
  else fields[name] = [there, value];
}

/** Only what is there itself: `constructor` is nobody's field. */
function valueIn(fields: WechatFields, name: string): FieldValue | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
