import { afterEach, describe, expect, test } from 'vitest';
import { DriverError } from '../bot/automation/driver.ts';
import { isFinal } from '../bot/automation/sends/send-status.ts';
import type { BotEvent } from '../bot/events.ts';
import { DyingDatabase } from './support/dying-database.ts';
import { SendRig, type SendRigOptions } from './support/send-rig.ts';

let rig: SendRig;
afterEach(async () => {
  await rig.close();
});

/** Transactions of the start, before anything is sent. */
const startUp = 2;

/**
 * Sends whose process dies at its n-th transaction; the next life is a healthy one.
 * @returns whether it has died
 */
async function dying(
  at: number,
  when: 'before' | 'after',
  options: SendRigOptions = {},
): Promise<() => boolean> {
  let database: DyingDatabase | undefined;
  rig = await SendRig.open({
    ...options,
    wrap: (db) => {
      database = new DyingDatabase(db, startUp + at, when);
      return database;
    },
  });
  return () => database?.dead === true;
}

describe.each(['report', 'resend'] as const)('the process dies, policy %s', (onUnknown) => {
  const options: SendRigOptions = { onUnknown: { demo: onUnknown } };

  test.each([
    // When it dies, what WeChat sees of it in all, and how it ends, with and without an echo.
    { point: 'before the hand-over record', at: 1, when: 'before', seen: 1, end: 'sent' },
    { point: 'between record and driver', at: 1, when: 'after', seen: 0, end: 'failed' },
    { point: 'between driver and settling', at: 2, when: 'before', seen: 1, end: 'failed' },
    { point: 'after settling', at: 2, when: 'after', seen: 1, end: 'sent' },
  ] as const)('$point', async ({ at, when, seen, end }) => {
    await dying(at, when, options);
    const msgid = await rig.text('words');
    await rig.pass(1000);
    const seenBefore = rig.bot.seen.length;
    await rig.crash();
    await rig.pass(3_600_000);
    const again = onUnknown === 'resend' && end === 'failed' ? 1 : 0;
    expect(rig.bot.seen).toHaveLength(seen + again);
    expect(seenBefore).toBe(at === 1 ? 0 : 1);
    const { state, reason } = await rig.view(msgid);
    expect(state).toBe(again === 1 ? 'sent' : end);
    if (state === 'failed') expect(reason).toContain('interrupted');
    if (!(at === 2 && when === 'after')) expect(rig.told(msgid)).toHaveLength(1);
    const steps = await rig.steps(msgid);
    expect(steps.at(0)).toBe('accepted');
    expect(steps.at(-1)).toBe(state);
  });

  test.each([
    { point: 'between driver and settling', at: 2, when: 'before' },
    { point: 'between record and driver, yet something equal is echoed', at: 1, when: 'after' },
  ] as const)('$point, and the echo comes afterwards', async ({ at, when }) => {
    await dying(at, when, options);
    const msgid = await rig.text('words');
    await rig.pass(1000);
    await rig.crash();
    rig.bot.setReady(false);
    rig.bot.setReady(true);
    rig.bot.echo({ to: { kind: 'room', id: 'hall@chatroom' }, kind: 'text', text: 'words' });
    await rig.settle();
    expect((await rig.view(msgid)).state).toBe('sent');
    await rig.pass(3_600_000);
    expect(rig.bot.seen.length).toBeLessThanOrEqual(1);
    expect(rig.told(msgid)).toMatchObject([{ sendStatus: '1' }]);
  });
});

const long = `${'a'.repeat(1800)}\n${'b'.repeat(1800)}`;

/** Seven sends, one of each fate. @returns whether the process died on the way */
async function sevenFates(at: number, when: 'before' | 'after'): Promise<boolean> {
  const isDead = await dying(at, when);
  const { bot } = rig;
  bot.room('attic');
  bot.answer = ({ ref }) => {
    if (ref === '3') return Promise.reject(new DriverError('refused', 'no'));
    if (ref === '5') return Promise.reject(new DriverError('unknown', '?'));
    return undefined;
  };
  const msgids = [
    await rig.text('1'),
    await rig.text('2', 'attic'),
    await rig.text('3'),
    await rig.text(long, 'attic'),
    await rig.text('5'),
    await rig.text('6', 'attic'),
    await rig.text('7', 'nowhere'),
  ];
  await rig.pass(200_000);
  const died = isDead();
  await rig.crash();
  await rig.pass(3_600_000);
  const where = `${at} ${when}`;
  const refs = bot.seen.map((one) => one.ref);
  expect(new Set(refs).size, `${refs} at ${where}`).toBe(refs.length);
  for (const room of ['hall', 'attic']) {
    const own = bot.seen.filter((one) => one.to.id.startsWith(room));
    const order = own.map((one) => Number(one.ref.replace('/', '.')));
    expect(order, where).toEqual(order.toSorted((a, b) => a - b));
  }
  for (const msgid of msgids) {
    const { state } = await rig.view(msgid);
    expect(isFinal(state), `${msgid} is ${state} at ${where}`).toBe(true);
    const left = refs.filter((ref) => Number.parseInt(ref, 10) === msgid).length;
    if (state === 'sent') expect(left, where).toBe(msgid === 4 ? 2 : 1);
    if (state === 'absent') expect(left, where).toBe(0);
  }
  expect(rig.sends.queue('bot01')).toMatchObject({ length: 0, onTheWay: 0, unknown: 0 });
  await rig.close();
  return died;
}

test.each(['before', 'after'] as const)(
  'it dies %s any of its transactions: each send once at most, order kept, all of them settled',
  async (when) => {
    let at = 1;
    while (await sevenFates(at, when)) at += 1;
    // Six hand-overs, a second part, their ends, and the end of the unknown one.
    expect(at).toBeGreaterThan(14);
    rig = await SendRig.open();
  },
);

test('every end is told in the transaction that writes it', async () => {
  rig = await SendRig.open();
  const recorded: BotEvent[] = [];
  const record = rig.tape.record.bind(rig.tape);
  let fail = true;
  rig.tape.record = async (tx, event) => {
    if (fail) throw new Error('the event cannot be written');
    recorded.push(event);
    await record(tx, event);
  };
  const msgid = await rig.text('words');
  await rig.settle();
  // No event, no end: it stays handed over until both can be written.
  expect((await rig.view(msgid)).state).toBe('sending');
  fail = false;
  await rig.pass(1000);
  expect((await rig.view(msgid)).state).toBe('sent');
  expect(recorded).toHaveLength(1);
  expect(rig.bot.seen).toHaveLength(1);
});

test('budgets and the pause after a refusal outlive a restart', async () => {
  rig = await SendRig.open();
  rig.bot.answer = () => Promise.reject(new DriverError('rate', 'too frequent'));
  const first = await rig.text('1');
  const second = await rig.text('2');
  await rig.pass(1000);
  expect(rig.bot.seen).toHaveLength(1);
  rig.bot.answer = () => undefined;
  await rig.restart();
  await rig.pass(540_000);
  expect(rig.bot.seen).toHaveLength(1);
  expect((await rig.view(first)).state).toBe('queued');
  expect(rig.sends.queue('bot01').held?.en).toContain('too frequent');
  await rig.pass(60_000);
  expect((await rig.view(first)).state).toBe('sent');
  expect((await rig.view(second)).state).toBe('sent');
});
