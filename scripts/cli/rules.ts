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
        ENABLED: (one) => (one.enabled ? 'yes' : 'no'),
        SOURCE: (one) => one.source,
      });
    },
  }),
  cliCommand({
    name: 'rule add',
    usage:
      'NAME --pattern TEXT (--text TEXT|--image URL|--webhook URL|--handover) [--kind KIND] [--priority N] [--channel NAME …] [--room ID …] [--mentioned]',
    summary: { zh: '添加关键字规则', en: 'add an answer by keyword' },
    details: {
      zh: '--kind：exact、contains（默认）、prefix、regex。',
      en: '--kind: exact, contains (default), prefix, regex.',
    },
    words: [1, 1],
    options: {
      ...{ pattern: text, text, image: text, webhook: text, handover: flag, kind: text },
      ...{ priority: text, channel: texts, room: texts, mentioned: flag },
    },
    run: async (context, values, [name = '']) => {
      const { pattern, text: said, image, webhook, handover, kind, priority } = values;
      const replies = [
        said === undefined ? undefined : { type: 'text', text: said },
        image === undefined ? undefined : { type: 'image', url: image },
        webhook === undefined ? undefined : { type: 'webhook', url: webhook },
        handover === true ? { type: 'handover' } : undefined,
      ].filter((one) => one !== undefined);
      if (pattern === undefined || replies.length !== 1) {
        throw usageFailure(
          '需要 --pattern，以及 --text、--image、--webhook、--handover 之一',
          '--pattern is needed, and one of --text, --image, --webhook, --handover',
        );
      }
      const rule = await context.client().post<RuleView>(rules, {
        ...{ name, pattern, kind, reply: replies[0] },
        priority: priority === undefined ? undefined : Number(priority),
        scope: { channels: values.channel, rooms: values.room, mentioned: values.mentioned },
      });
      context.print(rule, () =>
        context.say({ zh: `规则 ${rule.id} 已添加`, en: `rule ${rule.id} added` }),
      );
    },
  }),
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
