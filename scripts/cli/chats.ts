import { visibleLine } from '../../config/visible.ts';
import { cliCommand, text } from './command.ts';
import type { CliContext } from './context.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';
import { indented } from './output.ts';

interface ChatView {
  id: string;
  channel: string;
  state: string;
  turns: number;
  lastAt: number;
}

interface StepView {
  step: string;
  outcome: string;
  ms: number;
  rule?: number | string;
  entry?: number;
  score?: number;
  verdict?: string;
  candidates?: { entry: number; score: number; title: string }[];
  tokens?: { prompt: number; completion: number };
  note?: string;
}

interface TurnView {
  turn: number;
  question: string;
  askedAt: number;
  state: string;
  answer: string;
  finish: string | null;
  trace: StepView[];
  send?: { msgid: number; state: string; reason: string | null } | null;
  liked?: boolean | null;
  chat?: string;
  enabled?: boolean;
}

interface RoomView {
  botcode: string;
  roomId: string;
  topic: string;
  enabled: boolean;
  own: boolean;
}

const base = '/api/v1/chatbot';

export const chatCommands = [
  cliCommand({
    name: 'chat ask',
    usage: 'QUESTION [--chat CHAT]',
    summary: {
      zh: '向聊天机器人提问，并查看答案的由来',
      en: 'ask the chatbot, and see why it says what it says',
    },
    details: {
      zh: '--chat：接着之前的一次试问（其输出中的 test:…）。',
      en: '--chat: goes on with a trial before (test:… of its output).',
    },
    words: [1, 1],
    options: { chat: text },
    run: async (context, { chat }, [question]) => {
      const body = { question, ...(chat !== undefined && { chat }) };
      const turn = await context.client().post<TurnView>(`${base}/ask`, body);
      const off = context.say({
        zh: '（chatbot.enabled 为 false：除试问外，机器人不回答任何人。）',
        en: '(chatbot.enabled is false: apart from trials the bot answers nobody.)',
      });
      context.print(turn, () =>
        [
          ...[turn.answer, '', ...traceLines(turn), turn.chat],
          ...(turn.enabled === false ? [off] : []),
        ].join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'chat list',
    usage: '[--state open|human|ended] [--limit N]',
    summary: { zh: '列出与聊天机器人的会话', en: 'list talks with the chatbot' },
    options: { state: text, limit: text },
    run: async (context, { state, limit = '50' }) => {
      const most = whole('--limit', limit);
      const items = await context.client().first<ChatView>(`${base}/chats`, { state }, most);
      context.printTable(items, {
        LAST: (one) => context.time(one.lastAt),
        CHANNEL: (one) => one.channel,
        STATE: (one) => context.word('chat', one.state),
        TURNS: (one) => one.turns,
        CHAT: (one) => one.id,
      });
    },
  }),
  cliCommand({
    name: 'chat show',
    usage: 'CHAT [--limit N]',
    summary: { zh: '查看一个会话的问答与由来', en: 'questions and answers of a talk, and why' },
    details: {
      zh: '最新的 N 条（默认 20），旧的在前。',
      en: 'The newest N (20 unless given), oldest first.',
    },
    words: [1, 1],
    options: { limit: text },
    run: async (context, { limit = '20' }, [id = '']) => {
      const most = whole('--limit', limit);
      const path = `${base}/chats/${encodeURIComponent(id)}`;
      const client = context.client();
      const view = await client.get<ChatView>(path);
      const turns = (await client.first<TurnView>(`${path}/turns`, {}, most)).reverse();
      context.print({ ...view, items: turns }, () =>
        turns.map((turn) => wordsOf(context, turn)).join('\n\n'),
      );
    },
  }),
  cliCommand({
    name: 'chat rooms',
    usage: '[BOTCODE] [--on ROOM_ID | --off ROOM_ID | --default ROOM_ID]',
    summary: { zh: '查看或开关群里的聊天机器人', en: 'in which rooms bots answer; switch it' },
    details: {
      zh: '--default：按配置（chatbot.bots、chatbot.rooms）。',
      en: '--default: as the config says (chatbot.bots, chatbot.rooms).',
    },
    words: [0, 1],
    options: { on: text, off: text, default: text },
    run: async (context, { on, off, default: as }, [botcode]) => {
      const client = context.client();
      const roomId = on ?? off ?? as;
      if (roomId !== undefined) {
        if (botcode === undefined) throw usageFailure('请指定 BOTCODE', 'name the BOTCODE');
        const enabled = on !== undefined ? true : off !== undefined ? false : null;
        await client.put(`${base}/rooms`, { botcode, roomId, enabled });
      }
      const query = botcode === undefined ? '' : `?botcode=${encodeURIComponent(botcode)}`;
      const { items } = await client.get<{ items: RoomView[] }>(`${base}/rooms${query}`);
      context.printTable(items, {
        BOT: (one) => one.botcode,
        [context.say({ zh: '回答', en: 'ANSWERS' })]: (one) =>
          context.say({
            zh: `${one.enabled ? '开' : '关'}${one.own ? '' : '（默认）'}`,
            en: `${one.enabled ? 'on' : 'off'}${one.own ? '' : ' (default)'}`,
          }),
        TOPIC: (one) => one.topic,
        ROOM: (one) => one.roomId,
      });
    },
  }),
];

function wordsOf(context: CliContext, turn: TurnView): string {
  const said = turn.question === '' ? [] : [`> ${indented(turn.question)}`];
  const state = turn.state === 'done' ? '' : ` [${turn.state}]`;
  return [
    `${context.time(turn.askedAt)}  #${turn.turn}${state}`,
    ...said,
    `< ${indented(turn.answer)}`,
    ...traceLines(turn),
    ...(turn.send ? [sendLine(turn.send)] : []),
    ...(turn.liked === true ? ['  👍'] : turn.liked === false ? ['  👎'] : []),
  ].join('\n');
}

function sendLine({
  msgid,
  state,
  reason,
}: {
  msgid: number;
  state: string;
  reason: string | null;
}) {
  return `  send ${msgid}: ${state}${reason === null ? '' : `, ${visibleLine(reason)}`}`;
}

function traceLines({ trace }: TurnView): string[] {
  return trace.flatMap((one) => {
    const { step, outcome, ms, rule, entry, score, verdict, candidates = [], tokens, note } = one;
    const facts = [
      ...(rule === undefined ? [] : [`rule ${rule}`]),
      ...(verdict === undefined ? [] : [verdict]),
      ...(entry === undefined ? [] : [`entry ${entry}`]),
      ...(score === undefined ? [] : [`score ${score.toFixed(3)}`]),
      ...(tokens === undefined ? [] : [`${tokens.prompt}+${tokens.completion} tokens`]),
      ...(note === undefined ? [] : [visibleLine(note)]),
    ];
    return [
      `  ${step}: ${outcome}, ${ms} ms${facts.length > 0 ? `, ${facts.join(', ')}` : ''}`,
      ...candidates.map(
        (other) => `    ${other.score.toFixed(3)}  #${other.entry} ${visibleLine(other.title)}`,
      ),
    ];
  });
}
