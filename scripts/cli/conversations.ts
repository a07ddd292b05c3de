import { visibleLine } from '../../config/visible.ts';
import { cliCommand, flag, text } from './command.ts';
import type { CliContext } from './context.ts';
import { whole } from './numbers.ts';
import { indented } from './output.ts';

interface ConversationView {
  id: number;
  via: string;
  account: string;
  contact: string;
  name: string;
  storeId: number | null;
  agent: string | null;
  waiting: boolean;
  lastAt: number;
}

interface WordView {
  at: number;
  by: string;
  agent: string | null;
  content: {
    type: string;
    text?: string;
    url?: string;
    label?: string;
    title?: string;
    event?: string;
    kind?: string;
  };
}

const all = '/api/v1/im/conversations';
const path = (id: string): string => `${all}/${encodeURIComponent(id)}`;

export const conversationCommands = [
  cliCommand({
    name: 'conversation list',
    usage: '[TEXT] [--agent NAME] [--desk STORE_ID] [--via WAY] [--waiting] [--limit N]',
    summary: { zh: '列出与顾客的会话', en: 'list conversations with customers' },
    details: {
      zh: '最近的在前。TEXT：顾客编号或名称的一部分；WAY：wechat、imbot、gobelieve 或 chat；--waiting：尚无客服的。',
      en: 'The latest first. TEXT: part of the contact or the name; WAY: wechat, imbot, gobelieve or chat; --waiting: those nobody was told of.',
    },
    words: [0, 1],
    options: { agent: text, desk: text, via: text, waiting: flag, limit: text },
    run: async (context, { agent, desk, via, waiting, limit = '50' }, [words]) => {
      const filter = { agent, storeId: desk, via, text: words };
      const query = waiting === true ? { ...filter, waiting: 'true' } : filter;
      const most = whole('--limit', limit);
      const items = await context.client().first<ConversationView>(all, query, most);
      context.printTable(items, {
        ID: (one) => one.id,
        LAST: (one) => context.time(one.lastAt),
        VIA: (one) => one.via,
        CONTACT: (one) => one.contact,
        NAME: (one) => one.name,
        DESK: (one) => one.storeId,
        AGENT: (one) => one.agent,
        WAITING: (one) => (one.waiting ? 'waiting' : ''),
      });
    },
  }),
  cliCommand({
    name: 'conversation show',
    usage: 'ID [--limit N]',
    summary: { zh: '查看会话内容', en: 'what was said in a conversation' },
    details: {
      zh: '最新的 N 条（默认 50），旧的在前。',
      en: 'The newest N (50 unless given), oldest first.',
    },
    words: [1, 1],
    options: { limit: text },
    run: async (context, { limit = '50' }, [id = '']) => {
      const client = context.client();
      const view = await client.get<ConversationView>(path(id));
      const most = whole('--limit', limit);
      const words = await client.first<WordView>(`${path(id)}/messages`, {}, most);
      context.print({ ...view, messages: words.reverse() }, () =>
        [head(view), ...words.map((one) => line(context, view, one))].join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'conversation say',
    usage: 'ID TEXT [--txcode TXCODE]',
    summary: { zh: '回复顾客', en: 'answer a customer' },
    details: {
      zh: '以该会话客服的名义；尚无客服时以本人名义。--txcode 相同则不重复发送。',
      en: 'In the name of its agent; in your own where there is none. The same --txcode says nothing twice.',
    },
    words: [2, 2],
    options: { txcode: text },
    run: async (context, { txcode }, [id = '', said]) => {
      const answer = await context
        .client()
        .post<{ id: number; agent: string }>(`${path(id)}/messages`, { text: said, txcode });
      context.print(answer, () =>
        context.say({
          zh: `消息 ${answer.id} 已发出（以 ${answer.agent} 的名义）`,
          en: `message ${answer.id} sent (as ${answer.agent})`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'conversation assign',
    usage: 'ID AGENT|none [--desk STORE_ID]',
    summary: {
      zh: '把会话交给某客服，或释放',
      en: 'give a conversation to an agent, or release it',
    },
    details: {
      zh: 'none：顾客下次发言时由当班客服接待。--desk：同时转到该咨询台。',
      en: 'none: whoever is on duty when the customer speaks again. --desk: moves it to that desk, too.',
    },
    words: [2, 2],
    options: { desk: text },
    run: async (context, { desk }, [id = '', agent = '']) => {
      const storeId = desk === undefined ? undefined : whole('--desk', desk);
      const body = { agent: agent === 'none' ? null : agent, storeId };
      const view = await context.client().patch<ConversationView>(path(id), body);
      context.print(view, () => head(view));
    },
  }),
];

function head(view: ConversationView): string {
  const { id, via, contact, name, storeId, agent, waiting } = view;
  const facts = [id, via, contact, name || '-', storeId ?? '-', agent ?? '-'];
  return visibleLine([...facts, ...(waiting ? ['waiting'] : [])].join('  '));
}

function line(context: CliContext, view: ConversationView, { at, by, agent, content }: WordView) {
  const who = by === 'agent' ? `< ${agent}` : `> ${view.name || view.contact}`;
  return `${context.time(at)}  ${visibleLine(who)}  ${indented(wordsOf(content))}`;
}

function wordsOf(content: WordView['content']): string {
  const { type, text: words, url, title, label, event, kind } = content;
  const said = words ?? title ?? label ?? url ?? event ?? kind ?? '';
  return type === 'text' ? said : `[${type}] ${said}`.trimEnd();
}
