import type { Tx } from '../../../store/database.ts';
import type { SendRow } from '../../../store/sends.ts';
import type { Text } from '../../errors.ts';
import type { BotHandle, BotSession } from '../bots/bot-port.ts';
import { DriverError, type DriverFault, type SendFile } from '../driver.ts';
import type { Breaker } from './breaker.ts';
import { details } from './details.ts';
import type { Head } from './lanes.ts';
import type { BotPacing } from './pacing.ts';
import { type Outgoing, type Plan, planSend, type Surroundings } from './plan.ts';
import { reasons } from './reasons.ts';
import { headOf, type SendCore } from './send-core.ts';
import { type End, settleSend } from './settle.ts';

/** How a turn began. `next`: head of the lane afterwards. */
export type Begun =
  /** It is not queued any more, or it ended without leaving. */
  | { kind: 'over'; next: Head | undefined; ended: boolean }
  /** Something has to happen before it can leave; nothing was written. */
  | { kind: 'not-yet'; row: SendRow; plan: Exclude<Plan, { do: 'send' } | { do: 'end' }> }
  /** The hand-over record is on disk. */
  | { kind: 'handed'; row: SendRow; plan: Plan & { do: 'send' } };

export type Answer =
  | { ok: true; messageId: string | undefined }
  | { ok: false; fault: DriverFault; why: string };

/** What became of a hand-over. */
export interface Settled {
  as: 'ended' | 'next-part' | 'back' | 'rate' | 'denied' | 'unknown';
  next: Head | undefined;
}

/** Longest a driver may take, though its own deadline is shorter: a slot must never be lost. */
const callLimit = 30_000;

/**
 * The first half of a turn, in one transaction: what the row needs is decided, and if it can leave,
 * the hand-over record and the budgets it takes are written, before the driver hears of it.
 */
export async function beginTurn(
  core: SendCore,
  lane: { botcode: string; key: string; msgid: number },
  around: Omit<Surroundings, 'now' | 'thumbs'>,
  pacing: BotPacing,
): Promise<Begun> {
  return await core.db.transaction(async (tx) => {
    const row = await core.store.find(tx, lane.msgid);
    if (row === undefined || row.state !== 'queued' || row.lane !== lane.key) {
      return { kind: 'over', next: await nextOf(core, tx, lane), ended: false };
    }
    const now = core.clock.now();
    const plan = planSend(row, { ...around, now, thumbs: core.thumbs });
    if (plan.do === 'end') {
      await settleSend(core, tx, row, 'queued', plan.end);
      return { kind: 'over', next: await nextOf(core, tx, lane), ended: true };
    }
    if (plan.do !== 'send') return { kind: 'not-yet', row, plan };
    const roomId = plan.to.kind === 'room' ? plan.to.id : null;
    await core.store.handOver(tx, row.msgid, {
      room_id: roomId,
      outcome: plan.outcome ?? null,
      parts: plan.parts,
      now,
    });
    for (const bucket of pacing.rows(lane.key)) {
      await core.pacing.save(tx, { botcode: lane.botcode, ...bucket });
    }
    await core.steps.add(tx, row.msgid, {
      at: now,
      step: 'handed',
      detail: core.say(handedDetail(row, plan)),
    });
    const { addressed } = plan.outgoing.kind === 'text' ? plan.outgoing : {};
    if (addressed !== undefined) {
      const { names, missing } = addressed;
      // Who looks at it later sees what the room saw.
      await core.steps.add(tx, row.msgid, { at: now, step: 'mentioned', detail: names.join(', ') });
      if (missing.length > 0) {
        const detail = missing.join(', ');
        await core.steps.add(tx, row.msgid, { at: now, step: 'unmentioned', detail });
      }
    }
    const handed: SendRow = {
      ...row,
      state: 'sending',
      attempts: row.attempts + 1,
      handed_at: now,
      room_id: roomId,
      outcome: plan.outcome ?? null,
      parts: plan.parts,
    };
    return { kind: 'handed', row: handed, plan };
  });
}

/** Calls the driver. Never rejects: every way it can end is an answer. */
export async function callDriver(
  core: SendCore,
  bot: BotHandle | undefined,
  session: BotSession,
  row: SendRow,
  plan: Plan & { do: 'send' },
): Promise<Answer> {
  let file: SendFile | undefined;
  if (plan.outgoing.kind === 'image') {
    const read = await core.files.read(plan.outgoing.sha256).catch(() => undefined);
    if (read === undefined) {
      return { ok: false, fault: 'refused', why: core.say(reasons.fileGone) };
    }
    const { sha256, extension, type } = read.file;
    file = { name: `${sha256.slice(0, 16)}.${extension}`, type, bytes: read.bytes };
  }
  // The record took a commit: the session it was written for may be over.
  if (bot?.session()?.generation !== session.generation) {
    return { ok: false, fault: 'offline', why: core.say(reasons.notHere) };
  }
  const ref = plan.parts > 1 ? `${row.msgid}/${row.parts_done + 1}` : String(row.msgid);
  const limit = new AbortController();
  const tooLong = core.clock.sleep(callLimit, limit.signal).then((): Answer => {
    return { ok: false, fault: 'unknown', why: `nothing in ${callLimit / 1000} s` };
  });
  try {
    const leave = (): Promise<Answer> => Promise.race([deliver(session, plan, ref, file), tooLong]);
    return await (core.tracing?.send(row, leave) ?? leave());
  } finally {
    limit.abort();
  }
}

