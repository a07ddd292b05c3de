import { AppError } from '../../errors.ts';

/** Styles nested deeper than any template are a way to end the process: its stack is native. */
const deepest = 32;
const open = new Set('([{');
const close = new Set(')]}');

/**
 * What a template must not hold, whoever filled it in. Markup that nests too deep is refused by the
 * renderer itself; styles are not.
 * @throws AppError
 */
export function checkHtml(html: string): void {
  let depth = 0;
  for (const char of html) {
    if (open.has(char)) depth += 1;
    else if (close.has(char) && depth > 0) depth -= 1;
    if (depth > deepest) throw refused('括号嵌套太深', 'brackets nest too deep');
  }
  // Shapes that use shapes that use shapes grow without bound, and nothing can stop it.
  if (/<\s*(?:[\w-]+:)?use\b/i.test(html)) {
    throw refused('不支持 SVG 的 <use>', '<use> of SVG is not supported');
  }
  if (/data:\s*image\/svg/i.test(html)) {
    throw refused(
      'SVG 请直接写在 html 里',
      'SVG belongs into the HTML itself, not into an address',
    );
  }
}

function refused(zh: string, en: string): AppError {
  return new AppError('field_value', { zh: `html:${zh}`, en: `html: ${en}` }, { field: 'html' });
}
