import type { BotSettings } from '../../../config/config.ts';
import type { BotState, BotView, QrCode } from './bot-state.ts';
import type { Supervisor } from './bot-supervisor.ts';
import { deriveState, type Facts, limits, userActionOf } from './bot-truth.ts';

/** What operators see of a bot. */
export function viewOf(bot: {
  settings: BotSettings;
  supervisor: Supervisor;
  roomsAt: number | undefined;
  now: number;
}): BotView {
  const { settings, supervisor, roomsAt, now } = bot;
  const { facts, since } = supervisor;
  const state = deriveState(facts, now);
  const age = (at: number | undefined): number | undefined =>
    at === undefined ? undefined : Math.max(0, now - at);
  return {
    botcode: settings.botcode,
    name: settings.name ?? settings.botcode,
    driver: settings.driver,
    state,
    since,
    userAction: userActionOf(state, facts.desired),
    reason: reasonOf(state, facts, supervisor.lastError),
    account: facts.account,
    boundAccountId: facts.bound?.id,
    qr: qrOf(state, facts, now),
    ages: {
      stream: age(facts.streamAt),
      account: age(facts.accountAt),
      canSend: age(facts.canSendAt),
      rooms: age(roomsAt),
    },
  };
}

function reasonOf(
  state: BotState,
  facts: Facts,
  lastError: string | undefined,
): string | undefined {
  switch (state) {
    case 'offline':
      return facts.desired === 'out' ? 'logged out by command' : facts.offline?.reason;
    case 'failed':
      return facts.failure?.reason;
    case 'suspect':
      return facts.doubt ?? lastError ?? 'nothing proven for too long';
    case 'wrong-account':
      return `bound to account ${facts.bound?.id ?? '?'}, another one is logged in`;
    case 'starting':
      return lastError;
    case 'off':
    case 'scan':
    case 'confirm':
    case 'syncing':
    case 'ready':
      return undefined;
  }
}

/** The code while it can be scanned; a scan that was not confirmed in time counts for nothing. */
function qrOf(state: BotState, facts: Facts, now: number): QrCode | undefined {
  if ((state !== 'scan' && state !== 'confirm') || facts.qr === undefined) return undefined;
  const { name, text, status, createdAt, expiresAt, statusAt } = facts.qr;
  const qr = { name, text, createdAt, expiresAt };
  if (state === 'confirm') return { ...qr, status, confirmBy: statusAt + limits.confirm };
  return now >= expiresAt ? undefined : { ...qr, status: 'waiting' };
}
