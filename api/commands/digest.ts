import { hash } from 'node:crypto';

/** Nothing a command can mean lies deeper. */
const deepest = 16;

/**
 * What a repeated txcode is compared by: command, bot and body, whatever the order of the body's
 * keys. txtime and sign are left out, so that a retry may be signed anew. Null and absent are the
 * same. Undefined when the body is nested too deeply.
 */
export function contentDigest(command: string, botcode: string, body: unknown): string | undefined {
  const text = canonical(body ?? {}, 0);
  if (text === undefined) return undefined;
  // 132 bits are enough, and every row carries them.
  return hash('sha256', `${command}\n${botcode}\n${text}`, 'base64url').slice(0, 22);
}

function canonical(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (depth === deepest) return undefined;
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) {
      const part = canonical(item, depth + 1);
      if (part === undefined) return undefined;
      text += text === '' ? part : `,${part}`;
    }
    return `[${text}]`;
  }
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name];
    if (field === null) continue;
    const part = canonical(field, depth + 1);
    if (part === undefined) return undefined;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${part}`;
  }
  return `{${text}}`;
}
