import type { Chats } from '../../bot/chatbot/chats.ts';
import type { Clock } from '../../bot/clock.ts';
import type { Language } from '../../bot/errors.ts';
import type { Logger } from '../../config/logger.ts';
import type { Access } from '../middleware/access.ts';
import type { Stamps } from './stamps.ts';

/** What the family works on. */
export interface ChatbotCore {
  chats: Chats;
  access: Access;
  stamps: Stamps;
  clock: Clock;
  logger: Logger;
  language: Language;
  /** Who asks, where the access token names a person. */
  owner?: string | undefined;
  /** Whether there is a chatbot at all. */
  enabled: () => boolean;
  /** Aborted when the daemon stops: whoever waits is answered. */
  stop: AbortSignal;
}
