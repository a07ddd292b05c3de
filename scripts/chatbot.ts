import type { ChatbotCore } from '../api/chatbot/core.ts';
import { Stamps } from '../api/chatbot/stamps.ts';
import type { Core } from './core.ts';

/** What the chatbot's API works on. @param stop aborted when the daemon stops */
export function chatbotCore(core: Core, stop: AbortSignal): ChatbotCore {
  const { chatbot, config, access, clock, logger } = core;
  return {
    ...{ chats: chatbot.chats, access, clock, language: config.language, stop },
    stamps: new Stamps(config.timezone),
    logger: logger.child({ area: 'api:chatbot' }),
    enabled: () => chatbot.settings.enabled,
  };
}
