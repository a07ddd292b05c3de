import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import {
  fileEntry,
  fileHead,
  fileTail,
  formatOf,
  type KnowledgeFormat,
  knowledgeFormats,
} from '../../bot/chatbot/knowledge-files.ts';
import { cliCommand, flag, text } from './command.ts';
import { usageFailure } from './failure.ts';
import type { EntryView } from './kb.ts';

interface ReportView {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  faulty: number;
  faults: { line: number; reason: string }[];
  repeated: { source: string; entries: number }[];
}

const all = '/api/v1/chatbot/kb';

/** By what is said, else by the name of the file. */
function formatFor(said: string | undefined, file: string): KnowledgeFormat {
  const format = said === undefined ? formatOf(file) : knowledgeFormats.find((one) => one === said);
  if (format !== undefined) return format;
  throw usageFailure(
    `--format 须为 ${knowledgeFormats.join('、')} 之一`,
    `--format is one of ${knowledgeFormats.join(', ')}`,
  );
}

export const kbFileCommands = [
  cliCommand({
    name: 'kb import',
    usage: 'FILE [--kb NAME] [--format csv|json|jsonl|markdown] [--source SOURCE] [--replace]',
    summary: { zh: '导入文件', en: 'take the entries of a file' },
    details: {
      zh: 'CSV 为 q,a,indexes（相似问题以换行或 | 分隔）。同一来源再次导入同一文件不会重复；--replace：文件中没有的条目被删除。--kb 默认为不含扩展名的文件名，--source 默认为 import/文件名。',
      en: 'CSV: q,a,indexes (further ways to ask, parted by line breaks or |). The same file of the same source again changes nothing. --replace: entries that are not in the file go. --kb: by default the name of the file without its end; --source: import/ and the name of the file.',
    },
    words: [1, 1],
    options: { kb: text, format: text, source: text, replace: flag },
    run: async (context, { kb, format, source, replace }, [file = '']) => {
      const name = basename(file).replace(/\.[^.]+$/, '');
      const base = name.replaceAll(/[^\p{L}\p{N}._-]/gu, '-').slice(0, 64) || 'knowledge';
      const query = new URLSearchParams({
        ...{ format: formatFor(format, file), kb: kb ?? base, name },
        ...{ source: source ?? `import/${basename(file)}`, replace: String(replace === true) },
      });
      const bytes = new Uint8Array(readInput(file));
      // A hundred thousand ways to ask take a minute or so.
      const report = await context
        .client()
        .upload<ReportView>(`${all}/import?${query}`, bytes, 'application/octet-stream', 900_000);
      context.print(report, () =>
        [
          context.say({
            zh: `新增 ${report.added}，修改 ${report.changed}，未变 ${report.unchanged}，删除 ${report.removed}，有误 ${report.faulty}`,
            en: `${report.added} added, ${report.changed} changed, ${report.unchanged} unchanged, ${report.removed} removed, ${report.faulty} at fault`,
          }),
          ...report.faults.map(({ line, reason }) => `  ${line}: ${reason}`),
          ...report.repeated.map(({ source: other, entries }) =>
            context.say({
              zh: `  ${entries} 条与来源 ${other} 完全相同，按一条计（wxrc kb remove --source ${other} --yes 可删去其一）`,
              en: `  ${entries} are the same as in ${other}, and count once (wxrc kb remove --source ${other} --yes takes one of them away)`,
            }),
          ),
        ].join('\n'),
      );
      return report.faulty > 0 ? 1 : 0;
    },
  }),
  cliCommand({
    name: 'kb export',
    usage: '[FILE] [--kb NAME] [--format csv|json|jsonl|markdown]',
    summary: { zh: '导出为文件或标准输出', en: 'write the entries to a file, or print them' },
    words: [0, 1],
    options: { kb: text, format: text },
    run: async (context, { kb, format }, [file]) => {
      const as = formatFor(format ?? (file === undefined ? 'csv' : undefined), file ?? '');
      const parts = [fileHead(as)];
      let count = 0;
      for await (const one of context.client().all<EntryView>(`${all}/entries`, { kb })) {
        const phrases = one.phrases.map((phrase, at) => ({ ...phrase, id: at }));
        const entry = { ...one, phrases, reply: undefined, createdAt: 0, updatedAt: 0 };
        parts.push(fileEntry(as, entry, count === 0));
        count += 1;
      }
      parts.push(fileTail(as));
      if (file === undefined) {
        context.printFile({ entries: count, text: parts.join('') }, parts.join(''));
        return;
      }
      writeFileSync(file, parts.join(''));
      context.print({ entries: count, file }, () =>
        context.say({ zh: `已导出 ${count} 条`, en: `${count} entries written` }),
      );
    },
  }),
];

function readInput(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw usageFailure(`无法读取 ${file}`, `${file} cannot be read`);
  }
}
