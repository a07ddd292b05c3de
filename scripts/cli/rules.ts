import { cliCommand, flag, text, texts } from './command.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface RuleView {
  id: number;
  source: string;
  name: string;
  kind: string;
  pattern: string;
  priority: number;
  reply: { type: string; text?: string; url?: string; title?: string };
  enabled: boolean;
  hits: number;
}

interface UnansweredView {
  id: number;
  question: string;
  count: number;
  lastAt: number;
}

const rules = '/api/v1/chatbot/rules';
const unanswered = '/api/v1/chatbot/unanswered';

const replyUsage = '--text TEXT|--image URL|--card JSON|--webhook URL|--handover';
const fieldUsage =
  '[--kind KIND] [--priority N] [--channel NAME …] [--botcode CODE …] [--room ID …] [--mentioned]';
const fieldOptions = {
  ...{ pattern: text, text, image: text, card: text, webhook: text, handover: flag, kind: text },
  ...{ priority: text, channel: texts, botcode: texts, room: texts, mentioned: flag },
} as const;

interface Scoped {
  channel?: string[] | undefined;
  botcode?: string[] | undefined;
  room?: string[] | undefined;
  mentioned?: boolean | undefined;
}

function scopeOf({ channel, botcode, room, mentioned }: Scoped) {
  return { channels: channel, botcodes: botcode, rooms: room, mentioned };
}

interface Fields {
  text?: string | undefined;
  image?: string | undefined;
  card?: string | undefined;
  webhook?: string | undefined;
  handover?: boolean | undefined;
}

/** The answers that were named: one, if it is right. */
function repliesOf({ text: said, image, card, webhook, handover }: Fields): object[] {
  return [
    said === undefined ? undefined : { type: 'text', text: said },
    image === undefined ? undefined : { type: 'image', url: image },
    card === undefined ? undefined : { ...cardOf(card), type: 'card' },
    webhook === undefined ? undefined : { type: 'webhook', url: webhook },
    handover === true ? { type: 'handover' } : undefined,
  ].filter((one) => one !== undefined);
}

function cardOf(json: string): object {
  try {
    const card: unknown = JSON.parse(json);
    if (typeof card === 'object' && card !== null && !Array.isArray(card)) return card;
  } catch {}
  throw usageFailure(
    '--card 应为 JSON，如 {"appid","username","title","pagePath","thumbUrl"}',
    '--card wants JSON: {"appid","username","title","pagePath","thumbUrl"}',
  );
}

function priorityOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^-?\d{1,7}$/.test(value)) {
    throw usageFailure('--priority 应为整数', '--priority wants a whole number');
  }
  return Number(value);
}

function switchCommand(name: 'enable' | 'disable', zh: string, en: string) {
  return cliCommand({
    name: `rule ${name}`,
    usage: 'ID',
    summary: { zh, en },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      const enabled = name === 'enable';
      const path = `${rules}/${whole('ID', id)}`;
      const rule = await context.client().patch<RuleView>(path, { enabled });
      context.print(rule, () =>
        context.say({
          zh: `规则 ${rule.id} 已${enabled ? '启用' : '停用'}`,
          en: `rule ${rule.id} is ${enabled ? 'on' : 'off'}`,
        }),
      );
    },
  });
}

function replyOf({ reply }: RuleView): string {
  return `${reply.type} ${reply.text ?? reply.url ?? reply.title ?? ''}`.trim();
}

