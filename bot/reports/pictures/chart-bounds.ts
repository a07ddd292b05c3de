import type { ErrorCode, Text } from '../../errors.ts';

export interface ChartFault {
  code: ErrorCode;
  field: string;
  text: Text;
}

const deepest = 24;
const plainTypes = new Set(['string', 'number', 'boolean', 'undefined']);

/**
 * Looks an option of ECharts through, no further than it may be large: only what JSON can hold, and
 * no pictures from elsewhere, since nothing is fetched and no file is read for a chart.
 */
export function chartFault(
  option: object,
  most: { chars: number; values: number },
): ChartFault | undefined {
  // A list of what is left to do, not recursion: depth is the stranger's to choose.
  const left: { value: unknown; path: string; depth: number }[] = [];
  let chars = 0;
  let values = 1;
  const open = (value: object, path: string, depth: number): ChartFault | undefined => {
    if (depth > deepest) return notJson(path);
    const names = Object.keys(value);
    values += names.length;
    if (values > most.values) return tooLarge(`${most.values} 个值`, `${most.values} values`);
    for (const name of names) {
      const inner = (value as Record<string, unknown>)[name];
      const at = Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`;
      if (!Array.isArray(value)) chars += name.length;
      left.push({ value: inner, path: at, depth: depth + 1 });
    }
    return undefined;
  };
  let fault = open(option, 'chart', 0);
  for (let next = left.pop(); fault === undefined && next !== undefined; next = left.pop()) {
    const { value, path, depth } = next;
    if (typeof value === 'string') {
      chars += value.length;
      if (/^\s*image:/i.test(value)) fault = foreign(path);
    } else if (typeof value === 'object' && value !== null) fault = open(value, path, depth);
    else if (value !== null && !plainTypes.has(typeof value)) fault = notJson(path);
    if (chars > most.chars) fault = tooLarge(`${most.chars} 个字符`, `${most.chars} characters`);
  }
  return fault;
}

function tooLarge(zh: string, en: string): ChartFault {
  const text = { zh: `chart 最多 ${zh}`, en: `chart: at most ${en}` };
  return { code: 'too_large', field: 'chart', text };
}

function notJson(path: string): ChartFault {
  const text = { zh: `${path} 必须是 JSON 数据`, en: `${path} must be JSON data` };
  return { code: 'field_type', field: path, text };
}

function foreign(path: string): ChartFault {
  const text = {
    zh: `${path}:图表里不能引用外部图片`,
    en: `${path}: charts show no pictures from elsewhere`,
  };
  return { code: 'field_value', field: path, text };
}
