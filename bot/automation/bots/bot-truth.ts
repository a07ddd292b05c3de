import type { Text } from '../../errors.ts';
import type { Account } from '../driver.ts';
import type { BotState, QrCode, UserAction } from './bot-state.ts';

/** What operators and commands want: out is logged out, the bot itself stays. */
export type Desired = 'on' | 'off' | 'out';

/** Everything a bot's state is derived from: proofs, their times, and what is wanted. */
export interface Facts {
  desired: Desired;
  /** The account this botcode is bound to; another one is held back. */
  bound: { id: string; name: string | undefined } | undefined;
  /** The driver's life under way; `lifeAt` is when it began (or, between lives, when it ended). */
  process: 'down' | 'starting' | 'up';
  lifeAt: number;
  /** The account this life has proven. */
  account: Account | undefined;
  /** A room sync of this account finished in this life. */
  synced: boolean;
  /**
   * Last proofs, kept over lives: their ages are shown. Stream: an event came. Account: something
   * that only a logged-in account can do. Can-send: own words acknowledged or echoed.
   */
  streamAt: number | undefined;
  accountAt: number | undefined;
  canSendAt: number | undefined;
  /** A probe failed and nothing was proven since. */
  doubt: string | undefined;
  probing: boolean;
  probedAt: number;
  qr: (QrCode & { statusAt: number }) | undefined;
  /** Since when the session that channels believe in has had no life that proves it. */
  lostAt: number | undefined;
  /** WeChat ended the session, or it was unreachable for too long; until `retryAt`. */
  offline: { reason: string; retryAt: number } | undefined;
  /** The provider refuses, or nothing came of starting; until there is a login or a QR code. */
  failure: { reason: string } | undefined;
}

/** All in ms. */
export const limits = {
  start: 60_000,
  /** Life of a QR code whose driver tells none, and how long its successor may take. */
  qr: 120_000,
  qrRenewal: 10_000,
  confirm: 60_000,
  sync: 60_000,
  syncing: 300_000,
  /** A quiet stream is probed after this, doubted after `stream`. */
  quiet: 20_000,
  stream: 60_000,
  account: 900_000,
  /** A probe's answer; how soon after one the next is made, usually and in doubt. */
  probe: 5000,
  probeAgain: 10_000,
  probeInDoubt: 3000,
  suspect: 30_000,
  /** Flaps are held back: a session without a life counts as offline after this. */
  lost: 180_000,
  offlineJitter: [1000, 5000],
} as const;

export function newFacts(desired: Desired, bound: Facts['bound'], now: number): Facts {
  return {
    desired,
    bound,
    process: 'down',
    lifeAt: now,
    account: undefined,
    synced: false,
    streamAt: undefined,
    accountAt: undefined,
    canSendAt: undefined,
    doubt: undefined,
    probing: false,
    probedAt: 0,
    qr: undefined,
    lostAt: undefined,
    offline: undefined,
    failure: undefined,
  };
}

/** The state is a function of the facts and their ages, never of the last event alone. */
export function deriveState(facts: Facts, now: number): BotState {
  if (facts.desired === 'off') return 'off';
  if (facts.desired === 'out') return 'offline';
  if (facts.account !== undefined) return loggedIn(facts, facts.account, now);
  if (facts.failure !== undefined) return 'failed';
  if (facts.qr !== undefined) {
    const scanned = facts.qr.status !== 'waiting';
    return scanned && now - facts.qr.statusAt < limits.confirm ? 'confirm' : 'scan';
  }
  if (facts.offline !== undefined) return 'offline';
  if (facts.lostAt !== undefined) return 'suspect';
  return 'starting';
}

function loggedIn(facts: Facts, account: Account, now: number): BotState {
  if (facts.bound !== undefined && facts.bound.id !== account.id) return 'wrong-account';
  if (facts.doubt !== undefined) return 'suspect';
  if (now - (facts.streamAt ?? 0) >= limits.stream) return 'suspect';
  if (now - (facts.accountAt ?? 0) >= limits.account) return 'suspect';
  return facts.synced ? 'ready' : 'syncing';
}

/**
 * fail: give this attempt up, tell so, go on trying. restart: begin a new life of the driver.
 * renew: the QR code is over and no other came. giveUp: the lost session counts as offline.
 * relogin: offline long enough. probe: ask the other side. look: derive again.
 */
export type Action = 'fail' | 'restart' | 'renew' | 'giveUp' | 'relogin' | 'probe' | 'look';
export interface Step {
  at: number;
  action: Action;
}

