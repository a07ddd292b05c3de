import { isBuiltin } from 'node:module';
import { type BotSettings, botSchema } from '../../../config/bot-schema.ts';
import type { Vault } from '../../../config/secrets.ts';
import { AppError } from '../../errors.ts';

/** Settings that only a newly built driver takes notice of. */
const driverKeys = ['driver', 'autoScan', 'seed', 'puppet', 'puppetOptions'] as const;

/** Puppet options hold tokens: they lie in the database sealed, the rest in clear. */
export function sealSettings(
  settings: BotSettings,
  vault: Vault,
): { settings: string; sealed: Uint8Array | undefined } {
  const { puppetOptions, ...rest } = settings;
  const sealed =
    puppetOptions === undefined ? undefined : vault.seal(JSON.stringify(puppetOptions));
  return { settings: JSON.stringify(rest), sealed };
}

/** @throws when the row cannot be read with this secret key or by this version */
export function openSettings(
  row: { settings: string; sealed: Uint8Array | undefined },
  vault: Vault,
): BotSettings {
  const rest: unknown = JSON.parse(row.settings);
  if (row.sealed === undefined) return botSchema.parse(rest);
  const puppetOptions: unknown = JSON.parse(vault.open(row.sealed));
  return botSchema.parse({ ...(rest as object), puppetOptions });
}

/**
 * Checks what an operator gave.
 * @throws AppError field_value, field_missing
 */
export function checkSettings(given: unknown): BotSettings {
  const parsed = botSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const field = issue === undefined ? '' : issue.path.map(String).join('.');
    const message = issue?.message ?? '';
    throw new AppError(
      'field_value',
      { zh: `${field}: ${message}`, en: `${field}: ${message}` },
      { field },
    );
  }
  if (parsed.data.driver === 'wechaty' && parsed.data.puppet === undefined) {
    throw new AppError(
      'field_missing',
      { zh: 'wechaty 驱动需要 puppet 包名', en: 'the wechaty driver needs a puppet package' },
      { field: 'puppet' },
    );
  }
  const { puppet } = parsed.data;
  // A path would let whoever has a token run any file of this machine: paths are for the config.
  if (puppet !== undefined && (!/^(@[\w.-]+\/)?[\w-][\w.-]*$/.test(puppet) || isBuiltin(puppet))) {
    throw new AppError(
      'field_value',
      {
        zh: 'puppet 须为 npm 包名；路径只能写在配置文件里',
        en: 'puppet must be the name of an npm package; paths belong into the config file',
      },
      { field: 'puppet' },
    );
  }
  return parsed.data;
}

export function needsNewDriver(before: BotSettings, after: BotSettings): boolean {
  return driverKeys.some((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}
