import type { Replace } from './masked-fields.ts';
import { eachSecretOf, mask } from './masked-text.ts';
import type { ReportSource } from './report-schema.ts';
import { isSecretName } from './secret-names.ts';

/** Headers that say how, not who. */
const plainHeaders =
  /^(?:accept(?:-.+)?|content-(?:type|language)|user-agent|cache-control|pragma|prefer|if-.+|x-requested-with)$/i;
const scheme = /^(?:basic|bearer|digest|token|apikey) +/i;
const labels = /^(?:name|field|param|id|type|key)$/i;
const values = /^(?:value|val)$/i;
const references = /^(?:\{secret:[\w-]+\}\s*)+$/;

/**
 * A report's source as anybody may see it: what was typed into it literally is masked. Names of
 * secrets (`{secret:erp}`) are shown, since only the config holds what they stand for.
 */
export function maskedSource(source: ReportSource): ReportSource {
  return eachSecretOfSource(source, () => mask);
}

/** @param replace gets where it stands: `url query`, `headers.authorization`, `body.password` */
export function eachSecretOfSource(source: ReportSource, replace: Replace): ReportSource {
  if (source.type !== 'http') return source;
  const { url, headers, body } = source;
  return {
    ...source,
    url: eachSecretOf(url, within('url', replace)),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, headerOf(name, value, replace)]),
    ),
    ...(body !== undefined && { body: bodyOf(body, replace) }),
  };
}

function headerOf(name: string, value: string, replace: Replace): string {
  if (plainHeaders.test(name) || value === '') return value;
  const how = scheme.exec(value)?.[0] ?? '';
  const who = value.slice(how.length);
  if (references.test(who)) return value;
  return `${how}${replace(`headers.${name.toLowerCase()}`, who)}`;
}

function bodyOf(body: string | Record<string, unknown>, replace: Replace) {
  if (typeof body === 'string') return eachSecretOf(body, within('body', replace));
  return inFields(body, 'body', false, replace) as Record<string, unknown>;
}

function inFields(value: unknown, path: string, secret: boolean, replace: Replace): unknown {
  if (Array.isArray(value)) {
    return value.map((one, at) => inFields(one, `${path}[${at}]`, secret, replace));
  }
  if (typeof value === 'object' && value !== null) {
    const labelled = labelsSecret(value);
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [
        name,
        inFields(
          one,
          `${path}.${name}`,
          secret || isSecretName(name) || (labelled && values.test(name)),
          replace,
        ),
      ]),
    );
  }
  if (typeof value === 'number') return secret ? replace(path, value) : value;
  if (typeof value !== 'string') return value;
  if (!secret) return eachSecretOf(value, within(path, replace));
  return value === '' || /^\{\{[^{}]*\}\}$/.test(value) ? value : replace(path, value);
}

/** Whether its value is one: `{ name: 'password', value: … }`. What is masked may have been such a name. */
function labelsSecret(object: object): boolean {
  return Object.entries(object).some(
    ([name, label]) =>
      labels.test(name) && typeof label === 'string' && (label === mask || isSecretName(label)),
  );
}

function within(path: string, replace: Replace): Replace {
  return (place, value) => replace(`${path} ${place}`, value);
}
