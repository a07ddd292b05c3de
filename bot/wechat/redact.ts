import type { WechatFields } from './fields.ts';
import { type Push, writeFields } from './push.ts';

/** Fields that open doors: tickets of codes and of platforms, and what is encrypted. */
const secret = /^(encrypt|(component_?verify_?)?ticket|(pre_?)?auth(orization)?_?code)$/i;

/**
 * The text of a push as it is kept: as it came, unless it holds something secret. Then it is spelled
 * anew, without that. Told by the fields, so that no word of a user is taken for one.
 */
export function redacted({
  format,
  fields,
  text,
}: Pick<Push, 'format' | 'fields' | 'text'>): string {
  return hasSecret(fields) ? writeFields(format, without(fields)) : text;
}

function hasSecret(fields: WechatFields): boolean {
  return Object.entries(fields).some(([name, value]) => {
    if (secret.test(name)) return true;
    const inner = Array.isArray(value) ? value : [value];
    return inner.some((one) => typeof one === 'object' && hasSecret(one));
  });
}

function without(fields: WechatFields): WechatFields {
  const kept: WechatFields = {};
  for (const [name, value] of Object.entries(fields)) {
    if (secret.test(name)) continue;
    if (Array.isArray(value)) {
      kept[name] = value.map((one) => (typeof one === 'string' ? one : without(one)));
    } else kept[name] = typeof value === 'string' ? value : without(value);
  }
  return kept;
}
