import type { z } from 'zod';
import type { BotHandle } from '../../bot/automation/bots/bot-port.ts';
import type { Bots } from '../../bot/automation/bots/bots.ts';
import type { CommandKey, Commands } from '../../bot/automation/commands.ts';
import type { Prepared, Sends } from '../../bot/automation/sends/sends.ts';
import type { Channel, Channels } from '../../bot/channels.ts';
import type { Clock } from '../../bot/clock.ts';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../config/logger.ts';
import { contentDigest } from './digest.ts';
import type { Head } from './head.ts';
import { readBody } from './read-body.ts';
import { Refusal } from './rt-code.ts';
import type { Day } from './txtime.ts';

/** What commands work on. */
export interface CommandCore {
  config: Pick<Config, 'timezone' | 'language' | 'commands'>;
  channels: Pick<Channels, 'get'>;
  bots: Pick<Bots, 'get' | 'login' | 'logout'>;
  sends: Pick<Sends, 'status' | 'cancel' | 'queue' | 'position'>;
  commands: Pick<Commands<Prepared>, 'send' | 'once'>;
  clock: Clock;
  logger: Logger;
}

/** One command that may be done: signed, in time, within the channel's rights. */
export interface Call {
  channel: Channel;
  head: Head;
  bot: BotHandle;
  /** Epoch ms at which it arrived. */
  now: number;
}

/** A call whose answer is kept for its txcode. */
export interface KeyedCall extends Call {
  key: CommandKey;
}

/** The same with what a repeated txcode is compared by. */
export interface DigestedCall extends KeyedCall {
  digest: string;
}

/** A line of the command table. */
export interface Command {
  /** As in the address, and as in a channel's list of commands it may give. */
  name: string;
  aliases: readonly string[];
  summary: string;
  /** Whether the answer is stored for its txcode; questions are asked anew each time. */
  kept: boolean;
  /** Of reqBody. */
  body: z.ZodType;
  /** Of what resBody holds besides rtCode and rtMsg. */
  answer: z.ZodObject;
  example: { reqBody: object; resBody: object };
  /**
   * Checks the body and does it. Answers the JSON text.
   * @throws AppError
   */
  run(core: CommandCore, call: Call, day: Day, body: unknown): Promise<string> | Refusal;
}

interface Line<S extends z.ZodType> extends Omit<Command, 'run' | 'aliases' | 'kept'> {
  aliases?: readonly string[];
  body: S;
}

/** A command that queues a message, once per txcode: known again by what it sends. */
export function sending<S extends z.ZodType>(
  line: Line<S> & {
    /** Reads the commonest bodies faster than the schema; undefined: ask the schema. */
    plain?: (body: unknown) => z.output<S> | undefined;
    run(core: CommandCore, call: KeyedCall, input: z.output<S>): Promise<string>;
  },
): Command {
  return {
    ...line,
    aliases: line.aliases ?? [],
    kept: true,
    run(core, call, day, body) {
      const input = line.plain?.(body) ?? readBody(line.body, body);
      return input instanceof Refusal ? input : line.run(core, keyed(call, day), input);
    },
  };
}

/** Any other command that is done once per txcode: known again by its whole body. */
export function command<S extends z.ZodType>(
  line: Line<S> & {
    run(core: CommandCore, call: DigestedCall, input: z.output<S>): Promise<string>;
  },
): Command {
  return {
    ...line,
    aliases: line.aliases ?? [],
    kept: true,
    run(core, call, day, body) {
      const input = readBody(line.body, body);
      if (input instanceof Refusal) return input;
      const digest = contentDigest(line.name, call.head.botcode, body);
      return digest === undefined
        ? tooDeep
        : line.run(core, { ...keyed(call, day), digest }, input);
    },
  };
}

/** A question: never stored, never refused for its txcode. */
export function question<S extends z.ZodType>(
  line: Line<S> & { run(core: CommandCore, call: Call, input: z.output<S>): Promise<string> },
): Command {
  return {
    ...line,
    aliases: line.aliases ?? [],
    kept: false,
    run(core, call, _day, body) {
      const input = readBody(line.body, body);
      return input instanceof Refusal ? input : line.run(core, call, input);
    },
  };
}

function keyed({ channel, head, bot, now }: Call, { day, before, after }: Day): KeyedCall {
  const { txcode } = head;
  const key = { chid: channel.chid, txcode, day, dayBefore: before, dayAfter: after };
  return { channel, head, bot, now, key };
}

const tooDeep = new Refusal('31', {
  zh: 'reqBody 嵌套过深',
  en: 'reqBody is nested too deeply',
});
