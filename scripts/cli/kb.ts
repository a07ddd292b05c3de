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
import { cliCommand, flag, text, texts } from './command.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface EntryView {
  id: number;
  kb: string;
  kind: 'qa' | 'doc';
  title: string;
  answer: string;
  enabled: boolean;
  tags: string[];
  source: string;
  hits: number;
  phrases: { text: string; added: boolean }[];
}

interface BaseView {
  kb: string;
  entries: number;
  enabled: number;
  resting: number;
}

interface TrialView {
  corrected: string | null;
  words: string[];
  candidates: number;
  found: { entry: number; kb: string; title: string; score: number; phrase: string }[];
  verdict: string;
  answer: string | null;
  thresholds: { direct: number; suggest: number; gap: number };
  ms: number;
}

interface ReportView {
  added: number;
  changed: number;
  unchanged: number;
  removed: number;
  faulty: number;
  faults: { line: number; reason: string }[];
}

const heads = {
  kb: { zh: '知识库', en: 'KB' },
  entries: { zh: '条目', en: 'ENTRIES' },
  enabled: { zh: '启用', en: 'ENABLED' },
  question: { zh: '问题', en: 'QUESTION' },
  phrases: { zh: '其他问法', en: 'PHRASES' },
  hits: { zh: '命中', en: 'HITS' },
  source: { zh: '来源', en: 'SOURCE' },
} as const;
const yes = { zh: '是', en: 'yes' };
const no = { zh: '否', en: 'no' };

const all = '/api/v1/chatbot/kb';
const path = (id: string, rest = ''): string => `${all}/entries/${whole('ID', id)}${rest}`;

/** By what is said, else by the name of the file. */
function formatFor(said: string | undefined, file: string): KnowledgeFormat {
  const format = said === undefined ? formatOf(file) : knowledgeFormats.find((one) => one === said);
  if (format !== undefined) return format;
  throw usageFailure(
    `--format 须为 ${knowledgeFormats.join('、')} 之一`,
    `--format is one of ${knowledgeFormats.join(', ')}`,
  );
}