export const ruleCommands = [
  cliCommand({
    name: 'rule list',
    usage: '',
    summary: { zh: '列出关键字规则', en: 'list the answers by keyword' },
    run: async (context) => {
      const items = await Array.fromAsync(context.client().all<RuleView>(rules));
      context.printTable(items, {
        ID: (one) => one.id,
        NAME: (one) => one.name,
        KIND: (one) => one.kind,
        PATTERN: (one) => one.pattern,
        PRIORITY: (one) => one.priority,
        REPLY: replyOf,
        HITS: (one) => one.hits,
        ENABLED: (one) => context.word('yes', one.enabled ? 'yes' : 'no'),
        SOURCE: (one) => context.word('source', one.source),
      });
    },
  }),
  cliCommand({
    name: 'rule add',
    usage: `NAME --pattern TEXT (${replyUsage}) ${fieldUsage}`,
    summary: { zh: '添加关键字规则', en: 'add an answer by keyword' },
    details: {
      zh: '--kind：exact、contains（默认）、prefix、regex。',
      en: '--kind: exact, contains (default), prefix, regex.',
    },
    words: [1, 1],
    options: fieldOptions,
    run: async (context, values, [name = '']) => {
      const { pattern, kind, priority } = values;
      const replies = repliesOf(values);
      if (pattern === undefined || replies.length !== 1) {
        throw usageFailure(
          '需要 --pattern，以及 --text、--image、--card、--webhook、--handover 之一',
          '--pattern is needed, and one of --text, --image, --card, --webhook, --handover',
        );
      }
      const rule = await context.client().post<RuleView>(rules, {
        ...{ name, pattern, kind, reply: replies[0] },
        priority: priorityOf(priority),
        scope: scopeOf(values),
      });
      context.print(rule, () =>
        context.say({ zh: `规则 ${rule.id} 已添加`, en: `rule ${rule.id} added` }),
      );
    },
  }),
  cliCommand({
    name: 'rule edit',
    usage: `ID [--name NAME] [--pattern TEXT] [${replyUsage}] ${fieldUsage}`,
    summary: { zh: '修改关键字规则', en: 'change an answer by keyword' },
    details: {
      zh: '只改写出的部分；--channel、--botcode、--room、--mentioned 一起替换原来的范围。',
      en: 'What is not named stays; --channel, --botcode, --room, --mentioned replace the scope as a whole.',
    },
    words: [1, 1],
    options: { ...fieldOptions, name: text },
    run: async (context, values, [id = '']) => {
      const { name, pattern, kind, priority } = values;
      const replies = repliesOf(values);
      if (replies.length > 1) {
        throw usageFailure('一条规则只有一种回答', 'a rule has one answer');
      }
      const scope = scopeOf(values);
      const isScoped = Object.values(scope).some((one) => one !== undefined);
      const change = { name, pattern, kind, reply: replies[0], priority: priorityOf(priority) };
      const rule = await context
        .client()
        .patch<RuleView>(`${rules}/${whole('ID', id)}`, { ...change, ...(isScoped && { scope }) });
      context.print(rule, () =>
        context.say({ zh: `规则 ${rule.id} 已修改`, en: `rule ${rule.id} changed` }),
      );
    },
  }),
  switchCommand('enable', '启用关键字规则', 'switch a rule on'),
  switchCommand('disable', '停用关键字规则', 'switch a rule off'),
  cliCommand({
    name: 'rule remove',
    usage: 'ID --yes',
    summary: { zh: '删除关键字规则', en: 'remove an answer by keyword' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [id = '']) => {
      if (yes !== true) throw usageFailure('删除规则请加 --yes', 'to remove it, add --yes');
      await context.client().delete(`${rules}/${whole('ID', id)}`);
      context.print({ removed: Number(id) }, () =>
        context.say({ zh: `规则 ${id} 已删除`, en: `rule ${id} removed` }),
      );
    },
  }),
  cliCommand({
    name: 'rule test',
    usage: 'TEXT [--channel NAME] [--bot BOTCODE] [--room ID] [--mentioned]',
    summary: { zh: '测试一句话命中哪条规则', en: 'show which rule answers a text' },
    words: [1, 1],
    options: { channel: text, bot: text, room: text, mentioned: flag },
    run: async (context, { channel, bot, room, mentioned }, [said = '']) => {
      const body = { text: said, channel, botcode: bot, roomId: room, mentioned };
      const trial = await context
        .client()
        .post<{ hit: RuleView | null; matching: RuleView[] }>(`${rules}/test`, body);
      context.print(trial, () =>
        trial.matching.length === 0
          ? context.say({ zh: '没有规则命中', en: 'no rule matches' })
          : trial.matching
              .map((one, at) => `${at === 0 ? '→' : ' '} ${one.id}  ${one.name}  ${replyOf(one)}`)
              .join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'unanswered list',
    usage: '[--limit N]',
    summary: {
      zh: '列出没有答案的问题，问得多的在前',
      en: 'list questions that found no answer, the most asked first',
    },
    options: { limit: text },
    run: async (context, { limit }) => {
      const most = limit === undefined ? 50 : whole('--limit', limit);
      const items = await context.client().first<UnansweredView>(unanswered, {}, most);
      context.printTable(items, {
        ID: (one) => one.id,
        COUNT: (one) => one.count,
        QUESTION: (one) => one.question,
      });
    },
  }),
  cliCommand({
    name: 'unanswered answer',
    usage: 'ID (--entry ENTRY | --kb NAME --answer TEXT)',
    summary: {
      zh: '把问题并入条目，或为它新建条目',
      en: 'make the question a way to ask for an entry, or an entry of its own',
    },
    words: [1, 1],
    options: { entry: text, kb: text, answer: text },
    run: async (context, { entry, kb, answer }, [id = '']) => {
      const body = { entry: entry === undefined ? undefined : whole('--entry', entry), kb, answer };
      const address = `${unanswered}/${whole('ID', id)}/answer`;
      const settled = await context.client().post<{ entry: number }>(address, body);
      context.print(settled, () =>
        context.say({
          zh: `问题 ${id} 由条目 ${settled.entry} 回答`,
          en: `question ${id} is answered by entry ${settled.entry}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'unanswered drop',
    usage: 'ID',
    summary: { zh: '不再显示该问题', en: 'show this question no more' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      await context.client().delete(`${unanswered}/${whole('ID', id)}`);
      context.print({ dropped: Number(id) }, () =>
        context.say({ zh: `问题 ${id} 已忽略`, en: `question ${id} dropped` }),
      );
    },
  }),
];
