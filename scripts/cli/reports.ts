import { readFileSync, writeFileSync } from 'node:fs';
import { cliCommand, flag, text, texts } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';
import { whole } from './numbers.ts';

interface RunView {
  schedule: string;
  slot: number;
  cause: string;
  state: string;
  reason: string | null;
  rows: number | null;
  targets: { messages: { msgid: number; state: string }[] }[];
}

interface ScheduleView {
  name: string;
  source: string;
  enabled: boolean;
  paused: boolean;
  pausedReason: string | null;
  fault: string | null;
  nextAt: number | null;
  last: RunView | null;
  settings: { kind: string; expr: string };
}

interface TrialView {
  send: boolean;
  text: string;
  pictures: { url: string; width: number; height: number }[];
  pictureFault: string | null;
  count: number;
  ms: number;
}

interface ScheduledView {
  id: number;
  botcode: string;
  target: Record<string, string>;
  at: number;
  state: string;
  msgid: number | null;
  sendState: string | null;
}

const schedules = '/api/v1/schedules';
const later = '/api/v1/scheduled-sends';
const path = (name: string, rest = ''): string => `${schedules}/${encodeURIComponent(name)}${rest}`;
const finals = ['sent', 'partial', 'failed', 'nothing', 'skipped'];

function stateOf({ enabled, paused, pausedReason, fault }: ScheduleView): string {
  if (fault !== null) return `fault: ${fault}`;
  if (!enabled) return 'off';
  return paused ? `paused${pausedReason === null ? '' : `: ${pausedReason}`}` : 'active';
}

function printRuns(context: CliContext, runs: readonly RunView[]): void {
  context.printTable(runs, {
    REPORT: (one) => one.schedule,
    SLOT: (one) => context.time(one.slot),
    STATE: (one) => one.state,
    CAUSE: (one) => one.cause,
    ROWS: (one) => one.rows,
    MSGIDS: (one) => one.targets.flatMap(({ messages }) => messages.map((m) => m.msgid)).join(' '),
    REASON: (one) => one.reason,
  });
}

