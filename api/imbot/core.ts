import type { Language } from '../../bot/errors.ts';
import type { ConversationPort } from '../../bot/im/conversation.ts';
import type { Names } from '../../bot/im/names.ts';
import type { Imbot } from '../../bot/imbot/imbot.ts';
import type { Account } from '../../bot/wechat/account.ts';
import type { Credits } from '../../bot/wechat/credits.ts';
import type { WechatSessions } from '../../bot/wechat/session.ts';
import type { Logger } from '../../config/logger.ts';
import type { Access } from '../middleware/access.ts';
import type { UploadOptions } from './uploads.ts';

/** What the routes of the mini-program IM work with. */
export interface ImbotCore extends Imbot {
  names: Pick<Names, 'find' | 'get'>;
  /** The mini program behind it; undefined: none is configured. */
  account: () => Account | undefined;
  sessions: Pick<WechatSessions, 'code2session'>;
  credits: Pick<Credits, 'addForm' | 'removeForms'>;
  conversations: Pick<ConversationPort, 'agentAsked'> | undefined;
  uploads: UploadOptions;
  access: Access;
  logger: Logger;
  language: Language;
}
