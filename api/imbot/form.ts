/** `wechat[nickName]`: so deep, no further. */
const deepest = 4;
/** So many fields, no more. */
const mostFields = 1000;

/**
 * Fields of a form as the JSON object they stand for: `msg[type]=text` is `{"msg":{"type":"text"}}`, and a
 * field that holds the JSON of an object is that object. Undefined: no form of this kind.
 */
export function readForm(text: string): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {};
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    count += 1;
    const [, first, rest = ''] = /^([^[\]]+)((?:\[[^[\]]+\])*)$/.exec(name) ?? [];
    if (first === undefined || count > mostFields) return undefined;
    const path = [first, ...[...rest.matchAll(/\[([^[\]]+)\]/g)].map(([, key = '']) => key)];
    if (path.length > deepest || !put(fields, path, readValue(value))) return undefined;
  }
  return fields;
}

function put(fields: Record<string, unknown>, path: readonly string[], value: unknown): boolean {
  let at = fields;
  for (const [index, key] of path.entries()) {
    // Nothing that every object has may be meant.
    if (key in Object.prototype) return false;
    if (index === path.length - 1) {
      at[key] = value;
      return true;
    }
    const inner = at[key] ?? {};
    if (typeof inner !== 'object') return false;
    at[key] = inner;
    at = inner as Record<string, unknown>;
  }
  return false;
}

function readValue(value: string): unknown {
  if (!/^\s*\{/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
