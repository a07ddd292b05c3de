import { cliCommand, text, texts } from './command.ts';
import { whole } from './numbers.ts';

interface ScheduledView {
  id: number;
  botcode: string;
  target: Record<string, string>;
  at: number;
  state: string;
  msgid: number | null;
  sendState: string | null;
}

const later = '/api/v1/scheduled-sends';

export const laterCommands = [
  cliCommand({
    name: 'later add',
    usage: 'TEXT --bot BOTCODE --room TOPIC --at TIME [--mention NAME]…',
    summary: { zh: '定时发送一条文本', en: 'send a text once, later' },
    words: [1, 1],
    options: { bot: text, room: text, at: text, mention: texts },
    run: async (context, { bot, room, at, mention }, [said = '']) => {
      const body = { botcode: bot, roomTopic: room, at, text: said, mentions: mention };
      const one = await context.client().post<ScheduledView>(later, body);
      context.print(one, () =>
        context.say({
          zh: `定时发送 ${one.id}：${context.time(one.at)}`,
          en: `scheduled send ${one.id}: ${context.time(one.at)}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'later list',
    usage: '[--state STATE] [--limit N]',
    summary: { zh: '列出定时发送', en: 'list sends for later' },
    options: { state: text, limit: text },
    run: async (context, { state, limit }) => {
      const most = limit === undefined ? 50 : whole('--limit', limit);
      const items = await context.client().first<ScheduledView>(later, { state }, most);
      context.printTable(items, {
        ID: (one) => one.id,
        AT: (one) => context.time(one.at),
        BOT: (one) => one.botcode,
        TARGET: (one) => Object.values(one.target).slice(1).join(' '),
        STATE: (one) => context.word('send', one.sendState ?? one.state),
        MSGID: (one) => one.msgid,
      });
    },
  }),
  cliCommand({
    name: 'later cancel',
    usage: 'ID',
    summary: { zh: '取消定时发送', en: 'cancel a send for later' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      const one = await context.client().post<ScheduledView>(`${later}/${whole('ID', id)}/cancel`);
      context.print(one, () => `${one.id}  ${context.word('send', one.state)}`);
    },
  }),
];
