import type { IncomingMessage } from 'node:http';
import type { User } from '../../bot/im/message.ts';
import type { SessionDuty } from '../../bot/im/session.ts';
import { missing, wrong } from './push.ts';
import { isName, longestName } from './schema.ts';

/** What a client wants, as it stands in the address. */
export interface Wish {
  user: User;
  name: string;
  /** Whether the socket may put him on duty. */
  duty: SessionDuty | undefined;
  /** Empty: no device named. */
  device: string;
  /** Number of a frame: what came after it is wanted. */
  since: number | undefined;
  /** It says whether it confirms what it gets; undefined: it says nothing. */
  acks: boolean | undefined;
}

/** @throws AppError field_missing, field_value */
export function readWish({ url = '' }: IncomingMessage): Omit<Wish, 'user' | 'duty'> {
  const query = new URLSearchParams(url.includes('?') ? url.slice(url.indexOf('?')) : '');
  // @NOTE the document writes `userid` in the address (section 1) and `userId` in its page (section 3).
  const name = query.get('userid') || query.get('userId') || '';
  if (name === '') throw missing('userid');
  if (!isName(name)) throw noName('userid');
  const device = query.get('device_id') ?? '';
  if (device !== '' && !isName(device)) throw noName('device_id');
  return { name, device, since: sinceIn(query), acks: acksIn(query.get('ack')) };
}

function sinceIn(query: URLSearchParams): number | undefined {
  const text = query.get('since') || query.get('last_id') || '';
  if (text === '') return undefined;
  const id = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(id)) return id;
  throw wrong('since', { zh: '应为消息 id', en: 'must be the id of a frame' });
}

function acksIn(text: string | null): boolean | undefined {
  if (text === null || text === '') return undefined;
  if (text === '1' || text === '0') return text === '1';
  throw wrong('ack', { zh: '应为 0 或 1', en: 'must be 0 or 1' });
}

function noName(field: string): Error {
  return wrong(field, {
    zh: `应为 1 到 ${longestName} 个字符`,
    en: `must be text of 1 to ${longestName} characters`,
  });
}
