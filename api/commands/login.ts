import type { BotState } from '../../bot/automation/bots/bot-state.ts';
import type { Call, CommandCore, DigestedCall } from './call.ts';
import { accepted } from './envelope.ts';

/**
 * Answers once it is accepted; the QR code, the login or what went wrong come as events.
 * @NOTE seed 004, 网页扫码登录接口: how an account logs in is the driver's matter, so `webLogin` and
 * `macLogin` do the same.
 */
export function login(core: CommandCore, call: DigestedCall): Promise<string> {
  return core.commands.once(call.key, call.digest, async () => {
    await core.bots.login(call.head.botcode);
    return accepted(core.config.language);
  });
}

/** Logs the account out; its session is forgotten, the next login shows a QR code. */
export function logout(core: CommandCore, call: DigestedCall): Promise<string> {
  return core.commands.once(call.key, call.digest, async () => {
    await core.bots.logout(call.head.botcode);
    return accepted(core.config.language);
  });
}

export async function botStatus(core: CommandCore, call: Call): Promise<string> {
  const view = call.bot.view();
  return accepted(core.config.language, {
    botStatus: botStatusOf[view.state],
    state: view.state,
    stateAge: Math.max(0, call.now - view.since),
    userAction: view.userAction,
    account: view.account ?? null,
    reason: view.reason,
  });
}

/**
 * The inner states in the document's three words: `login` while the account is logged in as far as
 * anyone knows, `err` where logging in again does not help by itself.
 */
const botStatusOf = {
  off: 'logout',
  starting: 'logout',
  scan: 'logout',
  confirm: 'logout',
  syncing: 'login',
  ready: 'login',
  suspect: 'login',
  offline: 'logout',
  'wrong-account': 'err',
  failed: 'err',
} satisfies Record<BotState, 'login' | 'logout' | 'err'>;