export const reportCommands = [
  cliCommand({
    name: 'report list',
    usage: '',
    summary: { zh: '列出定时报表', en: 'list the reports on schedule' },
    run: async (context) => {
      const items = await Array.fromAsync(context.client().all<ScheduleView>(schedules));
      context.printTable(items, {
        NAME: (one) => one.name,
        WHEN: (one) => `${one.settings.kind} ${one.settings.expr}`,
        STATE: stateOf,
        NEXT: (one) => context.time(one.nextAt),
        LAST: (one) =>
          one.last === null ? '-' : `${context.time(one.last.slot)} ${one.last.state}`,
        SOURCE: (one) => one.source,
      });
    },
  }),
  cliCommand({
    name: 'report show',
    usage: 'NAME',
    summary: { zh: '显示一个报表的设置', en: 'show the settings of a report' },
    words: [1, 1],
    run: async (context, _values, [name = '']) => {
      const one = await context.client().get<ScheduleView>(path(name));
      context.print(
        one,
        () => `${one.name}  ${stateOf(one)}\n${JSON.stringify(one.settings, null, 2)}`,
      );
    },
  }),
  cliCommand({
    name: 'report add',
    usage: 'FILE [--replace]',
    summary: { zh: '按 JSON 文件添加报表', en: 'add a report from a JSON file' },
    details: {
      zh: '--replace：同名报表改为文件所述。文件内容见 docs/reports.md。',
      en: '--replace: a report of that name becomes what the file says. For the file see docs/reports.md.',
    },
    words: [1, 1],
    options: { replace: flag },
    run: async (context, { replace }, [file = '']) => {
      const { name, ...settings } = readSettings(file);
      const client = context.client();
      const there =
        replace === true &&
        (await Array.fromAsync(client.all<ScheduleView>(schedules))).some(
          (one) => one.name === name,
        );
      const one = there
        ? await client.patch<ScheduleView>(path(name), settings)
        : await client.post<ScheduleView>(schedules, { name, ...settings });
      context.print(one, () =>
        context.say({
          zh: `报表 ${one.name} 已保存，下次 ${context.time(one.nextAt)}`,
          en: `report ${one.name} is kept, next at ${context.time(one.nextAt)}`,
        }),
      );
    },
  }),
  cliCommand({
    name: 'report remove',
    usage: 'NAME --yes',
    summary: { zh: '删除报表；执行记录保留', en: 'remove a report; its runs stay' },
    words: [1, 1],
    options: { yes: flag },
    run: async (context, { yes }, [name = '']) => {
      if (yes !== true) throw usageFailure('删除报表请加 --yes', 'to remove it, add --yes');
      await context.client().delete(path(name));
      context.print({ removed: name }, () =>
        context.say({ zh: `报表 ${name} 已删除`, en: `report ${name} removed` }),
      );
    },
  }),
  cliCommand({
    name: 'report pause',
    usage: 'NAME [--reason TEXT]',
    summary: { zh: '暂停报表', en: 'pause a report' },
    words: [1, 1],
    options: { reason: text },
    run: async (context, { reason }, [name = '']) => {
      const one = await context.client().post<ScheduleView>(path(name, '/pause'), { reason });
      context.print(one, () => `${one.name}  ${stateOf(one)}`);
    },
  }),
  cliCommand({
    name: 'report resume',
    usage: 'NAME',
    summary: { zh: '恢复报表', en: 'let a report go on' },
    words: [1, 1],
    run: async (context, _values, [name = '']) => {
      const one = await context.client().post<ScheduleView>(path(name, '/resume'));
      context.print(one, () => `${one.name}  ${stateOf(one)}  ${context.time(one.nextAt)}`);
    },
  }),
  cliCommand({
    name: 'report next',
    usage: 'NAME [--count N]',
    summary: { zh: '显示接下来的执行时间', en: 'show the next slots of a report' },
    words: [1, 1],
    options: { count: text },
    run: async (context, { count }, [name = '']) => {
      const query = { count: count === undefined ? undefined : whole('--count', count) };
      const { items, zone } = await context
        .client()
        .get<{ zone: string; items: { slot: number; local: string }[] }>(
          path(name, '/next'),
          query,
        );
      context.print({ zone, items }, () => items.map((one) => `${one.local}  ${zone}`).join('\n'));
    },
  }),
  cliCommand({
    name: 'report dry-run',
    usage: 'NAME [--save FILE]',
    summary: { zh: '试生成报表，不发送', en: 'make a report and send nothing' },
    details: {
      zh: '--save：把图片存为 FILE（多张时为 FILE-2 等）。',
      en: '--save: keeps the picture as FILE (further ones as FILE-2 and so on).',
    },
    words: [1, 1],
    options: { save: text },
    run: async (context, { save }, [name = '']) => {
      const trial = await context.client().post<TrialView>(path(name, '/dry-run'));
      if (save !== undefined) savePictures(trial, save);
      context.print(trial, () =>
        [
          trial.text,
          '',
          context.say(
            trial.send
              ? {
                  zh: `${trial.count} 行，${trial.pictures.length} 张图片，${trial.ms} ms`,
                  en: `${trial.count} rows, ${trial.pictures.length} pictures, ${trial.ms} ms`,
                }
              : { zh: 'sendIf 不成立：不发送', en: 'sendIf says no: nothing would be sent' },
          ),
          ...(trial.pictureFault === null ? [] : [trial.pictureFault]),
        ].join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'report run',
    usage: 'NAME [--wait]',
    summary: { zh: '立即执行报表', en: 'run a report now' },
    words: [1, 1],
    options: { wait: flag },
    run: async (context, { wait }, [name = '']) => {
      const client = context.client();
      let run = await client.post<RunView>(path(name, '/run'));
      for (let tries = 0; wait === true && !finals.includes(run.state) && tries < 240; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 250));
        run = await client.get<RunView>(path(name, `/runs/${run.slot}`));
      }
      printRuns(context, [run]);
      return ['failed', 'partial', 'skipped'].includes(run.state) ? 1 : 0;
    },
  }),
  cliCommand({
    name: 'report backfill',
    usage: 'NAME --from TIME --to TIME',
    summary: { zh: '补做过去未执行的时间点', en: 'make up for slots of the past' },
    details: {
      zh: '时间如 2026-03-01T09:00:00+08:00 或毫秒数；一次最多 50 个。',
      en: 'Times as 2026-03-01T09:00:00+08:00, or in milliseconds; at most 50 slots at once.',
    },
    words: [1, 1],
    options: { from: text, to: text },
    run: async (context, { from, to }, [name = '']) => {
      const body = { from: timeOf('--from', from), to: timeOf('--to', to) };
      const asked = await context
        .client()
        .post<{ slots: number[]; known: number }>(path(name, '/backfill'), body);
      context.print(asked, () =>
        [
          ...asked.slots.map((slot) => context.time(slot)),
          context.say({
            zh: `补做 ${asked.slots.length} 次，另有 ${asked.known} 次已执行`,
            en: `${asked.slots.length} will be made, ${asked.known} have been`,
          }),
        ].join('\n'),
      );
    },
  }),
  cliCommand({
    name: 'report runs',
    usage: '[NAME] [--state STATE] [--limit N]',
    summary: { zh: '列出执行记录，新的在前', en: 'list runs, newest first' },
    words: [0, 1],
    options: { state: text, limit: text },
    run: async (context, { state, limit }, [name]) => {
      const most = limit === undefined ? 20 : whole('--limit', limit);
      const address = name === undefined ? '/api/v1/runs' : path(name, '/runs');
      printRuns(context, await context.client().first<RunView>(address, { state }, most));
    },
  }),
  cliCommand({
    name: 'report examples',
    usage: '',
    summary: { zh: '列出内置示例报表', en: 'list the reports that come with the product' },
    run: async (context) => {
      const { items } = await context
        .client()
        .get<{
          items: { name: string; title: string; enabled: boolean; settings: { expr: string } }[];
        }>('/api/v1/report-examples');
      context.printTable(items, {
        NAME: (one) => one.name,
        TITLE: (one) => one.title,
        WHEN: (one) => one.settings.expr,
        ENABLED: (one) => (one.enabled ? 'yes' : 'no'),
      });
    },
  }),
  cliCommand({
    name: 'report enable',
    usage: 'NAME --bot BOTCODE --room TOPIC [--room TOPIC …] [--expr CRON]',
    summary: { zh: '启用内置示例报表', en: 'turn a report that comes with the product on' },
    words: [1, 1],
    options: { bot: text, room: texts, expr: text },
    run: async (context, { bot, room, expr }, [name = '']) => {
      if (bot === undefined || room === undefined) {
        throw usageFailure('需要 --bot 与 --room', '--bot and --room are needed');
      }
      const targets = room.map((roomTopic) => ({ botcode: bot, roomTopic }));
      const address = `/api/v1/report-examples/${encodeURIComponent(name)}/enable`;
      const one = await context.client().post<ScheduleView>(address, { targets, expr });
      context.print(one, () =>
        context.say({
          zh: `报表 ${one.name} 已启用，下次 ${context.time(one.nextAt)}`,
          en: `report ${one.name} is on, next at ${context.time(one.nextAt)}`,
        }),
      );
    },
  }),
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
        STATE: (one) => one.sendState ?? one.state,
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
      context.print(one, () => `${one.id}  ${one.state}`);
    },
  }),
];

function readSettings(file: string): { name: string } & Record<string, unknown> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name: string };
  } catch {
    throw new CliFailure(exitCodes.failed, {
      zh: `${file} 无法读取或不是 JSON`,
      en: `${file} cannot be read, or is no JSON`,
    });
  }
}

function savePictures({ pictures }: TrialView, file: string): void {
  for (const [at, { url }] of pictures.entries()) {
    const path = at === 0 ? file : file.replace(/(\.\w+)?$/, `-${at + 1}$1`);
    writeFileSync(path, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
  }
}

function timeOf(option: string, given: string | undefined): number {
  const at =
    given !== undefined && /^\d{10,16}$/.test(given) ? Number(given) : Date.parse(given ?? '');
  if (Number.isFinite(at)) return at;
  throw usageFailure(
    `${option}：不是时间 “${given ?? ''}”`,
    `${option}: “${given ?? ''}” is no time`,
  );
}
