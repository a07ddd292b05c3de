import type { Text } from '../../errors.ts';

/** The truth about a bot, derived from proofs; the contract's `logout|login|err` is a spelling of it. */
export const botStates = [
  'off',
  'starting',
  'scan',
  'confirm',
  'syncing',
  'ready',
  'suspect',
  'offline',
  'wrong-account',
  'failed',
] as const;
export type BotState = (typeof botStates)[number];

/** The same for people. */
export const botStateWords: Record<BotState, Text> = {
  off: { zh: '已停用', en: 'off' },
  starting: { zh: '启动中', en: 'starting' },
  scan: { zh: '待扫码', en: 'waiting for a scan' },
  confirm: { zh: '待确认', en: 'waiting for confirmation' },
  syncing: { zh: '同步中', en: 'syncing' },
  ready: { zh: '在线', en: 'online' },
  suspect: { zh: '存疑', en: 'in doubt' },
  offline: { zh: '离线', en: 'offline' },
  'wrong-account': { zh: '账号不符', en: 'wrong account' },
  failed: { zh: '故障', en: 'failed' },
};

/** What the operator has to do for the bot to get on. */
export type UserAction = 'none' | 'wait' | 'scan' | 'confirm' | 'decide' | 'contact-provider';

export interface QrCode {
  /** Unguessable name under which its picture is fetched (`/qr/<name>.png`, `.svg`). */
  name: string;
  /** The text inside the QR code. */
  text: string;
  status: 'waiting' | 'scanned' | 'confirmed';
  createdAt: number;
  expiresAt: number;
  /** Scanned: it has to be confirmed before this, else the scan counts for nothing. */
  confirmBy?: number;
}

export interface BotView {
  botcode: string;
  name: string;
  driver: string;
  state: BotState;
  /** When this state began. */
  since: number;
  userAction: UserAction;
  reason: string | undefined;
  account: { id: string; name: string } | undefined;
  /** The account this botcode is bound to; another one is held back. */
  boundAccountId: string | undefined;
  qr: QrCode | undefined;
  /** Ages of the proofs in ms; undefined: never. */
  ages: {
    stream: number | undefined;
    account: number | undefined;
    canSend: number | undefined;
    rooms: number | undefined;
  };
}
