import { z } from 'zod';
import type { BotSettings } from '../../../../config/config.ts';
import { type Capabilities, DriverError } from '../../driver.ts';
import { servicePuppet, traitsOf } from './puppet-traits.ts';

const capabilitiesSchema = z.strictObject({
  text: z.boolean().optional(),
  image: z.boolean().optional(),
  miniProgram: z.boolean().optional(),
  file: z.boolean().optional(),
  realMention: z.boolean().optional(),
  messageIds: z.boolean().optional(),
  stableIds: z.boolean().optional(),
  echo: z.boolean().optional(),
});

/** Options of every puppet that are ours; the others go to the puppet as they are. */
const commonSchema = z.object({ capabilities: capabilitiesSchema.optional() });

const serviceSchema = z.strictObject({
  token: z.string().min(1),
  /** `host:port`; absent: asked from the authority. */
  endpoint: z
    .string()
    .regex(/^(\[[\da-f:.]+\]|[^\s:/]+):\d{1,5}$/i, 'must be host:port')
    .optional(),
  authority: z.string().min(1).default('api.chatie.io'),
  tls: z
    .strictObject({
      disable: z.boolean().default(false),
      caCert: z.string().includes('BEGIN CERTIFICATE', { error: 'must be a PEM text' }).optional(),
      serverName: z.string().min(1).optional(),
    })
    .prefault({}),
  /** Frees the event stream of the token even when another client seems to hold it. */
  takeOver: z.boolean().default(false),
  capabilities: capabilitiesSchema.optional(),
});
export type ServiceSettings = z.infer<typeof serviceSchema>;

export type PuppetSettings =
  | { kind: 'service'; service: ServiceSettings }
  /** `module`: a package, an absolute path or a file URL; `options` go to its constructor. */
  | { kind: 'hosted'; module: string; options: Record<string, unknown> };

/**
 * Reads what a bot's settings say of its puppet.
 * @throws DriverError `refused`, naming the option at fault
 */
export function readPuppetSettings(bot: BotSettings): PuppetSettings {
  const module = bot.puppet ?? servicePuppet;
  const options = bot.puppetOptions ?? {};
  if (module === servicePuppet) return { kind: 'service', service: parse(serviceSchema, options) };
  parse(commonSchema, options);
  const { capabilities: _ours, ...rest } = options;
  return { kind: 'hosted', module, options: rest };
}

/** What the puppet can do, corrected by the settings; faulty corrections count for nothing here. */
export function capabilitiesOf(bot: BotSettings): Capabilities {
  const { capabilities } = traitsOf(bot.puppet ?? servicePuppet);
  const said = commonSchema.safeParse(bot.puppetOptions ?? {}).data?.capabilities ?? {};
  const corrected = { ...capabilities };
  for (const key of Object.keys(corrected) as (keyof Capabilities)[]) {
    corrected[key] = said[key] ?? corrected[key];
  }
  return corrected;
}

/** Every text in the options that may be a secret: it never gets into a log or a message. */
export function secretsIn(options: unknown, name = ''): string[] {
  if (typeof options === 'string') return isSecret(name, options) ? [options] : [];
  if (typeof options !== 'object' || options === null) return [];
  return Object.entries(options).flatMap(([key, inner]) => secretsIn(inner, key));
}

/** By its name, or because it is one long word and no place. */
function isSecret(name: string, text: string): boolean {
  if (text.length < 4) return false;
  if (/token|secret|key|pass|cookie|auth$|licen[cs]e/i.test(name)) return true;
  return text.length >= 12 && !/[\s/:\\]/.test(text) && !places.has(name);
}

const places = new Set(['endpoint', 'authority', 'serverName']);

function parse<T>(schema: z.ZodType<T>, options: unknown): T {
  const result = schema.safeParse(options);
  if (result.success) return result.data;
  const faults = result.error.issues.map(
    ({ path, message }) => `${['puppetOptions', ...path].join('.')}: ${message}`,
  );
  throw new DriverError('refused', faults.join('; '));
}
