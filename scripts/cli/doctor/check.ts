import type { Text } from '../../../bot/errors.ts';
import type { CliContext } from '../context.ts';

/** fail: it does not work so; warn: it works, but look at it; info: to know. */
export type CheckStatus = 'ok' | 'info' | 'warn' | 'fail';

export interface Finding {
  check: string;
  status: CheckStatus;
  text: Text;
}

export type Check = (
  context: CliContext,
  options: { timeUrl: string | undefined },
) => Promise<Finding[]> | Finding[];

export function finding(check: string, status: CheckStatus, zh: string, en: string): Finding {
  return { check, status, text: { zh, en } };
}
