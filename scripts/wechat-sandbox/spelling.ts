import type { Fields } from './types.ts';

/** `<xml>…</xml>`: texts in CDATA, numbers bare, a list as its element again and again. */
export function toXml(fields: Fields): string {
  return `<xml>${elements(fields)}</xml>`;
}

/** JSON in which numbers past 2^53 stand bare; a list of one is that one, as WeChat does it. */
export function toJson(value: Fields | Fields[keyof Fields]): string {
  if (Array.isArray(value)) {
    const [only] = value;
    if (value.length === 1 && only !== undefined) return toJson(only);
    return `[${value.map(toJson).join(',')}]`;
  }
  if (typeof value === 'object') {
    const members = Object.entries(value).map(([k, v]) => `${JSON.stringify(k)}:${toJson(v)}`);
    return `{${members.join(',')}}`;
  }
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/** What a passive reply is read into; repeated elements become a list. */
export interface Read {
  [name: string]: string | Read | (string | Read)[];
}

/**
 * The fields inside the one root element.
 * @throws when it is not well-formed
 */
export function fromXml(text: string): Read {
  const root: Read = {};
  const stack: { name: string; fields: Read; text: string }[] = [];
  let current = { name: '', fields: root, text: '' };
  const token =
    /<!\[CDATA\[([\s\S]*?)\]\]>|<\/([\w:.-]+)\s*>|<([\w:.-]+)\s*(\/?)>|([^<]+)|([\s\S])/g;
  for (const [, cdata, end, start, empty, words, wrong] of text.trim().matchAll(token)) {
    if (wrong !== undefined) throw new Error('not XML');
    if (cdata !== undefined) current.text += cdata;
    if (words !== undefined) current.text += decode(words);
    if (start !== undefined) {
      stack.push(current);
      current = { name: start, fields: {}, text: '' };
    }
    if (end !== undefined || empty === '/') {
      const parent = stack.pop();
      if (parent === undefined || (end !== undefined && end !== current.name)) {
        throw new Error(`</${end}> where </${current.name}> was due`);
      }
      const whole = Object.keys(current.fields).length > 0 ? current.fields : current.text;
      put(parent.fields, current.name, whole);
      current = parent;
    }
  }
  const { xml } = root;
  if (stack.length > 0 || Object.keys(root).length !== 1 || typeof xml !== 'object') {
    throw new Error('not one <xml> element');
  }
  return xml as Read;
}

function put(fields: Read, name: string, value: string | Read): void {
  const there = fields[name];
  if (there === undefined) fields[name] = value;
  else fields[name] = [...(Array.isArray(there) ? there : [there]), value];
}

function elements(fields: Fields): string {
  return Object.entries(fields)
    .flatMap(([name, value]) => {
      const values = Array.isArray(value) ? value : [value];
      return values.map((one) => `<${name}>${inner(one)}</${name}>`);
    })
    .join('');
}

function inner(value: string | number | bigint | Fields): string {
  if (typeof value === 'object') return elements(value);
  if (typeof value !== 'string') return String(value);
  return `<![CDATA[${value.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
    return entities[String(name)] ?? whole;
  });
}