export const kbCommands = [
  cliCommand({
    name: 'kb list',
    usage: '[--kb NAME] [--source SOURCE] [--find TEXT] [--limit N]',
    summary: {
      zh: '列出知识库；给出条件时列出条目',
      en: 'list the knowledge bases; with a condition, their entries',
    },
    options: { kb: text, source: text, find: text, limit: text },
    run: async (context, { kb, source, find, limit }) => {
      if (kb === undefined && source === undefined && find === undefined) {
        const { items } = await context.client().get<{ items: BaseView[] }>(all);
        context.printTable(items, {
          [context.say(heads.kb)]: (one) => one.kb,
          [context.say(heads.entries)]: (one) => one.entries,
          [context.say(heads.enabled)]: (one) => one.enabled,
        });
        const resting = items.filter((one) => one.resting > 0).map((one) => one.kb);
        if (resting.length > 0) {
          const names = resting.join(', ');
          context.remark({
            zh: `自带的 ${names} 不再用于回答：已有自己的条目（chatbot.starter；试问：kb test --starter）`,
            en: `${names}: what came with the product answers nobody, as there are entries of your own (chatbot.starter; to try it: kb test --starter)`,
          });
        }
        return;
      }
      const most = limit === undefined ? 50 : whole('--limit', limit);
      const query = { kb, source, text: find };
      const some = await context.client().first<EntryView>(`${all}/entries`, query, most + 1);
      const more = some.length > most;
      const items = some.slice(0, most);
      context.printTable(items, {
        ID: (one) => one.id,
        [context.say(heads.kb)]: (one) => one.kb,
        [context.say(heads.question)]: (one) => one.title,
        [context.say(heads.phrases)]: (one) => one.phrases.length,
        [context.say(heads.hits)]: (one) => one.hits,
        [context.say(heads.enabled)]: (one) => context.say(one.enabled ? yes : no),
        [context.say(heads.source)]: (one) => one.source,
      });
      if (more) {
        context.remark({
          zh: `只列出前 ${most} 条，还有更多（--limit N）`,
          en: `the first ${most}; there are more (--limit N)`,
        });
      }
    },
  }),
  cliCommand({
    name: 'kb show',
    usage: 'ID',
    summary: { zh: '显示一个条目', en: 'show one entry' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      const entry = await context.client().get<EntryView>(path(id));
      context.print(entry, () =>
        [
          `${entry.id}  ${entry.kb}  ${entry.source}${entry.enabled ? '' : '  -'}`,
          `? ${entry.title}`,
          ...entry.phrases.map((phrase) => `? ${phrase.text}${phrase.added ? '  +' : ''}`),
          entry.answer,
        ].join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'kb add',
    usage: 'KB --question TEXT --answer TEXT [--phrase TEXT …] [--tag TAG …]',
    summary: { zh: '添加条目', en: 'add an entry' },
    words: [1, 1],
    options: { question: text, answer: text, phrase: texts, tag: texts },
    run: async (context, { question, answer, phrase, tag }, [kb = '']) => {
      if (question === undefined || answer === undefined) {
        throw usageFailure('需要 --question 与 --answer', '--question and --answer are needed');
      }
      const body = { kb, title: question, answer, phrases: phrase, tags: tag };
      const entry = await context.client().post<EntryView>(`${all}/entries`, body);
      context.print(entry, () =>
        context.say({ zh: `条目 ${entry.id} 已添加`, en: `entry ${entry.id} added` }),
      );
    },
  }),
  cliCommand({
    name: 'kb edit',
    usage: 'ID [--question TEXT] [--answer TEXT] [--kb NAME] [--enable|--disable]',
    summary: { zh: '修改条目，编号不变', en: 'change an entry; its number stays' },
    words: [1, 1],
    options: { question: text, answer: text, kb: text, enable: flag, disable: flag },
    run: async (context, { question, answer, kb, enable, disable }, [id = '']) => {
      const enabled = enable === true ? true : disable === true ? false : undefined;
      const body = { title: question, answer, kb, enabled };
      const entry = await context.client().patch<EntryView>(path(id), body);
      context.print(entry, () =>
        context.say({ zh: `条目 ${entry.id} 已修改`, en: `entry ${entry.id} changed` }),
      );
    },
  }),
  cliCommand({
    name: 'kb remove',
    usage: 'ID --yes',
    summary: { zh: '删除条目', en: 'remove an entry' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [id = '']) => {
      if (yes !== true) throw usageFailure('删除条目请加 --yes', 'to remove it, add --yes');
      await context.client().delete(path(id));
      context.print({ removed: Number(id) }, () =>
        context.say({ zh: `条目 ${id} 已删除`, en: `entry ${id} removed` }),
      );
    },
  }),
  cliCommand({
    name: 'kb phrase',
    usage: 'ID TEXT',
    summary: { zh: '为条目添加一种问法', en: 'add a way to ask for an entry' },
    words: [2, 2],
    run: async (context, _values, [id = '', phrase = '']) => {
      const body = { text: phrase };
      const answer = await context.client().post<{ added: boolean }>(path(id, '/phrases'), body);
      context.print(answer, () =>
        context.say(
          answer.added
            ? { zh: '已添加', en: 'added' }
            : { zh: '已有这种问法', en: 'it was there already' },
        ),
      );
    },
  }),
  cliCommand({
    name: 'kb import',
    usage: 'FILE [--kb NAME] [--format csv|json|jsonl|markdown] [--source SOURCE] [--replace]',
    summary: { zh: '导入文件', en: 'take the entries of a file' },
    details: {
      zh: 'CSV 为 q,a,indexes（相似问题以换行或 | 分隔）。同一来源再次导入同一文件不会重复；--replace：文件中没有的条目被删除。',
      en: 'CSV: q,a,indexes (further ways to ask, parted by line breaks or |). The same file of the same source again changes nothing. --replace: entries that are not in the file go.',
    },
    words: [1, 1],
    options: { kb: text, format: text, source: text, replace: flag },
    run: async (context, { kb, format, source, replace }, [file = '']) => {
      const name = basename(file).replace(/\.[^.]+$/, '');
      const query = new URLSearchParams({
        ...{ format: formatFor(format, file), kb: kb ?? name, name },
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
        context.print({ entries: count, text: parts.join('') }, () => parts.join('').trimEnd());
        return;
      }
      writeFileSync(file, parts.join(''));
      context.print({ entries: count, file }, () =>
        context.say({ zh: `已导出 ${count} 条`, en: `${count} entries written` }),
      );
    },
  }),
  cliCommand({
    name: 'kb test',
    usage: 'QUESTION [--kb NAME] [--starter]',
    summary: { zh: '测试一个问题会命中什么', en: 'show what a question finds, and why' },
    words: [1, 1],
    details: {
      zh: '--starter：自带知识库不再用于回答时，也一并查看。',
      en: '--starter: with what came with the product, even if it answers nobody any more.',
    },
    options: { kb: text, starter: flag },
    run: async (context, { kb, starter }, [question = '']) => {
      const body = { question, kb, starter };
      const trial = await context.client().post<TrialView>(`${all}/test`, body);
      context.print(trial, () => {
        const { direct, suggest, gap } = trial.thresholds;
        return [
          `${trial.verdict}  (direct ≥ ${direct}, gap ${gap}, suggest ≥ ${suggest})  ${trial.ms} ms`,
          ...(trial.corrected === null ? [] : [`→ ${trial.corrected}`]),
          ...trial.found.map(
            (one) =>
              `${one.score.toFixed(3)}  ${one.entry}  ${one.kb}  ${one.title}` +
              (one.phrase === one.title ? '' : `  ← ${one.phrase}`),
          ),
          `${trial.candidates} ← ${trial.words.join(' ')}`,
          ...(trial.answer === null ? [] : ['', trial.answer]),
        ].join('\n');
      });
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
