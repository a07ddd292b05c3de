import { z } from 'zod';
import { ownApps } from '../../bot/im/message.ts';
import type { Session } from '../../bot/im/session.ts';
import { paging } from './paging.ts';

export const time = z.int().describe('Epoch milliseconds.');

/** A number in an address or a query. */
const number = z.coerce.number().int();
const positive = number.min(1);

/** The appid of the config may be any integer. */
export const appid = number.describe('The application.');
export const appParams = z.object({ appid });
export const deskParams = z.object({ storeId: positive });
export const groupParams = z.object({ gid: positive });
export const connectionParams = z.object({ id: positive });
export const sellerParams = z.object({ storeId: positive, uid: number });
export const userParams = z.object({
  appid: number,
  uid: number.refine((uid) => uid !== 0, { error: 'nobody can be 0' }),
});

/** Something for people to read, in any database. */
export function label(max: number) {
  return z
    .string()
    .max(max)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: 'must be valid text' });
}

/** Ids of users may be negative: where a list goes on. */
export const idPaging = {
  limit: paging.limit,
  cursor: number.optional().describe('`next` of the page before; absent: the first page.'),
};

export const searchText = z
  .string()
  .max(100)
  .default('')
  .describe('Part of the name, or the whole number.');

const platforms = ['other', 'ios', 'android', 'web', 'desktop', 'mac'] as const;

export const connectionView = z.object({
  id: z.int().describe('Unique until the daemon ends.'),
  family: z
    .enum(['gobelieve', 'official'])
    .describe('official: a socket of the official-account component.'),
  appid: z.int().describe('-1 with the official-account component: people known by a text.'),
  uid: z.int(),
  name: z.string().describe('The userid of the official-account component; else empty.'),
  platform: z.enum(platforms),
  device: z.int().describe('Number of the device; 0: a web session.'),
  transport: z.enum(['tcp', 'websocket']),
  address: z.string(),
  since: time,
});

export function toConnectionView(session: Session): z.output<typeof connectionView> {
  const { id, appid, uid, name = '', device, transport, address, since } = session;
  const family = appid === ownApps.names ? 'official' : 'gobelieve';
  const platform = platforms[session.platform] ?? 'other';
  return { id, family, appid, uid, name, platform, device, transport, address, since };
}
