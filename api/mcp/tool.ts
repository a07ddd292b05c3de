import type { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import type { Role } from '../../bot/operators/roles.ts';
import type { Operator } from '../../bot/operators.ts';
import type { McpSettings } from '../../config/mcp-schema.ts';
import type { AdminCore } from '../admin/core.ts';
import { adminOperations } from '../admin/operations.ts';
import { validate } from '../middleware/validate.ts';

export type Content =
  | { type: 'text'; text: string }
  | { type: 'image'; data: string; mimeType: string };

/** Who calls, from where. */
export interface Caller {
  operator: Operator;
  address: string;
}

/** What a tool works with. */
export interface ToolContext extends Caller {
  core: AdminCore;
  settings: McpSettings;
  /** Asks an operation of the admin API, whose schemas and views count here, too. */
  ask<T>(id: string, given: { params?: object; query?: object; body?: object }): Promise<T>;
}

export interface ToolSpec<I> {
  name: string;
  title: string;
  description: string;
  input: z.ZodType<I>;
  /** Needed at least. */
  role: Role;
  /** It changes something, or costs something: it is written down in the audit. */
  deed?: true;
  /** Whether the config allows it at all; absent: it does. */
  allowed?(settings: McpSettings): boolean;
  /** It counts among the changes a minute. */
  writes?: true;
  /** Fields of the result that other people wrote. */
  strangers?: readonly string[];
  /** What it is about, for the audit. */
  target?(input: I): string;
  run(input: I, context: ToolContext): Promise<unknown>;
  /** Shown besides the result. */
  pictures?(input: I, context: ToolContext): Promise<Content[]>;
}

/** A tool with its types forgotten. */
export interface Tool extends Omit<ToolSpec<never>, 'input' | 'run' | 'pictures' | 'target'> {
  input: z.ZodType;
  prepare(given: unknown): {
    target: string;
    fields: string[];
    run(context: ToolContext): Promise<unknown>;
    pictures(context: ToolContext): Promise<Content[]>;
  };
}

export function tool<I extends object>(spec: ToolSpec<I>): Tool {
  const { run, pictures, target, ...rest } = spec;
  return {
    ...rest,
    prepare: (given) => {
      const input = validate(spec.input, given) as I;
      return {
        target: target?.(input) ?? '',
        // Defaults were not given.
        fields: Object.keys(input).filter((name) => Object.hasOwn(Object(given), name)),
        run: (context) => run(input, context),
        pictures: async (context) => (await pictures?.(input, context)) ?? [],
      };
    },
  };
}

const operations = new Map(adminOperations.map((one) => [one.id, one]));

export function contextOf(core: AdminCore, settings: McpSettings, caller: Caller): ToolContext {
  return {
    ...{ core, settings, ...caller },
    ask: async <T>(id: string, given: { params?: object; query?: object; body?: object }) => {
      const operation = operations.get(id);
      if (operation === undefined) throw new Error(`there is no operation ${id}`);
      // Of the operation's own schema: the tool that asks knows which.
      return (await operation.ask(core, { ...given, ...caller })) as T;
    },
  };
}

export function notAllowed(zh: string, en: string): AppError {
  return new AppError('forbidden', {
    zh: `${zh}：不在 mcp.allow 之内`,
    en: `${en}: mcp.allow of the config does not name it`,
  });
}
