import { isSecretName } from './secret-names.ts';

/** What to write for a secret: where it stands (the same in two versions of a text), and what it is. */
export type Replace = (place: string, value: Secret) => Secret;
export type Secret = string | number;

/** Filled in later, and no secret itself. */
const placeholder = /^(?:\{\{[^{}]*\}\}|\{secret:[\w-]+\})$/;

/** Behind it in one value: of queries parted by `;`, connection strings, fragments. */
const nextPair = /([;#]\s*)([\w.[\]%-]{1,100})=([^;#]*)/g;
const pair = /(^|[?&#\n])([\w.[\]%-]{1,100})=([^&\n"]*)/g;
/** A number stays one, so its mask stands there without quotes. */
const member = /("((?:[^"\\]|\\.){1,100})"\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\*{3}(?!\*))/g;
const flatObject = /\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\}/g;
const memberLabel = /"(?:name|field|param|id|type|(key))"\s*:\s*"([^"\\]{1,100})"/gi;
const memberValue = /("(?:value|val)"\s*:\s*)("(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|\*{3}(?!\*))/gi;
const element =
  /<([\w.:-]{1,100})(\s[^<>]*)?>(?:(\s*<!\[CDATA\[)(.*?)(?=\]\]>|$)|([^<]+)(?=<\/))/gs;
const tag = /<[\w.:-]{1,100}\s[^<>]*>/g;
const attribute = /((?:^|\s)([\w.:-]{1,100})\s*=\s*)("[^"]*"|'[^']*')/g;
const tagLabel = /\s(?:name|field|param|id|type|(key))\s*=\s*["']([^"'<>]{1,100})["']/gi;
const tagValue = /(\s(?:value|val)\s*=\s*)("[^"]*"|'[^']*')/gi;

/**
 * `name=value` of queries and forms, members of JSON, elements and attributes of XML.
 * @param isSecret of names in queries and forms
 */
export function eachSecretOfFields(
  text: string,
  replace: Replace,
  isSecret = isSecretName,
): string {
  const hidden = (place: string, value: string) => hiddenValue(place, value, replace);
  const one = (name: string, value: string): string =>
    isSecretName(name) ? hidden(name, value) : value;
  const inPair = (encoded: string, value: string): string => {
    const name = decodedName(encoded);
    if (isSecret(name)) return hidden(name, value);
    return value.replaceAll(nextPair, (_all, before: string, next: string, is: string) => {
      const known = decodedName(next);
      return `${before}${next}=${isSecret(known) ? hidden(known, is) : is}`;
    });
  };
  const quoted = (value: string, hide: (inner: string) => string): string => {
    const quote = /^["']/.exec(value)?.[0] ?? '';
    return quote === '' ? hide(value) : `${quote}${hide(value.slice(1, -1))}${quote}`;
  };
  const values = (of: string, label: RegExp, value: RegExp): string =>
    labelsSecret(of, label)
      ? of.replaceAll(value, (_all, before: string, is: string) => {
          return `${before}${quoted(is, (inner) => hidden('value', inner))}`;
        })
      : of;
  // Pairs go first: of one that is called `key` nobody knows after that what it was.
  return text
    .replaceAll(flatObject, (all) => values(all, memberLabel, memberValue))
    .replaceAll(tag, (all) => values(all, tagLabel, tagValue))
    .replaceAll(pair, (_all, before: string, name: string, value: string) => {
      return `${before}${name}=${inPair(name, value)}`;
    })
    .replaceAll(member, (_all, before: string, name: string, value: string) => {
      return `${before}${quoted(value, (inner) => one(unescaped(name), inner))}`;
    })
    .replaceAll(element, (all, name: string, has = '', data = '', inside = '', plain = '') => {
      const value = `${inside}${plain}`;
      if (value === '' || !(isSecretName(name) || labelsSecret(has, tagLabel))) return all;
      return `<${name}${has}>${data}${hidden(name, value)}`;
    })
    .replaceAll(attribute, (_all, before: string, name: string, value: string) => {
      return `${before}${quoted(value, (inner) => one(name, inner))}`;
    });
}

/** Whether what is called so beside it is a secret; a `key` is masked itself, so any may be. */
function labelsSecret(text: string, label: RegExp): boolean {
  return [...text.matchAll(label)].some(
    ([, key, name = '']) => key !== undefined || isSecretName(name),
  );
}

/** What is filled in later is no secret itself, and what is empty hides none. */
export function hiddenValue(place: string, value: string, replace: Replace): string {
  return value.trim() === '' || placeholder.test(value) ? value : String(replace(place, value));
}

/** As it was meant: `%74oken` is a token. */
export function decodedName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function unescaped(name: string): string {
  try {
    return String(JSON.parse(`"${name}"`));
  } catch {
    return name;
  }
}
