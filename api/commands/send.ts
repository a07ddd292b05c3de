import type { z } from 'zod';
import type { Card } from '../../bot/automation/driver.ts';
import { sendStatusOf } from '../../bot/automation/sends/send-status.ts';
import type { SendContent, SendTarget } from '../../bot/automation/sends/send-types.ts';
import type { CommandCore, KeyedCall } from './call.ts';
import { accepted } from './envelope.ts';
import type * as schema from './schema.ts';

type Body<S extends z.ZodType> = z.output<S>;

export function sendText(
  core: CommandCore,
  call: KeyedCall,
  body: Body<typeof schema.roomSendText>,
): Promise<string> {
  const mentions = body.atList ?? [];
  return send(core, call, roomOf(body), {
    kind: 'text',
    text: body.text,
    mentions: body.atUser == null ? mentions : [...mentions, body.atUser],
  });
}

export function sendTextToContact(
  core: CommandCore,
  call: KeyedCall,
  body: Body<typeof schema.contactSendText>,
): Promise<string> {
  const target: SendTarget = body.contactId
    ? { kind: 'contact', id: body.contactId }
    : { kind: 'contact', name: body.contactName ?? '' };
  return send(core, call, target, { kind: 'text', text: body.text, mentions: [] });
}

export function sendCard(
  core: CommandCore,
  call: KeyedCall,
  body: Body<typeof schema.roomSendApp>,
): Promise<string> {
  const given = body.app ?? body;
  const card: Card = {
    appid: given.appid ?? '',
    username: given.username ?? '',
    title: given.title ?? '',
    description: given.description ?? '',
    pagePath: given.pagepath ?? '',
    thumbUrl: given.thumbUrl ?? given.thumbnailUrl ?? '',
  };
  if (given.thumbKey != null) card.thumbKey = given.thumbKey;
  return send(core, call, roomOf(body), { kind: 'miniProgram', card });
}

export function sendImage(
  core: CommandCore,
  call: KeyedCall,
  body: Body<typeof schema.roomSendImg>,
): Promise<string> {
  return send(core, call, roomOf(body), { kind: 'image', source: { url: body.file } });
}

function send(
  core: CommandCore,
  call: KeyedCall,
  target: SendTarget,
  content: SendContent,
): Promise<string> {
  const { channel, head, now, key } = call;
  const expiresAt = now + channel.settings.sendExpirySeconds * 1000;
  return core.commands.send(
    key,
    { botcode: head.botcode, chid: channel.chid, txcode: head.txcode, target, content, expiresAt },
    ({ msgid, state, reason }) =>
      accepted(core.config.language, { msgid, sendStatus: sendStatusOf({ state }) }, reason),
  );
}

/** An id is exact, so it wins over a topic that is there too. */
function roomOf(body: {
  roomId?: string | null | undefined;
  roomTopic?: string | null | undefined;
}): SendTarget {
  return body.roomId
    ? { kind: 'room', id: body.roomId }
    : { kind: 'room', topic: body.roomTopic ?? '' };
}
