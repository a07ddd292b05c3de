import type { Text } from '../../bot/errors.ts';
import { HttpProblem } from '../middleware/problem.ts';
import { readForm } from './form.ts';

/** Largest body: a message of 64 KiB, its escapes and what stands around it. */
export const bodyLimit = 262_144;

const utf8 = new TextDecoder('utf-8', { fatal: true });

export interface ReadBody {
  value: unknown;
  /** The JSON text, for what must not be lost of it; undefined: a form. */
  text: string | undefined;
}

/**
 * Reads JSON or a form, as the original's parser did, by what the body calls itself; what calls
 * itself a form but is a JSON object is taken for one, as curl calls everything a form.
 * @throws HttpProblem 400, 413, 415
 */
export function readBodyBytes(body: Buffer | 'too-large', contentType: string): ReadBody {
  if (body === 'too-large') {
    throw refusal(413, {
      zh: `请求体超过 ${bodyLimit} 字节`,
      en: `the body is larger than ${bodyLimit} bytes`,
    });
  }
  const kind = kindOf(contentType);
  if (kind === undefined) {
    throw refusal(415, {
      zh: 'Content-Type：须为 UTF-8 的 application/json，或 URL 编码的表单',
      en: 'Content-Type: must be application/json in UTF-8, or a URL-encoded form',
    });
  }
  const text = decode(body);
  if (text === '' || (kind === 'form' && !/^\s*\{/.test(text))) {
    const value = readForm(text);
    if (value === undefined) {
      throw refusal(400, { zh: '无法解析表单', en: 'the body is no form that could be read' });
    }
    return { value, text: undefined };
  }
  try {
    return { value: JSON.parse(text), text };
  } catch {
    throw refusal(400, { zh: '请求体不是有效的 JSON', en: 'the body is not valid JSON' });
  }
}

/** A refusal in the family's own words. */
export function refusal(status: number, text: Text): HttpProblem {
  return new HttpProblem(status, text);
}

/** Without a type it is JSON. */
function kindOf(contentType: string): 'json' | 'form' | undefined {
  if (contentType === '' || contentType === 'application/json') return 'json';
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  const utf = parameters.every((parameter) => {
    const [name = '', value = ''] = parameter.split('=');
    return name.trim() !== 'charset' || /^"?utf-?8"?$/.test(value.trim());
  });
  if (!utf) return undefined;
  if (/^application\/(?:json|[\w.-]+\+json)$/.test(type.trim())) return 'json';
  return type.trim() === 'application/x-www-form-urlencoded' ? 'form' : undefined;
}

function decode(body: Buffer): string {
  try {
    return utf8.decode(body);
  } catch {
    throw refusal(400, { zh: '请求体不是有效的 UTF-8', en: 'the body is not valid UTF-8' });
  }
}
