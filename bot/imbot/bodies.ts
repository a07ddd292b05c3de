import type { Content } from '../im/content.ts';
import { contentOf } from '../im/content-of.ts';
import type { MessageKind } from '../im/message.ts';

/** Something in a queue or a history. */
export interface Kept {
  kind: string;
  content: Buffer;
  /** When it was stored, epoch ms. */
  at: number;
  /** `content` is what was given over this family. */
  asGiven: boolean;
}

/** The `msg` of this family: what was given comes back as it was, whatever else was said is spelled. */
export function wireOf({ kind, content, at, asGiven }: Kept): string {
  if (asGiven) return content.toString('utf8');
  // Only kinds of ours are ever written.
  return JSON.stringify(spell(contentOf({ kind: kind as MessageKind, content }), at));
}

/** The message's own time, as it was given. */
export function timestampOf(body: string): unknown {
  const msg: unknown = JSON.parse(body);
  return typeof msg === 'object' && msg !== null && 'timestamp' in msg ? msg.timestamp : undefined;
}

/**
 * The document knows text and image. The others take its upload folders' words, and hold what
 * clients that know only those two can show in `reply`.
 */
function spell(content: Content, timestamp: number): Record<string, unknown> {
  switch (content.type) {
    case 'text':
      return { type: 'text', reply: content.text, timestamp };
    case 'image':
    case 'video':
    case 'file':
    case 'voice': {
      const { type, url, format, duration, text: recognition } = content;
      const kind = type === 'voice' ? 'audio' : type;
      return { type: kind, reply: url, timestamp, format, duration, recognition };
    }
    case 'location': {
      const { type, label, latitude, longitude, scale } = content;
      return { type, reply: label, timestamp, latitude, longitude, label, scale };
    }
    case 'link': {
      const { type, title, description, url } = content;
      return { type, reply: url, timestamp, title, description, url };
    }
    case 'miniProgram': {
      const { type, title, appid, path, thumbUrl } = content;
      return { type, reply: title, timestamp, title, appid, path, thumb_url: thumbUrl };
    }
    case 'event':
      return { type: 'event', reply: content.event, timestamp, data: content.data };
    case 'unknown':
      return { type: content.kind, reply: '', timestamp, data: content.data };
  }
}
