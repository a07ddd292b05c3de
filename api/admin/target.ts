import { z } from 'zod';
import type { SendTarget } from '../../bot/automation/sends/send-types.ts';

const text = z.string().min(1).max(256).optional();

/** Where a send goes: exactly one of them. */
export const targetFields = {
  roomId: text,
  roomTopic: text.describe('Two rooms of this topic: refused, with their ids.'),
  contactId: text,
  contactName: text,
};

export function readTarget(
  body: {
    [K in keyof typeof targetFields]?: string | undefined;
  },
): SendTarget {
  if (body.roomId !== undefined) return { kind: 'room', id: body.roomId };
  if (body.roomTopic !== undefined) return { kind: 'room', topic: body.roomTopic };
  if (body.contactId !== undefined) return { kind: 'contact', id: body.contactId };
  return { kind: 'contact', name: body.contactName ?? '' };
}
