import { hash } from 'node:crypto';
import type { PushKey } from '../../bot/official/pushes.ts';
import type { Push } from './push.ts';

/** What a push is called by its caller, and what it says: undefined where it has no name. */
export function keyOfPush(push: Push): PushKey | undefined {
  const { key, kind, name, avatar, companyId, msg, toMany, receivers } = push;
  if (key === undefined) return undefined;
  // One receiver is a part of the name already.
  const to = toMany ? [...receivers].sort() : [];
  return { name: key, digest: digestOf([kind, name, avatar, companyId, msg, to]) };
}

/** The same for what means the same, whatever the order of the fields. */
export function digestOf(value: unknown): string {
  // 132 bits are enough.
  return hash('sha256', JSON.stringify(value, sorted), 'base64url').slice(0, 22);
}

function sorted(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
