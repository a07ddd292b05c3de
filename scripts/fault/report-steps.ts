/**
 * Where a daemon can be killed on the way of a report: a slot is decided on, taken, its source asked,
 * its messages queued, its end noted; and on that of a send for later. `before` is before the commit,
 * `durable` right after it.
 */
export const reportSteps = [
  'decide:before',
  'decide:durable',
  'take:before',
  'take:durable',
  'source',
  'settle:before',
  'settle:durable',
  'end:before',
  'end:durable',
  'later:before',
  'later:durable',
] as const;
export type ReportStep = (typeof reportSteps)[number];

/** Which transaction of reports this is, told by the statements it ran. */
export function reportTransaction(statements: readonly string[]): string | undefined {
  const ran = (pattern: RegExp): boolean => statements.some((sql) => pattern.test(sql));
  if (ran(/UPDATE scheduled_sends/)) return 'later';
  if (ran(/INSERT INTO runs/)) return 'decide';
  if (ran(/UPDATE runs SET state = 'running'/)) return 'take';
  if (ran(/UPDATE runs[\s\S]*row_count = \?/)) return 'settle';
  if (ran(/UPDATE runs[\s\S]*coalesce\(\?, targets\)/)) return 'end';
  return undefined;
}
