import type { Logger } from '../../config/logger.ts';
import type { Vault } from '../../config/secrets.ts';
import type { WechatSettings } from '../../config/wechat-schema.ts';
import type { Database } from '../../store/database.ts';
import type { Signals } from '../../store/signals.ts';
import { WechatCreditStore } from '../../store/wechat-credits.ts';
import { WechatMediaStore } from '../../store/wechat-media.ts';
import { WechatOutboxStore } from '../../store/wechat-outbox.ts';
import { WechatSessionStore } from '../../store/wechat-sessions.ts';
import { WechatTokenStore } from '../../store/wechat-tokens.ts';
import { WechatWindowStore } from '../../store/wechat-windows.ts';
import type { Clock } from '../clock.ts';
import type { Language } from '../errors.ts';
import type { Fetcher } from '../fetcher.ts';
import type { Files } from '../files.ts';
import type { Conversations } from '../im/conversations.ts';
import { AccessTokens } from './access-token.ts';
import { type Account, Accounts } from './account.ts';
import { WechatApi } from './api.ts';
import { Credits } from './credits.ts';
import { CustomerProfiles } from './customer-profiles.ts';
import { Wire } from './exchange.ts';
import { createIntake, type Intake } from './intake.ts';
import { WechatMedia } from './media.ts';
import { WechatMeter } from './meter.ts';
import { WechatNotices } from './notices.ts';
import { Outbox } from './outbox.ts';
import { Pauses } from './pauses.ts';
import { Pruning } from './pruning.ts';
import { WechatSessions } from './session.ts';
import { showTyping, type TypingCommand } from './typing.ts';
import { Ways } from './ways.ts';
import { Windows } from './windows.ts';

export interface WechatOptions {
  accounts: readonly WechatSettings[];
  db: Database;
  vault: Vault;
  signals: Signals;
  clock: Clock;
  logger: Logger;
  files: Files;
  fetcher: Fetcher;
  conversations: Pick<Conversations, 'fromCustomer' | 'tellAgent' | 'store' | 'cache'>;
  timezone: string;
  language: Language;
  publicUrl: () => string;
}

/** Accounts on WeChat's own platform: what they are told, and what they send. */
export interface Wechat {
  accounts: Accounts;
  /** What WeChat pushes. */
  intake: Intake;
  /** What leaves for users. */
  outbox: Outbox;
  notices: WechatNotices;
  /** Logins of mini programs. */
  sessions: WechatSessions;
  windows: Windows;
  credits: Credits;
  media: WechatMedia;
  api: WechatApi;
  meter: WechatMeter;
  /** The account of the mini-program IM: the one named, else the first mini program. */
  miniProgram(appid?: string): Account | undefined;
  /** Codes for which accounts get no access_token until an operator does something. */
  tokenFaults(): { appid: string; errcode: number }[];
  /** @returns whether the user is shown it */
  typing(account: string, openId: string, command: TypingCommand): Promise<boolean>;
  /** Makes the accounts what the config says. */
  applyConfig(accounts: readonly WechatSettings[]): void;
  start(): Promise<void>;
  /** The process ends soon: what is under way has some seconds from now. */
  drain(): void;
  stop(): Promise<void>;
}

export function createWechat(options: WechatOptions): Wechat {
  const { db, vault, signals, clock, logger, files, fetcher, conversations } = options;
  const { timezone, language, publicUrl } = options;
  const accounts = new Accounts(options.accounts);
  const meter = new WechatMeter();
  const wire = new Wire(clock);
  const tokenStore = new WechatTokenStore(db);
  const tokens = new AccessTokens({ store: tokenStore, vault, wire, clock, logger, meter });
  const api = new WechatApi({ wire, tokens, logger, meter });
  const windows = new Windows({ store: new WechatWindowStore(db), accounts, clock });
  const credits = new Credits({ store: new WechatCreditStore(db), clock, logger });
  const mediaStore = new WechatMediaStore(db);
  const common = { accounts, api, clock, logger };
  const media = new WechatMedia({ ...common, store: mediaStore, wire, files, fetcher });
  const sessions = new WechatSessions({ store: new WechatSessionStore(db), api, vault, clock });
  const pauses = new Pauses(clock);
  const outbox = new Outbox({
    ...{ ...common, windows, credits, media, pauses, signals, timezone, language },
    store: new WechatOutboxStore(db),
    ways: new Ways({ windows, credits, pauses, meter, timezone, language }),
    tell: (tx, agent, notice) => conversations.tellAgent(tx, agent, notice),
    absolute: (address) => absoluteOf(address, publicUrl()),
  });
  const notices = new WechatNotices({ outbox, accounts, language, now: () => clock.now() });
  const profiles = [new CustomerProfiles(conversations), sessions, outbox];
  const intake = createIntake({
    ...{ db, accounts, media, clock, logger, conversations, windows, credits, profiles },
    door: outbox,
  });
  const pruning = new Pruning({ clock, logger, parts: [outbox, windows, credits, media] });
  return {
    ...{ accounts, intake, outbox, notices, sessions, windows, credits, media, api, meter },
    miniProgram: (appid) =>
      appid === undefined
        ? accounts.list().find(({ settings }) => settings.kind === 'miniprogram')
        : accounts.get(appid),
    tokenFaults: () => tokens.faults(accounts.list().map(({ settings }) => settings)),
    async typing(appid, openId, command) {
      const account = accounts.get(appid);
      return account !== undefined && (await showTyping(api, account, openId, command));
    },
    applyConfig: (settings) => accounts.apply(settings),
    async start() {
      await outbox.start();
      intake.start();
      pruning.start();
    },
    drain: () => outbox.drain(),
    async stop() {
      await pruning.stop();
      await intake.stop();
      await outbox.stop();
      wire.close();
    },
  };
}

/** Of a file of ours: as others reach it. */
function absoluteOf(address: string, base: string): string {
  if (/^[a-z][a-z\d+.-]*:/i.test(address)) return address;
  return `${base.replace(/\/+$/, '')}/${address.replace(/^\/+/, '')}`;
}
