import { type CliCommand, cliCommand, flag, text, texts } from './command.ts';
import { usageFailure } from './failure.ts';
import { kbFileCommands } from './kb-files.ts';
import { whole } from './numbers.ts';

export interface EntryView {
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

export const kbCommands: CliCommand[] = [
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
    usage: '(ID | --source SOURCE | --kb NAME) --yes',
    summary: {
      zh: '删除一个条目，或一个来源、一个知识库的全部条目',
      en: 'remove an entry, or all of a source or a knowledge base',
    },
    words: [0, 1],
    options: { source: text, kb: text, yes: flag },
    run: async (context, { source, kb, yes }, [id]) => {
      const isAll = source !== undefined || kb !== undefined;
      if (isAll === (id !== undefined)) {
        throw usageFailure('请给出 ID，或 --source、--kb', 'say an ID, or --source or --kb');
      }
      if (yes !== true) throw usageFailure('删除条目请加 --yes', 'to remove it, add --yes');
      if (id === undefined) {
        const query = new URLSearchParams({
          ...(source !== undefined && { source }),
          ...(kb !== undefined && { kb }),
        });
        const answer = await context
          .client()
          .delete<{ removed: number }>(`${all}/entries?${query}`);
        context.print(answer, () =>
          context.say({
            zh: `已删除 ${answer.removed} 条`,
            en: `${answer.removed} entries removed`,
          }),
        );
        return;
      }
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
          context.say({
            zh: `${context.word('verdict', trial.verdict)}（直接回答 ≥ ${direct}，差距 ${gap}，候选 ≥ ${suggest}）  ${trial.ms} ms`,
            en: `${trial.verdict}  (direct ≥ ${direct}, gap ${gap}, suggest ≥ ${suggest})  ${trial.ms} ms`,
          }),
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
  ...kbFileCommands,
];
