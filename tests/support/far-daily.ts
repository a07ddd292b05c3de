/**
 * A cron expression that fires once a day, half a day from now: a report of `0 9 * * *` would say
 * things of its own in a test that happens to run at nine.
 */
export function farDaily(timezone = 'Asia/Shanghai'): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: timezone, timeStyle: 'short' });
  const hour = Number(format.format(Date.now()).slice(0, 2));
  return `0 ${(hour + 12) % 24} * * *`;
}
