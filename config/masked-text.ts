/** Stands for what nobody is shown. */
export const mask = '***';

/** Names of fields that hold a secret, as strangers choose them: `access_token`, `appKey`, `sig`. */
const secretWords =
  /secret|token|passw|pwd|passphrase|credential|signature|authorization|(?:api|app|access|private|auth)[_-]?key/i;
const secretEnds = /(?:^|[_-])(?:key|keys|sign|sig|auth|pass|cookie|session|jwt|ak|sk)$/i;
const secretCamels = /[a-z\d](?:Key|Sign|Sig|Auth|Pass|Cookie)$/;
/** Parts of a path that only who was told them knows, as robots of groups have them: `/hook/4f1c…`. */
const secretParts = [
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
  /^(?=.*\d)(?=.*[a-z])[a-z\d]{16,}$|^[a-z\d]{24,}$/i,
  /^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[\w-]{20,}$/,
];
/** Filled in later, and no secret itself. */
const placeholder = /^(?:\{\{[^{}]*\}\}|\{secret:[\w-]+\})$/;

/** What to write for a secret: where it stands (the same in two versions of a text), and what it is. */
export type Replace = (place: string, value: Secret) => Secret;
export type Secret = string | number;

/** Whether a field of this name holds a secret. */
export function isSecretName(name: string): boolean {
  return secretWords.test(name) || secretEnds.test(name) || secretCamels.test(name);
}

/** An address without what opens a door: password, secret parts of its path, secret parameters. */
export function maskedAddress(text: string): string {
  return eachSecretOf(text, () => mask);
}

/** A text without secrets: an address, a form, or JSON. */
export function eachSecretOf(text: string, replace: Replace): string {
  const [, scheme, authority, path = '', rest = ''] =
    /^([a-z][a-z\d+.-]*:\/\/)([^/?#]*)([^?#]*)(.*)$/is.exec(text) ?? [];
  if (scheme === undefined || authority === undefined) return inFields(text, replace);
  const parts = path.split('/').map((part, at) => {
    const secret = part === mask || secretParts.some((one) => one.test(part));
    return secret ? replace(`/${at}`, part) : part;
  });
  const web = /^https?:/i.test(scheme);
  // Paths of databases are names.
  const shown = web ? parts.join('/') : path;
  return `${scheme}${inAuthority(authority, web, replace)}${shown}${inFields(rest, replace)}`;
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

/** `name=value` of queries and forms, `"name": "value"` of JSON. */
function inFields(text: string, replace: Replace): string {
  const one = (name: string, value: string): Secret =>
    isSecretName(name) && value !== '' && !placeholder.test(value) ? replace(name, value) : value;
  return text
    .replaceAll(
      /(^|[?&#\n])([\w.[\]-]{1,100}=)([^&\n"]*)/g,
      (_all, before: string, name: string, value: string) =>
        `${before}${name}${one(name.slice(0, -1), value)}`,
    )
    .replaceAll(
      /("([\w.-]{1,100})"\s*:\s*")((?:[^"\\]|\\.)*)"/g,
      (_all, before: string, name: string, value: string) => `${before}${one(name, value)}"`,
    );
}
