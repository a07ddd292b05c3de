import { AppError } from '../../bot/errors.ts';
import { storedFrame } from './frame.ts';
import type { Push } from './push.ts';

/** Bytes of a frame, at most. */
export const frameLimit = 65_536;

/**
 * What is kept of a push.
 *
 * @NOTE `contact_id` is 对方id, the other side: whoever says it, where that is known, else the
 * receiver as the original had it.
 * @throws AppError too_large
 */
export function contentOfPush(push: Push, sender: string | undefined, at: number): Buffer {
  const { kind, name, avatar, companyId, msg } = push;
  const contactId = sender ?? (push.toMany ? '' : (push.receivers[0] ?? ''));
  const content = storedFrame({ ...{ kind, name, avatar, contactId, companyId, msg }, at });
  if (content.length <= frameLimit) return content;
  throw new AppError(
    'too_large',
    { zh: `消息超过 ${frameLimit} 字节`, en: `the message is larger than ${frameLimit} bytes` },
    { field: 'data.msg' },
  );
}
