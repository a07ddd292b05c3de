import type { Text } from '../errors.ts';
import { type ErrorAction, entries, ownCodes } from './error-table.ts';

export { type ErrorAction, ownCodes } from './error-table.ts';

/** Why something did not reach a user, for whoever wrote it. */
export type NotSentReason =
  | 'window_closed'
  | 'quota'
  | 'blocked'
  | 'rejected'
  | 'unknown'
  | 'config'
  | 'unreachable';

export interface WechatError {
  action: ErrorAction;
  reason: NotSentReason;
  /** What it means, and what can be done. */
  text: Text;
}

/** What is known of an error code; codes that came later count as refusals. */
export function errorOf(errcode: number): WechatError {
  return table.get(errcode) ?? unknownError;
}

/** Every code that the table has. */
export function knownErrors(): [number, WechatError][] {
  return [...table];
}

const reasons: Partial<Record<ErrorAction, NotSentReason>> = {
  windowClosed: 'window_closed',
  usedUp: 'quota',
  nextDay: 'quota',
  nextMinute: 'quota',
  stop: 'blocked',
  config: 'config',
  refresh: 'config',
};
/** Where the code says more than its action. */
const ownReasons = new Map<number, NotSentReason>([
  [48002, 'blocked'],
  [50007, 'blocked'],
  [43101, 'blocked'],
  [ownCodes.unknown, 'unknown'],
  [ownCodes.unreachable, 'unreachable'],
]);

const table: ReadonlyMap<number, WechatError> = new Map(
  entries.map(([errcode, action, zh, en]) => [
    errcode,
    {
      action,
      reason: ownReasons.get(errcode) ?? reasons[action] ?? 'rejected',
      text: { zh, en },
    },
  ]),
);

const unknownError: WechatError = {
  action: 'reject',
  reason: 'rejected',
  text: { zh: '微信拒绝', en: 'WeChat refuses' },
};
