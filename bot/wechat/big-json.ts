import { addField, type WechatFields } from './fields.ts';

/** Why a text is not taken. */
export class JsonFault extends Error {}

const maxCharacters = 1_048_576;
const maxDepth = 32;

/**
 * Parses JSON without losing digits: an integer of 16 digits or more becomes a text, as it was
 * written. WeChat's message ids have up to 64 bits.
 * @throws JsonFault
 */
export function parseJson(text: string): unknown {
  return parse(text, (source) => (/^-?\d{16,}$/.test(source) ? source : undefined));
}

/**
 * The same object that XML would have brought: every value a text, numbers as they were written.
 * @throws JsonFault when it is no object
 */
export function parseJsonFields(text: string): WechatFields {
  const value = parse(text, (source) => source);
  if (!isObject(value)) throw new JsonFault('not an object');
  return fieldsOf(value, 1);
}

/** @param number what a number is, by how it was written; undefined: itself */
function parse(text: string, number: (source: string) => string | undefined): unknown {
  if (text.length > maxCharacters) throw new JsonFault('too long');
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  const revive: Reviver = (_key, value, context) =>
    typeof value === 'number' && context?.source !== undefined
      ? (number(context.source) ?? value)
      : value;
  try {
    return JSON.parse(plain, revive);
  } catch (error) {
    // Also what is nested so deep that no stack holds it.
    throw new JsonFault(error instanceof Error ? error.message : String(error));
  }
}

/** The engine names the source of primitive values; its types do not say so yet. */
type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

function fieldsOf(object: Record<string, unknown>, depth: number): WechatFields {
  if (depth > maxDepth) throw new JsonFault('too deep');
  const fields: WechatFields = {};
  for (const [name, value] of Object.entries(object)) {
    if (name === '__proto__') throw new JsonFault('__proto__ is refused');
    if (!Array.isArray(value)) fields[name] = leafOf(value, depth);
    else {
      fields[name] = [];
      for (const one of value) addField(fields, name, leafOf(one, depth));
    }
  }
  return fields;
}

function leafOf(value: unknown, depth: number): string | WechatFields {
  if (value === null || value === undefined) return '';
  // A list in a list: XML has none, WeChat sends none.
  if (Array.isArray(value)) return JSON.stringify(value);
  return isObject(value) ? fieldsOf(value, depth + 1) : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