/** The second half, in one transaction: what the answer means, and the event if that is the end. */
export async function endTurn(
  core: SendCore,
  lane: { botcode: string; key: string },
  row: SendRow,
  answer: Answer,
  pause: { breaker: Breaker; backMs: number },
): Promise<Settled> {
  return await core.db.transaction(async (tx) => {
    const now = core.clock.now();
    if (answer.ok && pause.breaker.isHalfOpen(now)) {
      const closed = { until: 0, level: 0 };
      await core.pacing.saveBreaker(tx, lane.botcode, closed);
      tx.onDurable(() => pause.breaker.set(closed));
    }
    const settled = answer.ok
      ? await acknowledge(core, tx, row, answer.messageId)
      : await fail(core, tx, row, answer, now, pause);
    const next = await core.store.head(tx, lane.botcode, lane.key);
    return { as: settled, next: next === undefined ? undefined : headOf(next, now) };
  });
}

async function deliver(
  session: BotSession,
  plan: Plan & { do: 'send' },
  ref: string,
  file: SendFile | undefined,
): Promise<Answer> {
  const { driver } = session;
  const { to, outgoing } = plan;
  try {
    const { messageId } = await driverCall(driver, to, outgoing, ref, file);
    return { ok: true, messageId };
  } catch (error) {
    if (error instanceof DriverError) return { ok: false, fault: error.fault, why: error.message };
    // A driver that breaks says nothing of whether the message left.
    return { ok: false, fault: 'unknown', why: 'the driver failed' };
  }
}

function driverCall(
  driver: BotSession['driver'],
  to: (Plan & { do: 'send' })['to'],
  outgoing: Outgoing,
  ref: string,
  file: SendFile | undefined,
): ReturnType<BotSession['driver']['sendText']> {
  switch (outgoing.kind) {
    case 'text':
      return driver.sendText(to, outgoing.text, { ref, mentionIds: outgoing.mentionIds });
    case 'miniProgram':
      return driver.sendMiniProgram(to, outgoing.card, { ref });
    case 'image':
      if (file === undefined) throw new DriverError('refused', 'no file');
      return driver.sendImage(to, file, { ref });
  }
}

/** One more part left: the whole has ended, or its next part queues. */
export async function acknowledge(
  core: SendCore,
  tx: Tx,
  row: SendRow,
  messageId: string | undefined,
  from: 'sending' | 'unknown' = 'sending',
): Promise<'ended' | 'next-part'> {
  const now = core.clock.now();
  const done = row.parts_done + 1;
  if (from === 'sending') {
    const id = messageId ?? '–';
    const told = row.parts > 1 ? details.messageIdPart(id, done, row.parts) : details.messageId(id);
    const detail = messageId === undefined ? undefined : core.say(told);
    await core.steps.add(tx, row.msgid, { at: now, step: 'acknowledged', detail });
  }
  if (done < row.parts) {
    await core.store.change(tx, row.msgid, from, {
      state: 'queued',
      parts_done: done,
      run_at: now,
    });
    return 'next-part';
  }
  await settleSend(core, tx, row, from, { state: 'sent', messageId, partsDone: done });
  return 'ended';
}

async function fail(
  core: SendCore,
  tx: Tx,
  row: SendRow,
  answer: Answer & { ok: false },
  now: number,
  pause: { breaker: Breaker; backMs: number },
): Promise<Settled['as']> {
  const step = (name: string): Promise<void> =>
    core.steps.add(tx, row.msgid, { at: now, step: name, detail: answer.why });
  switch (answer.fault) {
    case 'offline':
      await step('offline');
      await core.store.change(tx, row.msgid, 'sending', {
        state: 'queued',
        run_at: now + pause.backMs,
      });
      return 'back';
    case 'rate': {
      await step('too-frequent');
      const tripped = pause.breaker.tripped(now);
      await core.pacing.saveBreaker(tx, row.botcode, tripped);
      await core.store.change(tx, row.msgid, 'sending', { state: 'queued', run_at: now });
      tx.onDurable(() => pause.breaker.set(tripped));
      return 'rate';
    }
    case 'absent':
      await step('denied');
      await core.store.change(tx, row.msgid, 'sending', { state: 'queued', run_at: now });
      return 'denied';
    case 'unknown': {
      const reason = core.say(reasons.unknownAnswer(answer.why));
      await step('unknown');
      await core.store.change(tx, row.msgid, 'sending', { state: 'unknown', reason });
      return 'unknown';
    }
    case 'refused':
    case 'unsupported': {
      await step('refused');
      const reason = answer.fault === 'refused' ? reasons.refused(answer.why) : reasons.unsupported;
      const end: End = { state: 'failed', reason };
      await settleSend(core, tx, row, 'sending', end);
      return 'ended';
    }
  }
}

async function nextOf(
  core: SendCore,
  tx: Tx,
  lane: { botcode: string; key: string },
): Promise<Head | undefined> {
  const row = await core.store.head(tx, lane.botcode, lane.key);
  return row === undefined ? undefined : headOf(row, core.clock.now());
}

function handedDetail(row: SendRow, plan: Plan & { do: 'send' }): Text {
  const { to, toName, parts } = plan;
  const of = { name: `“${toName}” (${to.id})`, attempt: row.attempts + 1 };
  return parts > 1
    ? details.handedPart({ ...of, part: row.parts_done + 1, parts })
    : details.handed(of);
}
