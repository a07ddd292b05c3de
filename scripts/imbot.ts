import { imbotBase } from '../api/imbot/router.ts';
import type { Clock } from '../bot/clock.ts';
import type { Im } from '../bot/im/im.ts';
import { createImbot, type Imbot } from '../bot/imbot/imbot.ts';
import type { WechatPort } from '../bot/imbot/ports.ts';
import type { Config } from '../config/config.ts';
import type { Logger } from '../config/logger.ts';
import type { Database } from '../store/database.ts';

export interface ImbotPartOptions {
  config: Config;
  db: Database;
  im: Im;
  wechat: WechatPort;
  clock: Clock;
  logger: Logger;
  publicUrl: () => string;
}

/** The mini-program IM as the daemon has it. */
export function createImbotPart(options: ImbotPartOptions): Imbot {
  const { config, im, publicUrl, ...parts } = options;
  return createImbot({
    ...parts,
    im,
    conversations: im.conversations,
    changes: () => im.conversations.cache.changes,
    settings: config.imbot,
    isOwn: (address) => isTemplateAddress(address, publicUrl()),
  });
}

/** What would come back to us over HTTP is said directly. */
function isTemplateAddress(address: string, base: string): boolean {
  if (!URL.canParse(address)) return false;
  const asked = new URL(address);
  const own = new URL(`${base.replace(/\/$/, '')}${imbotBase}/template_msg`);
  return asked.origin === own.origin && asked.pathname === own.pathname;
}
