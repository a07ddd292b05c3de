import { writeFileSync } from 'node:fs';
import { readMoment } from '../../config/report-timing.ts';
import { cliCommand, flag, text, texts } from './command.ts';
import type { CliContext } from './context.ts';
import { usageFailure } from './failure.ts';
import { whole } from './numbers.ts';
import { formatTime } from './output.ts';
import { reportPath as path, type RunView, type ScheduleView } from './report-views.ts';

interface TrialView {
  send: boolean;
  text: string;
  pictures: { url: string; width: number; height: number }[];
  pictureFault: string | null;
  count: number;
  ms: number;
}

const finals = ['sent', 'partial', 'failed', 'nothing', 'skipped'];

function printRuns(context: CliContext, runs: readonly RunView[]): void {
  context.printTable(runs, {
    REPORT: (one) => one.schedule,
    SLOT: (one) => context.time(one.slot),
    STATE: (one) => context.word('run', one.state),
    CAUSE: (one) => context.word('cause', one.cause),
    ROWS: (one) => one.rows,
    MSGIDS: (one) => one.targets.flatMap(({ messages }) => messages.map((m) => m.msgid)).join(' '),
    REASON: (one) => one.reason,
  });
}

export const reportRunCommands = [
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
                  en: `${some(trial.count, 'row')}, ${some(trial.pictures.length, 'picture')}, ${trial.ms} ms`,
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
      zh: '时间如 2026-03-01T09:00（报表的时区）、2026-03-01T09:00+08:00 或毫秒数；一次最多 50 个。',
      en: 'Times as 2026-03-01T09:00 (in the zone of the report), 2026-03-01T09:00+08:00, or in milliseconds; at most 50 slots at once.',
    },
    words: [1, 1],
    options: { from: text, to: text },
    run: async (context, { from, to }, [name = '']) => {
      const client = context.client();
      const { zone } = await client.get<ScheduleView>(path(name));
      const body = { from: timeOf('--from', zone, from), to: timeOf('--to', zone, to) };
      const asked = await client.post<{ slots: number[]; known: number }>(
        path(name, '/backfill'),
        body,
      );
      context.print(asked, () =>
        [
          ...asked.slots.map((slot) => `${formatTime(slot, zone)}  ${zone}`),
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
      const { items } = await context.client().get<{
        items: { name: string; title: string; enabled: boolean; settings: { expr: string } }[];
      }>('/api/v1/report-examples');
      context.printTable(items, {
        NAME: (one) => one.name,
        TITLE: (one) => one.title,
        WHEN: (one) => one.settings.expr,
        ENABLED: (one) => context.word('yes', one.enabled ? 'yes' : 'no'),
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
];

function savePictures({ pictures }: TrialView, file: string): void {
  for (const [at, { url }] of pictures.entries()) {
    const path = at === 0 ? file : file.replace(/(\.\w+)?$/, `-${at + 1}$1`);
    writeFileSync(path, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
  }
}

/** Without an offset it is a time of the report's zone, as those of its words are. */
function timeOf(option: string, zone: string, given = ''): number {
  const at = /^\d{10,16}$/.test(given) ? Number(given) : readMoment(given.replace(' ', 'T'), zone);
  if (at !== undefined) return at;
  throw usageFailure(`${option}：不是时间 “${given}”`, `${option}: “${given}” is no time`);
}

/** In English: `1 row`, `2 rows`. */
function some(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
