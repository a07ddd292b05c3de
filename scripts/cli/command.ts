import type { ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Text } from '../../bot/errors.ts';
import type { CliContext } from './context.ts';

type Values<O extends ParseArgsOptionsConfig> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values'];

export interface CommandSpec<O extends ParseArgsOptionsConfig> {
  /** Words that call it: `channel add`. */
  name: string;
  /** What follows the name: `CHID [--key KEY]`. */
  usage: string;
  summary: Text;
  /** Further lines of its help. */
  details?: Text;
  options?: O;
  /** How many words may follow, least and most; default none. */
  words?: readonly [number, number];
  /** A number it resolves with is the exit code; anything else: 0. */
  run(context: CliContext, values: Values<O>, words: readonly string[]): Promise<unknown>;
}

/** A command with its types forgotten: how the list holds it. */
export interface CliCommand {
  name: string;
  usage: string;
  summary: Text;
  details: Text | undefined;
  options: ParseArgsOptionsConfig;
  words: readonly [number, number];
  run(
    context: CliContext,
    values: Record<string, unknown>,
    words: readonly string[],
  ): Promise<unknown>;
}

export function cliCommand<const O extends ParseArgsOptionsConfig = Record<never, never>>(
  spec: CommandSpec<O>,
): CliCommand {
  return {
    name: spec.name,
    usage: spec.usage,
    summary: spec.summary,
    details: spec.details,
    options: spec.options ?? {},
    words: spec.words ?? [0, 0],
    // parseArgs made the values from these very options.
    run: (context, values, words) => spec.run(context, values as Values<O>, words),
  };
}

/** Short for options that take a text. */
export const text = { type: 'string' } as const;
export const flag = { type: 'boolean' } as const;
export const texts = { type: 'string', multiple: true } as const;
