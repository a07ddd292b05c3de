import { decodedName, eachSecretOfFields, hiddenValue, type Replace } from './masked-fields.ts';
import { isSecretName } from './secret-names.ts';

/** Stands for what nobody is shown. */
export const mask = '***';

/** Parts of a path that only who was told them knows, as robots of groups have them: `/hook/4f1c…`. */
const secretParts = [
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
  /^(?=.*\d)(?=.*[a-z])[a-z\d]{16,}$|^[a-z\d]{24,}$/i,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{20,}$/,
];
/** Its host is filled in later. */
const isTemplateAddress = /^\{\{[^{}]*\}\}[^?\s]*\?/;

/** An address without what opens a door: password, secret parts of its path, secret parameters. */
export function maskedAddress(text: string): string {
  return eachSecretOf(text, () => mask);
}

/** A text without secrets: an address, a form, or JSON. */
export function eachSecretOf(text: string, replace: Replace): string {
  const [, scheme, authority, path = '', rest = ''] =
    /^([a-z][a-z\d+.-]*:\/\/)([^/?#]*)([^?#]*)(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || authority === undefined) {
    return eachSecretOfFields(text, replace, isTemplateAddress.test(text) ? isKey : undefined);
  }
  const parts = path.split('/').map((part, at) => inPart(part, `/${at}`, replace));
  const web = /^https?:/i.test(scheme);
  // Paths of databases are names.
  const shown = web ? parts.join('/') : path;
  return `${scheme}${inAuthority(authority, web, replace)}${shown}${eachSecretOfFields(rest, replace, web ? isKey : undefined)}`;
}

/** Parameters of an address only: elsewhere a `code` is the number of a shop. */
function isKey(name: string): boolean {
  return isSecretName(name) || /^code$/i.test(name);
}

/** A part of a path, with parameters of its own perhaps: `cb;token=…`. */
function inPart(part: string, place: string, replace: Replace): string {
  const [first = '', ...parameters] = part.split(';');
  // `bot12:AAH…`, `SCT12….send`: what stands around a key is none.
  const shown = first
    .split(/([:.]|%3A)/i)
    .map((one) => (isSecretPart(one) ? replace(place, one) : one))
    .join('');
  const after = parameters.map((parameter) => {
    const end = parameter.indexOf('=');
    const name = decodedName(parameter.slice(0, Math.max(end, 0)));
    const value = parameter.slice(end + 1);
    if (!isSecretName(name) && !isSecretPart(value)) return parameter;
    return `${parameter.slice(0, end + 1)}${hiddenValue(`${place};${name}`, value, replace)}`;
  });
  return [shown, ...after].join(';');
}

function isSecretPart(part: string): boolean {
  return part === mask || secretParts.some((one) => one.test(part));
}

/** `user:password@host`; on the web a user without a password may be a key. */
function inAuthority(authority: string, web: boolean, replace: Replace): string {
  const end = authority.lastIndexOf('@');
  if (end < 0) return authority;
  const [, user = '', colon = '', password = ''] =
    /^([^:]*)(:?)(.*)$/s.exec(authority.slice(0, end)) ?? [];
  const host = authority.slice(end);
  if (password !== '') return `${user}:${replace('password', password)}${host}`;
  return web && user !== '' ? `${replace('user', user)}${colon}${host}` : authority;
}
