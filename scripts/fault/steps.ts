/**
 * Where the daemon can be killed on its way from a command to a told outcome. `before` is before
 * the commit, `durable` right after it, both before anything acts on it.
 */
export const steps = [
  'accept:before',
  'accept:durable',
  'hand-over:before',
  'hand-over:durable',
  'driver:before',
  'driver:after',
  'settle:before',
  'settle:durable',
  'delivery:posted',
  'delivery:before',
  'delivery:durable',
] as const;
export type Step = (typeof steps)[number];

/** Which transaction this is, told by the statements it ran. */
export function transactionKind(statements: readonly string[]): string | undefined {
  const ran = (pattern: RegExp): boolean => statements.some((sql) => pattern.test(sql));
  if (ran(/INSERT INTO sends/i)) return 'accept';
  if (ran(/UPDATE sends[\s\S]*'sending'/i)) return 'hand-over';
  if (ran(/UPDATE sends/i) && ran(/INSERT INTO events/i)) return 'settle';
  if (ran(/UPDATE events SET state = \?, attempts/i)) return 'delivery';
  return undefined;
}
