import { readFileSync } from 'node:fs';
import { cliCommand, flag, text } from './command.ts';
import type { CliContext } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';
import { whole } from './numbers.ts';
import { reportPath as path, type ScheduleView, schedules } from './report-views.ts';

function stateOf(
  context: CliContext,
  { enabled, paused, pausedReason, fault, warnings }: ScheduleView,
): string {
  const say = (code: string) => context.word('report', code);
  if (fault !== null) return `${say('fault')}: ${fault}`;
  if (!enabled) return say('off');
  if (paused) return `${say('paused')}${pausedReason === null ? '' : `: ${pausedReason}`}`;
  return warnings.length > 0 ? `${say('active')}, ! ${warnings.join('; ')}` : say('active');
}

function listed({ warnings }: ScheduleView): string {
  return warnings.map((one) => `\n! ${one}`).join('');
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
        WHEN: (one) => `${context.word('timing', one.settings.kind)} ${one.settings.expr}`,
        STATE: (one) => stateOf(context, one),
        NEXT: (one) => context.time(one.nextAt),
        LAST: (one) =>
          one.last === null
            ? '-'
            : `${context.time(one.last.slot)} ${context.word('run', one.last.state)}`,
        SOURCE: (one) => context.word('source', one.source),
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
        () => `${one.name}  ${stateOf(context, one)}\n${JSON.stringify(one.settings, null, 2)}`,
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
          zh: `报表 ${one.name} 已保存，下次 ${context.time(one.nextAt)}${listed(one)}`,
          en: `report ${one.name} is kept, next at ${context.time(one.nextAt)}${listed(one)}`,
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
      context.print(one, () => `${one.name}  ${stateOf(context, one)}`);
    },
  }),
  cliCommand({
    name: 'report resume',
    usage: 'NAME',
    summary: { zh: '恢复报表', en: 'let a report go on' },
    words: [1, 1],
    run: async (context, _values, [name = '']) => {
      const one = await context.client().post<ScheduleView>(path(name, '/resume'));
      context.print(
        one,
        () => `${one.name}  ${stateOf(context, one)}  ${context.time(one.nextAt)}`,
      );
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
