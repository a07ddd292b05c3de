import type { Text } from '../../bot/errors.ts';
import { alarmKinds } from '../../config/alarm-schema.ts';
import { visibleLine } from '../../config/visible.ts';
import { cliCommand, flag, text } from './command.ts';
import type { CliContext } from './context.ts';
import { exitCodes, usageFailure } from './failure.ts';
import { whole } from './numbers.ts';
import { formatAge, indented } from './output.ts';

interface AlarmView {
  id: string;
  kind: string;
  subject: string;
  state: string;
  text: Text;
  since: number;
  overAt: number | null;
  told: boolean;
  silenced: boolean;
  ackedBy: string | null;
  note: string | null;
}

interface MessageView {
  what: string;
  text: Text;
  state: string;
  lane: string | null;
  createdAt: number;
  lastError: string | null;
  tries: { lane: string; at: number; tookMs: number; error: string | null }[];
}

interface LaneView {
  name: string;
  kind: string;
  target: string;
  toldLastHour: number;
  lastOkAt: number | null;
  lastError: string | null;
}

interface SilenceView {
  id: string;
  kind: string | null;
  subject: string | null;
  until: number;
  note: string;
  createdBy: string;
}

export const alarmCommands = [
  cliCommand({
    name: 'alarm list',
    usage: '[--all] [--kind KIND] [--limit N]',
    summary: { zh: '列出告警', en: 'list alarms' },
    details: {
      zh: `默认只列未恢复的；--all 连同历史。KIND：${alarmKinds.join(' ')}`,
      en: `Those that last; --all: and those of before. KIND: ${alarmKinds.join(' ')}`,
    },
    options: { all: flag, kind: text, limit: text },
    run: async (context, { all, kind, limit = '200' }) => {
      const query = { state: all === true ? 'all' : 'open', kind };
      const most = whole('--limit', limit);
      const items = await context.client().first<AlarmView>('/api/v1/alarms', query, most);
      const now = Date.now();
      context.printTable(items, {
        ID: (one) => one.id,
        KIND: (one) => context.word('trouble', one.kind),
        SUBJECT: (one) => one.subject,
        SINCE: (one) => context.time(one.since),
        LASTED: (one) => formatAge((one.overAt ?? now) - one.since),
        STATE: (one) => stateOf(context, one),
        TEXT: (one) => context.say(one.text),
      });
    },
  }),
  cliCommand({
    name: 'alarm show',
    usage: 'ID',
    summary: { zh: '查看一个告警及其通知过程', en: 'one alarm, and who was told how' },
    words: [1, 1],
    run: async (context, _values, [id = '']) => {
      const one = await context
        .client()
        .get<AlarmView & { messages: MessageView[] }>(`/api/v1/alarms/${encodeURIComponent(id)}`);
      context.print(one, () =>
        [
          visibleLine(`${one.id}  ${one.kind} ${one.subject}  ${stateOf(context, one)}`),
          indented(context.say(one.text)),
          `${context.time(one.since)} – ${context.time(one.overAt)}`,
          ...(one.note === null ? [] : [indented(one.note)]),
          ...one.messages.flatMap((message) => [
            `${context.time(message.createdAt)}  ${message.what}  ${message.state}  ${message.lane ?? ''}`,
            ...message.tries.map(
              (tried) =>
                `  ${context.time(tried.at)}  ${tried.lane}  ${tried.tookMs} ms  ${visibleLine(tried.error ?? 'ok')}`,
            ),
          ]),
        ].join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'alarm ack',
    usage: 'ID [--note TEXT]',
    summary: { zh: '认领告警：恶化时不再通知，恢复仍会通知', en: 'take care of an alarm' },
    options: { note: text },
    words: [1, 1],
    run: async (context, { note }, [id = '']) => {
      const path = `/api/v1/alarms/${encodeURIComponent(id)}/ack`;
      const one = await context.client().post<AlarmView>(path, { note });
      context.print(one, () => `${one.id}  ${stateOf(context, one)}`);
    },
  }),
  cliCommand({
    name: 'alarm silence',
    usage: '--minutes N [--kind KIND] [--subject NAME] [--note TEXT]',
    summary: { zh: '静默：一段时间内不通知', en: 'tell nobody for a while' },
    details: {
      zh: '告警照常产生；静默结束时仍未恢复的，届时通知。',
      en: 'Alarms are raised all the same; what lasts longer is told afterwards.',
    },
    options: { minutes: text, kind: text, subject: text, note: text },
    run: async (context, { minutes, kind, subject, note }) => {
      if (minutes === undefined) throw usageFailure('缺少 --minutes', '--minutes is missing');
      const body = { minutes: whole('--minutes', minutes), kind, subject, note };
      const one = await context.client().post<SilenceView>('/api/v1/alarms/silences', body);
      context.print(one, () => `${one.id}  ${context.time(one.until)}`);
    },
  }),
  cliCommand({
    name: 'alarm silences',
    usage: '[--end ID]',
    summary: { zh: '列出静默，或结束一个', en: 'list silences, or end one' },
    options: { end: text },
    run: async (context, { end }) => {
      const client = context.client();
      if (end !== undefined) {
        await client.delete(`/api/v1/alarms/silences/${encodeURIComponent(end)}`);
      }
      const { items } = await client.get<{ items: SilenceView[] }>('/api/v1/alarms/silences');
      context.printTable(items, {
        ID: (one) => one.id,
        KIND: (one) => (one.kind === null ? '*' : context.word('trouble', one.kind)),
        SUBJECT: (one) => one.subject ?? '*',
        UNTIL: (one) => context.time(one.until),
        BY: (one) => one.createdBy,
        NOTE: (one) => one.note,
      });
    },
  }),
  cliCommand({
    name: 'alarm lanes',
    usage: '',
    summary: { zh: '列出告警通道及其状况', en: 'list the lanes of alarms and how they do' },
    run: async (context) => {
      const found = await context.client().get<{ items: LaneView[] }>('/api/v1/alarms/lanes');
      context.printTable(found.items, {
        LANE: (one) => one.name,
        KIND: (one) => context.word('lane', one.kind),
        TO: (one) => one.target,
        'LAST HOUR': (one) => one.toldLastHour,
        'LAST OK': (one) => context.time(one.lastOkAt),
        'LAST ERROR': (one) => one.lastError,
      });
    },
  }),
  cliCommand({
    name: 'alarm test',
    usage: 'LANE',
    summary: { zh: '经某个通道发一条测试告警', en: 'send a trial over one lane' },
    words: [1, 1],
    run: async (context, _values, [lane = '']) => {
      const path = `/api/v1/alarms/lanes/${encodeURIComponent(lane)}/test`;
      const done = await context
        .client()
        .post<{ ok: boolean; tookMs: number; error: string | null }>(path, {}, 10 * 60_000);
      context.print(done, () => (done.ok ? `OK  ${done.tookMs} ms` : `FAILED  ${done.error}`));
      return done.ok ? exitCodes.ok : exitCodes.failed;
    },
  }),
];

function stateOf(context: CliContext, one: AlarmView): string {
  const say = (code: string) => context.word('alarm', code);
  if (one.state === 'over') return say('over');
  if (one.ackedBy !== null) return `${say('acked')} (${one.ackedBy})`;
  if (one.silenced) return say('silenced');
  return say(one.told ? 'told' : 'raised');
}
