import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { addField, type WechatFields } from './fields.ts';

/** Why a text is not taken for XML. */
export class XmlFault extends Error {}

/** What a push never reaches; hostile texts are refused before they cost anything. */
const limits = { characters: 1_048_576, tags: 10_000, depth: 32 };

/**
 * Reads what WeChat sends: the elements inside the root, values as texts. Text beside elements is
 * left out, as web WeChat leaves some there. No document types, no attributes.
 * @throws XmlFault
 */
export function parseXml(text: string): WechatFields {
  checkMarkup(text);
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new XmlFault(valid.err.msg);
  let nodes: Node[];
  try {
    nodes = parser.parse(text) as Node[];
  } catch (error) {
    throw new XmlFault(error instanceof Error ? error.message : String(error));
  }
  const [root, ...others] = nodes.map(elementOf).filter((one) => one !== undefined);
  if (root === undefined || others.length > 0) throw new XmlFault('one root element is needed');
  const read = readChildren(root.children, 1);
  return typeof read === 'string' ? {} : read;
}

/** What may be built: numbers go out bare, texts as CDATA. Undefined: left out. */
export type XmlValue = XmlLeaf | readonly XmlLeaf[] | undefined;
type XmlLeaf = string | number | XmlFields;
export interface XmlFields {
  [name: string]: XmlValue;
}

/** `<xml>` with the fields in their order. */
export function buildXml(fields: XmlFields): string {
  return `<xml>${childrenOf(fields)}</xml>`;
}

/** Text that XML can hold: no control characters, no halves of characters. */
export function xmlText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there.
  return text.toWellFormed().replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '');
}

/** As the parser gives it with `preserveOrder`: one key, the name, and its children. */
type Node = Record<string, Node[] | string>;

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  parseTagValue: false,
  trimValues: false,
  // References are read below: the parser leaves numeric ones, and CDATA has none.
  processEntities: false,
  cdataPropName: '#cdata',
});

/** Refuses document types, wherever they stand, and far too much markup. */
function checkMarkup(text: string): void {
  if (text.length > limits.characters) throw new XmlFault('too long');
  let tags = 0;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const end = ['<![CDATA[', '<!--', '<?'].find((start) => text.startsWith(start, at));
    if (end !== undefined) {
      at = after(text, at + end.length, end === '<![CDATA[' ? ']]>' : end === '<?' ? '?>' : '-->');
      continue;
    }
    if (text.startsWith('<!', at)) throw new XmlFault('declarations are refused');
    tags += 1;
    if (tags > limits.tags) throw new XmlFault('too many elements');
    at += 1;
  }
}

function after(text: string, from: number, end: string): number {
  const at = text.indexOf(end, from);
  if (at === -1) throw new XmlFault('something is not closed');
  return at + end.length;
}

function elementOf(node: Node): { name: string; children: Node[] } | undefined {
  for (const [name, children] of Object.entries(node)) {
    if (name !== '#cdata' && Array.isArray(children)) return { name, children };
  }
  return undefined;
}

function readChildren(children: readonly Node[], depth: number): string | WechatFields {
  if (depth > limits.depth) throw new XmlFault('too deep');
  const fields: WechatFields = {};
  let text = '';
  let elements = 0;
  for (const child of children) {
    const element = elementOf(child);
    if (element === undefined) {
      text += textOf(child);
      continue;
    }
    elements += 1;
    addField(fields, element.name, readChildren(element.children, depth + 1));
  }
  return elements === 0 && depth > 1 ? text : fields;
}

function textOf(node: Node): string {
  const { '#text': text, '#cdata': cdata } = node;
  if (typeof text === 'string') return decode(text);
  const [inner] = Array.isArray(cdata) ? cdata : [];
  const raw = inner?.['#text'];
  return typeof raw === 'string' ? raw : '';
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** References as XML has them; an unknown one stays as it was written. */
function decode(text: string): string {
  return text.replaceAll(
    /&(?:#x([\da-f]{1,6})|#(\d{1,7})|(\w+));/gi,
    (whole, hex, digits, name) => {
      if (name !== undefined) return Object.hasOwn(named, name) ? (named[name] ?? whole) : whole;
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
      // Not a character of XML: nothing that means anything was written.
      return isCharacter(code) ? String.fromCodePoint(code) : whole;
    },
  );
}

function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return (
    code <= 0xd7ff || (code >= 0xe000 && code <= 0x10ffff && code !== 0xfffe && code !== 0xffff)
  );
}

function childrenOf(fields: XmlFields): string {
  let text = '';
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    for (const one of isList(value) ? value : [value])
      text += `<${name}>${contentOf(one)}</${name}>`;
  }
  return text;
}

function isList(value: XmlValue): value is readonly XmlLeaf[] {
  return Array.isArray(value);
}

function contentOf(value: XmlLeaf): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'object') return childrenOf(value);
  // Where it would end early, the section is parted in two.
  return `<![CDATA[${xmlText(value).replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}
