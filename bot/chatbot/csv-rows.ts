import type { Text } from '../errors.ts';
import { plainField, readCsvBounded } from './csv.ts';
import { type ImportRow, listed, recordBounds, rowOf, tooLong } from './import-row.ts';

const columns: Record<string, 'q' | 'a' | 'indexes' | 'tags'> = {
  ...{ q: 'q', question: 'q', title: 'q', 问题: 'q', 标题: 'q' },
  ...{ a: 'a', answer: 'a', 答案: 'a', 回答: 'a', 答复: 'a' },
  ...{ indexes: 'indexes', index: 'indexes', phrases: 'indexes', 相似问题: 'indexes' },
  ...{ tags: 'tags', 标签: 'tags' },
};

/** Entries of a table, with a head or without. */
export function* csvRows(text: string): Generator<ImportRow | undefined> {
  let order: (string | undefined)[] = ['q', 'a'];
  let isFirst = true;
  for (const record of readCsvBounded(text, recordBounds)) {
    if (record === undefined) {
      yield undefined;
      continue;
    }
    const { line, open } = record;
    if (record.long && !open) {
      isFirst = false;
      yield { line, fault: tooLong };
      continue;
    }
    const fields = record.fields.map(plainField);
    const names = fields.map((field) => columns[field.trim().toLowerCase()]);
    if (isFirst && names.includes('q')) {
      isFirst = false;
      order = names;
      continue;
    }
    if (isFirst && isUnknownHead(fields)) {
      yield { line, fault: headFault(fields) };
      return;
    }
    isFirst = false;
    if (open) {
      yield { line, fault: { zh: '引号没有结束', en: 'a quote is not closed' } };
      return;
    }
    const of = (name: string): string => fields[order.indexOf(name)] ?? '';
    // Columns without a name of ours hold further ways to ask, as in the files of FastGPT.
    const others = fields.filter((_, at) => !['q', 'a', 'tags'].includes(order[at] ?? 'indexes'));
    const tags = order.includes('tags') ? listed(of('tags')) : [];
    yield rowOf(line, of('q'), of('a'), { phrases: others.flatMap(listed), tags });
  }
}

/** What tables are headed with that are no questions and answers. */
const labels =
  /^(?:产品|商品|品名|名称|型号|规格|价格|单价|数量|说明|描述|备注|内容|分类|类别|类型|编号|序号|日期|时间|姓名|电话|地址|id|no|name|product|price|description|content|category|type|date|note|key|value)s?$/i;
const mostLabel = 20;

/** A first line of labels, none of which is a question: what it names would be taken for answers. */
function isUnknownHead(fields: readonly string[]): boolean {
  const names = fields.map((field) => field.trim());
  if (names.some((name) => columns[name.toLowerCase()] !== undefined)) return true;
  const isPlain = names.every((name) => name.length <= mostLabel && /^[\p{L} _]+$/u.test(name));
  return names.length >= 2 && isPlain && names.some((name) => labels.test(name));
}

function headFault(fields: readonly string[]): Text {
  const given = fields.map((field) => field.trim()).join(',');
  return {
    zh: `不认识的表头：${given}。表头须含 q（或 问题、question、title）与 a（或 答案、回答、answer），可加 indexes（相似问题）、tags（标签）；没有表头的，请在首行加上 q,a`,
    en: `a head that is not known: ${given}. It names q (or question, title, 问题) and a (or answer, 答案), and may name indexes (相似问题) and tags (标签); a file without one: put q,a in the first line`,
  };
}
