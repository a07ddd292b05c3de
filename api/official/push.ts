import { AppError, type Text } from '../../bot/errors.ts';
import type { Kind } from './kinds.ts';

/** Something pushed, whatever form it came in. */
export interface Push {
  receivers: readonly string[];
  /** It was said to many: they get one and the same frame. */
  toMany: boolean;
  from: string | undefined;
  /** What the caller calls it. */
  key: string | undefined;
  kind: Kind;
  name: string;
  avatar: string;
  companyId: string;
  msg: Record<string, unknown>;
}

export function missing(field: string): AppError {
  return new AppError('field_missing', { zh: `缺少 ${field}`, en: `${field}: missing` }, { field });
}

export function wrong(field: string, text: Text): AppError {
  return new AppError(
    'field_value',
    { zh: `${field} ${text.zh}`, en: `${field}: ${text.en}` },
    { field },
  );
}

/** The body cannot be read at all. */
export function unreadable(form: 'JSON' | 'XML' | 'UTF-8', reason = ''): AppError {
  const why = reason === '' ? '' : `: ${reason}`;
  return new AppError('field_value', {
    zh: `请求体不是合法的 ${form}${why}`,
    en: `the body is not valid ${form}${why}`,
  });
}
