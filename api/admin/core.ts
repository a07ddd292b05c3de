import type { Alarms } from '../../bot/alarms/alarms.ts';
import type { BotHistory } from '../../bot/automation/bots/bot-history.ts';
import type { Bots } from '../../bot/automation/bots/bots.ts';
import type { QrShares } from '../../bot/automation/bots/qr-shares.ts';
import type { Commands } from '../../bot/automation/commands.ts';
import type { Deliveries } from '../../bot/automation/deliveries/deliveries.ts';
import type { SendMinutes } from '../../bot/automation/sends/send-minutes.ts';
import type { Prepared, Sends } from '../../bot/automation/sends/sends.ts';
import type { Backups } from '../../bot/backups/backups.ts';
import type { Channels } from '../../bot/channels.ts';
import type { Chatbot } from '../../bot/chatbot/chatbot.ts';
import type { Clock } from '../../bot/clock.ts';
import type { EventLog } from '../../bot/event-log.ts';
import type { Files } from '../../bot/files.ts';
import type { Im } from '../../bot/im/im.ts';
import type { Imbot } from '../../bot/imbot/imbot.ts';
import type { LiveSettings } from '../../bot/live-settings.ts';
import type { Audit } from '../../bot/operators/audit.ts';
import type { Operators } from '../../bot/operators.ts';
import type { Reports } from '../../bot/reports/reports.ts';
import type { Thumbnails } from '../../bot/thumbnails.ts';
import type { Wechat } from '../../bot/wechat/wechat.ts';
import type { Config } from '../../config/config.ts';
import type { Logger } from '../../config/logger.ts';
import type { McpSettings } from '../../config/mcp-schema.ts';
import type { Database } from '../../store/database.ts';
import type { Health } from '../health.ts';
import type { OperatorAuth } from '../middleware/operator-auth.ts';
import type { SourceOf } from '../middleware/source-address.ts';

/** What the admin API works on. */
export interface AdminCore {
  config: Config;
  /** What assistants may do, as of the last reload. */
  mcp: Pick<LiveSettings<McpSettings>, 'value'>;
  db: Database;
  clock: Clock;
  logger: Logger;
  /** The one all others were made of: for its level. */
  rootLogger: Logger;
  operators: Operators;
  /** Tells who asks. */
  auth: OperatorAuth;
  audit: Audit;
  /** From where a request comes. */
  sourceOf: SourceOf;
  channels: Channels;
  bots: Bots;
  qrShares: QrShares;
  botHistory: Pick<BotHistory, 'of'>;
  sendMinutes: Pick<SendMinutes, 'last'>;
  sends: Sends;
  commands: Pick<Commands<Prepared>, 'send'>;
  events: Pick<EventLog, 'ofSend'>;
  deliveries: Pick<
    Deliveries,
    'list' | 'attempts' | 'backlog' | 'redrive' | 'discard' | 'request' | 'trial'
  >;
  /** Pictures of sends, and small ones of them. */
  files: Files;
  thumbnails: Pick<Thumbnails, 'of'>;
  im: Im;
  imbot: Pick<Imbot, 'users' | 'pairs'>;
  wechat: Wechat;
  chatbot: Chatbot;
  reports: Reports;
  alarms: Alarms;
  backups: Backups;
  health: Health;
  /** Address under which others reach this daemon. */
  publicUrl: () => string;
  /** Reads the config file again and applies it. @throws ConfigError */
  /** @returns sections that need a restart */
  reload: () => Promise<string[]>;
  /** The config of the start, and what reloads have applied since. */
  configInForce: () => Config;
}
