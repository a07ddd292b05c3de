import type { Card, IncomingMessage, MessageKind, ScanStatus } from '../../driver.ts';
import type { payloads } from './client-puppet.ts';

/** Numbers of the puppet protocol (they never change): message types to kinds. */
const kinds: Record<number, MessageKind> = {
  1: 'file',
  2: 'voice',
  3: 'notification',
  4: 'notification',
  5: 'image',
  6: 'image',
  7: 'text',
  8: 'location',
  9: 'miniProgram',
  10: 'notification',
  11: 'notification',
  12: 'notification',
  13: 'system',
  14: 'link',
  15: 'video',
  16: 'link',
};

const scanStatuses: Record<number, ScanStatus> = {
  1: 'cancelled',
  2: 'waiting',
  3: 'scanned',
  4: 'confirmed',
  5: 'expired',
};

/** What a `dirty` event or call is about. */
export const dirtyTypes = { contact: 2, room: 3, roomMember: 4 } as const;

export function scanStatusOf(status: number): ScanStatus {
  return scanStatuses[status] ?? 'waiting';
}

/** Who we are, to know our own words and mentions of us. */
export interface Self {
  id: string;
  /** The account's name, and the one it carries in the room. */
  names: readonly (string | undefined)[];
}

export function toIncoming(
  payload: payloads.Message,
  self: Self,
  extra: { fromName: string; card: Card | undefined },
): IncomingMessage {
  const fromId = payload.talkerId;
  const text = payload.text ?? '';
  const isSelf = fromId === self.id;
  const roomId = present(payload.roomId);
  return {
    id: payload.id,
    kind: kinds[payload.type] ?? 'notification',
    text,
    fromId,
    fromName: extra.fromName,
    roomId,
    toId: roomId === undefined ? present(payload.listenerId) : undefined,
    mentionsSelf: !isSelf && roomId !== undefined && mentions(payload, text, self),
    self: isSelf,
    at: toMilliseconds(payload.timestamp),
    ...(extra.card === undefined ? {} : { card: extra.card }),
  };
}

/** A card as the puppet protocol spells it. */
export function toMiniProgram(card: Card): payloads.MiniProgram {
  const { appid, username, title, description, pagePath, thumbUrl, thumbKey } = card;
  return {
    appid,
    username,
    title,
    description,
    pagePath,
    thumbUrl,
    ...(thumbKey === undefined ? {} : { thumbKey }),
  };
}

export function toCard(payload: payloads.MiniProgram): Card {
  const { appid, username, title, description, pagePath, thumbUrl } = payload;
  const thumbKey = present(payload.thumbKey);
  return {
    appid: appid ?? '',
    username: username ?? '',
    title: title ?? '',
    description: description ?? '',
    pagePath: pagePath ?? '',
    thumbUrl: thumbUrl ?? '',
    ...(thumbKey === undefined ? {} : { thumbKey }),
  };
}

/** Known to WeChat, or typed: "@name" followed by a blank of any kind or the end. */
function mentions(payload: payloads.Message, text: string, self: Self): boolean {
  const ids = 'mentionIdList' in payload ? (payload.mentionIdList ?? []) : [];
  if (ids.includes(self.id)) return true;
  return self.names.some((name) => {
    if (name === undefined || name === '') return false;
    const spelled = `@${name}`;
    for (let at = text.indexOf(spelled); at >= 0; at = text.indexOf(spelled, at + 1)) {
      const next = text.charAt(at + spelled.length);
      if (next === '' || /\s/.test(next)) return true;
    }
    return false;
  });
}

/** Puppets tell seconds or milliseconds. */
function toMilliseconds(timestamp: number): number {
  return Math.round(timestamp < 1e11 ? timestamp * 1000 : timestamp);
}

function present(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
