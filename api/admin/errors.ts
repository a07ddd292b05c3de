import { AppError } from '../../bot/errors.ts';

/** There is no such thing. */
export function notFound(zh: string, en: string): AppError {
  return new AppError('not_found', { zh: `没有${zh}`, en: `there is no ${en}` });
}

/** The cursor is not one of ours. */
export function badCursor(): AppError {
  return new AppError(
    'field_value',
    { zh: 'cursor: 不是本列表给出的值', en: 'cursor: not one that this list gave' },
    { field: 'cursor' },
  );
}