/** What has to be done next about a bot in `state` since `since`, and when: no state is a trap. */
export function nextStep(facts: Facts, state: BotState, since: number): Step | undefined {
  switch (state) {
    case 'starting':
      return { at: since + limits.start, action: 'fail' };
    case 'scan':
      return { at: (facts.qr?.expiresAt ?? since) + limits.qrRenewal, action: 'renew' };
    case 'confirm':
      return { at: (facts.qr?.statusAt ?? since) + limits.confirm, action: 'look' };
    case 'syncing':
      return earliest({ at: since + limits.syncing, action: 'restart' }, ...watch(facts));
    case 'ready':
      return earliest(...watch(facts));
    case 'wrong-account':
      return facts.doubt === undefined
        ? earliest(...probes(facts), {
            at: (facts.streamAt ?? 0) + limits.stream + limits.suspect,
            action: 'restart',
          })
        : { at: facts.probedAt, action: 'restart' };
    case 'suspect':
      return suspectStep(facts, since);
    case 'offline':
      return facts.offline === undefined || facts.desired !== 'on'
        ? undefined
        : { at: facts.offline.retryAt, action: 'relogin' };
    case 'failed':
      // The next life comes by itself, for ever; one that brings nothing ends like the first.
      return facts.process === 'up'
        ? { at: facts.lifeAt + limits.start, action: 'restart' }
        : undefined;
    case 'off':
      return undefined;
  }
}

/** What may follow each state; the tests hold every observed change against it. */
export const edges: Record<BotState, readonly BotState[]> = {
  off: ['starting'],
  starting: ['scan', 'confirm', 'syncing', 'wrong-account', 'offline', 'failed', 'off'],
  scan: ['confirm', 'syncing', 'wrong-account', 'starting', 'offline', 'failed', 'off'],
  confirm: ['scan', 'syncing', 'wrong-account', 'starting', 'offline', 'failed', 'off'],
  syncing: ['ready', 'suspect', 'scan', 'wrong-account', 'offline', 'failed', 'off'],
  ready: ['suspect', 'syncing', 'scan', 'wrong-account', 'offline', 'failed', 'off'],
  suspect: ['ready', 'syncing', 'scan', 'confirm', 'wrong-account', 'offline', 'failed', 'off'],
  offline: ['starting', 'scan', 'confirm', 'syncing', 'wrong-account', 'failed', 'off'],
  // suspect: accepted while its stream is silent.
  'wrong-account': ['syncing', 'suspect', 'starting', 'scan', 'offline', 'failed', 'off'],
  failed: ['starting', 'scan', 'confirm', 'syncing', 'wrong-account', 'offline', 'off'],
};

export function userActionOf(state: BotState, desired: Desired): UserAction {
  switch (state) {
    case 'scan':
    case 'confirm':
      return state;
    case 'starting':
    case 'syncing':
    case 'suspect':
      return 'wait';
    case 'offline':
      return desired === 'out' ? 'none' : 'wait';
    case 'wrong-account':
      return 'decide';
    case 'failed':
      return 'contact-provider';
    case 'off':
    case 'ready':
      return 'none';
  }
}

/** Why sends wait in this state. */
export function waitReasonOf(state: BotState): Text | undefined {
  return waitReasons[state];
}

const waitReasons: Record<BotState, Text | undefined> = {
  off: { zh: '机器人未启动，请先登录', en: 'the bot is off: log it in first' },
  starting: { zh: '机器人正在启动', en: 'the bot is starting' },
  scan: { zh: '等待扫描二维码登录', en: 'the login QR code has to be scanned' },
  confirm: { zh: '已扫码，等待在手机上确认', en: 'scanned: confirm on the phone' },
  syncing: { zh: '正在同步群列表', en: 'the rooms are being synced' },
  ready: undefined,
  suspect: { zh: '连接可疑，正在检查', en: 'the connection is in doubt and being checked' },
  offline: { zh: '机器人已掉线', en: 'the bot is offline' },
  'wrong-account': {
    zh: '登录的微信号与绑定的不一致，等待运维人员决定',
    en: 'another WeChat account is logged in: an operator has to decide',
  },
  failed: { zh: '机器人无法启动', en: 'the bot cannot start' },
};

/** While logged in: probe a quiet stream, and look again when a proof gets too old. */
function watch(facts: Facts): Step[] {
  return [
    ...probes(facts),
    { at: (facts.streamAt ?? 0) + limits.stream, action: 'look' },
    { at: (facts.accountAt ?? 0) + limits.account, action: 'look' },
  ];
}

function probes(facts: Facts): Step[] {
  if (facts.probing || facts.process !== 'up') return [];
  const quietSince = (facts.streamAt ?? 0) + limits.quiet;
  return [{ at: Math.max(quietSince, facts.probedAt + limits.probeAgain), action: 'probe' }];
}

function suspectStep(facts: Facts, since: number): Step | undefined {
  if (facts.account !== undefined) {
    // The stream is in doubt, or the account has not been proven for long: a new life tells.
    const restart: Step = { at: since + limits.suspect, action: 'restart' };
    if (facts.probing || facts.process !== 'up') return restart;
    return earliest(restart, { at: facts.probedAt + limits.probeInDoubt, action: 'probe' });
  }
  const steps: Step[] = [];
  if (facts.lostAt !== undefined) {
    steps.push({ at: facts.lostAt + limits.lost, action: 'giveUp' });
  }
  // Up, but neither a login nor a QR code came.
  if (facts.process === 'up') steps.push({ at: facts.lifeAt + limits.start, action: 'restart' });
  return earliest(...steps);
}

function earliest(...steps: Step[]): Step | undefined {
  let first: Step | undefined;
  for (const step of steps) if (first === undefined || step.at < first.at) first = step;
  return first;
}
