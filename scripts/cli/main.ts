import { parseArgs } from 'node:util';
import type { Env } from '../../config/env.ts';
import { visible, visibleJson } from '../../config/visible.ts';
import { argumentWords } from './argument-words.ts';
import { type CliCommand, flag, text } from './command.ts';
import { commands } from './commands.ts';
import { CliContext, type CommonValues } from './context.ts';
import { CliFailure, exitCodes, usageFailure } from './failure.ts';
import { helpOf, overview } from './help.ts';
import type { Streams } from './output.ts';

const common = {
  config: text,
  data: text,
  url: text,
  token: text,
  lang: text,
  json: flag,
  help: { type: 'boolean', short: 'h' },
} as const;

/** Runs one command line. @returns the exit code */
export async function runCli(
  given: readonly string[],
  env: Env,
  streams: Streams,
): Promise<number> {
  const args = commandFirst(given);
  // Until the options are read: enough for a message in the right language.
  const early = { lang: valueGiven(args, 'lang'), config: valueGiven(args, 'config') };
  const values = { ...defined(early), json: args.includes('--json') };
  let context = new CliContext({ values, env, streams });
  try {
    const named = findCommand(args);
    if (named === undefined) return help(context, args, streams);
    if (named.command.name === 'start') {
      const { start } = await import('../start.ts');
      await start([...named.rest]);
      return -1;
    }
    const { values, positionals } = parse(named.command, named.rest);
    context = new CliContext({ values: values as CommonValues, env, streams });
    if (values['help'] === true) {
      streams.out.write(`${helpOf(named.command, context.language)}\n`);
      return exitCodes.ok;
    }
    checkWords(named.command, positionals);
    const result = await named.command.run(context, values, positionals);
    return typeof result === 'number' ? result : exitCodes.ok;
  } catch (error) {
    return tell(error, context, streams);
  }
}

/** What a common option says, wherever it stands. */
function valueGiven(args: readonly string[], name: string): string | undefined {
  const at = args.findIndex((one) => one === `--${name}` || one.startsWith(`--${name}=`));
  return at < 0 ? undefined : (/=(.*)$/s.exec(args[at] ?? '')?.[1] ?? args[at + 1]);
}

function defined(values: Record<string, string | undefined>): CommonValues {
  return Object.fromEntries(Object.entries(values).filter(([, one]) => one !== undefined));
}

/** Common options may stand before the command, too. */
function commandFirst(given: readonly string[]): readonly string[] {
  let at = 0;
  for (let step = optionLength(given, at); step > 0; step = optionLength(given, at)) at += step;
  return [...given.slice(at), ...given.slice(0, at)];
}

/** Words a common option takes: 2 with its value, 0 where there is none. */
function optionLength(args: readonly string[], at: number): number {
  const [, name = '', value] = /^--(\w+)(=.*)?$/.exec(args[at] ?? '') ?? [];
  if (name === '' || name === 'help' || !(name in common)) return 0;
  return value === undefined && name !== 'json' ? 2 : 1;
}

/** Words that are neither options nor their values. */
function plainWords(args: readonly string[]): string[] {
  const words: string[] = [];
  for (let at = 0; at < args.length; ) {
    const step = optionLength(args, at);
    const word = args[at] ?? '';
    if (step === 0 && !word.startsWith('-')) words.push(word);
    at += Math.max(step, 1);
  }
  return words;
}

/** The command that the first words name, the longest name first. */
function findCommand(
  args: readonly string[],
): { command: CliCommand; rest: readonly string[] } | undefined {
  const [first, second] = args;
  for (const [name, taken] of [
    [`${first} ${second}`, 2],
    [`${first}`, 1],
  ] as const) {
    const command = commands.find((one) => one.name === name);
    if (command !== undefined) return { command, rest: args.slice(taken) };
  }
  return undefined;
}

function help(context: CliContext, args: readonly string[], streams: Streams): number {
  const asked = args[0] === 'help' ? args.slice(1) : args;
  const words = plainWords(asked);
  const found = findCommand(words);
  if (found !== undefined) {
    streams.out.write(`${helpOf(found.command, context.language)}\n`);
    return exitCodes.ok;
  }
  const [word] = words;
  const group = commands.filter((one) => one.name.split(' ')[0] === word);
  const askedForHelp = args[0] === 'help' || args.includes('--help') || args.includes('-h');
  // A group by itself: what there is in it.
  if (word === undefined || (group.length > 0 && (askedForHelp || words.length === 1))) {
    streams.out.write(`${overview(group.length > 0 ? group : commands, context.language)}\n`);
    return args.length === 0 || askedForHelp ? exitCodes.ok : exitCodes.usage;
  }
  const name = words.slice(0, 2).join(' ');
  throw usageFailure(
    `没有命令 “${name}”（wxrc help 列出全部命令）`,
    `there is no command “${name}” (wxrc help lists them)`,
  );
}

function parse(command: CliCommand, args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: { ...common, ...command.options },
      allowPositionals: true,
    });
  } catch (error) {
    const { zh, en } = argumentWords(error);
    const hint = `wxrc help ${command.name}`;
    throw usageFailure(`${zh}（${hint}）`, `${en} (${hint})`);
  }
}

function checkWords(command: CliCommand, words: readonly string[]): void {
  const [least, most] = command.words;
  if (words.length >= least && words.length <= most) return;
  const usage = `wxrc ${command.name} ${command.usage}`.trimEnd();
  throw usageFailure(`用法：${usage}`, `usage: ${usage}`);
}

function tell(error: unknown, context: CliContext, streams: Streams): number {
  const failure =
    error instanceof CliFailure
      ? error
      : new CliFailure(exitCodes.failed, { zh: String(error), en: String(error) });
  let message = failure.text.en;
  try {
    message = context.say(failure.text);
  } catch {
    // The config that would name the language is at fault itself.
  }
  const { exitCode } = failure;
  streams.err.write(
    context.json
      ? `${visibleJson({ error: { exitCode, message } })}\n`
      : `wxrc: ${visible(message)}\n`,
  );
  return exitCode;
}
