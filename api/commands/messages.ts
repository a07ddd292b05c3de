import type { z } from 'zod';
import { isFinal, sendStatusOf } from '../../bot/automation/sends/send-status.ts';
import type { SendView } from '../../bot/automation/sends/send-types.ts';
import { AppError } from '../../bot/errors.ts';
import type { Call, CommandCore, DigestedCall } from './call.ts';
import { accepted } from './envelope.ts';
import type * as schema from './schema.ts';

/** What became of a message; for -1 rtMsg says why. */
export async function msgStatus(
  core: CommandCore,
  call: Call,
  body: z.output<typeof schema.oneMessage>,
): Promise<string> {
  const view = await find(core, call, body);
  const { language } = core.config;
  const fields = {
    msgid: view.msgid,
    sendStatus: sendStatusOf(view),
    final: isFinal(view.state),
    state: view.state,
    reason: view.reason,
    txcode: view.txcode,
    roomId: view.roomId,
    acceptedAt: view.acceptedAt,
    settledAt: view.settledAt,
    expiresAt: view.expiresAt,
  };
  return accepted(language, fields, fields.sendStatus === '-1' ? view.reason : undefined);
}

/** Cancels what has not been handed to WeChat; a message cancelled before is done too. */
export function msgCancel(
  core: CommandCore,
  call: DigestedCall,
  body: z.output<typeof schema.oneMessage>,
): Promise<string> {
  return core.commands.once(call.key, call.digest, async () => {
    const { msgid } = await find(core, call, body);
    const outcome = await core.sends.cancel(msgid);
    const view = await find(core, call, { msgid });
    if (outcome !== 'cancelled' && view.state !== 'cancelled') {
      throw isFinal(view.state) ? alreadyFinal(view) : tooLate(msgid);
    }
    return accepted(core.config.language, { msgid, sendStatus: '-1' });
  });
}

/** How long the bot's queue is, why it waits, and with msgid when that one will leave. */
export async function botQueue(
  core: CommandCore,
  call: Call,
  body: z.output<typeof schema.botQueue>,
): Promise<string> {
  const { language } = core.config;
  const { length, etaMs, held } = core.sends.queue(call.head.botcode);
  if (body.msgid == null) {
    const estimatedTime = etaMs === undefined ? null : call.now + etaMs;
    return accepted(language, { length, estimatedTime, reason: held?.[language] });
  }
  const view = await find(core, call, { msgid: body.msgid });
  const place = await core.sends.position(view.msgid);
  const waits = place.position > 0 && place.etaMs !== undefined;
  return accepted(language, {
    length,
    msgid: view.msgid,
    sendStatus: sendStatusOf(view),
    position: place.position,
    estimatedTime: waits ? call.now + (place.etaMs ?? 0) : null,
    reason: place.reason?.[language],
  });
}

/** The rooms the bot is in, as our own directory knows them. */
export async function roomList(core: CommandCore, call: Call): Promise<string> {
  const rooms = call.bot.rooms.list().map((room) => ({
    roomId: room.id,
    roomTopic: room.topic,
    memberCount: room.members.length,
  }));
  return accepted(core.config.language, { ready: call.bot.view().state === 'ready', rooms });
}

/**
 * The one message meant, among those this channel gave this bot.
 * @throws AppError field_value (there is none), field_not_unique (a txcode of several days)
 */
async function find(
  core: CommandCore,
  { channel, head }: Call,
  asked: { msgid?: number | null | undefined; txcode?: string | null | undefined },
): Promise<SendView> {
  const views = await core.sends.status(
    asked.msgid != null
      ? { msgid: asked.msgid }
      : { chid: channel.chid, txcode: asked.txcode ?? '' },
  );
  const own = views.filter((one) => one.chid === channel.chid && one.botcode === head.botcode);
  const [view, ...others] = own;
  if (view === undefined) {
    throw new AppError('field_value', { zh: '没有这条消息', en: 'there is no such message' });
  }
  if (others.length > 0) {
    const list = own.map((one) => one.msgid).join(', ');
    throw new AppError('field_not_unique', {
      zh: `多天使用过同一 txcode，请改用 msgid：${list}`,
      en: `this txcode was used on several days, ask by msgid: ${list}`,
    });
  }
  return view;
}

function alreadyFinal(view: SendView): AppError {
  return new AppError('conflict', {
    zh: `消息 ${view.msgid} 已结束（sendStatus ${sendStatusOf(view)}）`,
    en: `message ${view.msgid} is settled already (sendStatus ${sendStatusOf(view)})`,
  });
}

function tooLate(msgid: number): AppError {
  return new AppError('conflict', {
    zh: `消息 ${msgid} 已交给微信，不能取消`,
    en: `message ${msgid} was handed to WeChat already`,
  });
}
