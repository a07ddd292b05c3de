import type { Tone } from '../components/notes.tsx';
import { wordOf, words } from '../i18n.ts';

/** States of a bot, and what its operator has to do. */
export const botWords = words(
  {
    off: '已停用',
    starting: '启动中',
    scan: '待扫码',
    confirm: '待确认',
    syncing: '同步中',
    ready: '在线',
    suspect: '存疑',
    offline: '离线',
    'wrong-account': '账号不符',
    failed: '故障',
    doNone: '',
    doWait: '请稍候',
    doScan: '请用手机扫码',
    doConfirm: '请在手机上确认',
    doDecide: '请确认账号',
    doContactProvider: '请联系协议服务商',
  },
  {
    off: 'Off',
    starting: 'Starting',
    scan: 'Waiting for a scan',
    confirm: 'Waiting for confirmation',
    syncing: 'Syncing',
    ready: 'Online',
    suspect: 'In doubt',
    offline: 'Offline',
    'wrong-account': 'Wrong account',
    failed: 'Failed',
    doNone: '',
    doWait: 'Please wait',
    doScan: 'Scan with your phone',
    doConfirm: 'Confirm on your phone',
    doDecide: 'Decide about the account',
    doContactProvider: 'Contact the provider of the puppet',
  },
);

export type BotState =
  | 'off'
  | 'starting'
  | 'scan'
  | 'confirm'
  | 'syncing'
  | 'ready'
  | 'suspect'
  | 'offline'
  | 'wrong-account'
  | 'failed';

export const botTones: Record<BotState, Tone> = {
  off: 'idle',
  starting: 'info',
  scan: 'warn',
  confirm: 'warn',
  syncing: 'info',
  ready: 'good',
  suspect: 'warn',
  offline: 'bad',
  'wrong-account': 'bad',
  failed: 'bad',
};

export function toDo(
  action: 'none' | 'wait' | 'scan' | 'confirm' | 'decide' | 'contact-provider',
): string {
  const known = {
    none: botWords.doNone,
    wait: botWords.doWait,
    scan: botWords.doScan,
    confirm: botWords.doConfirm,
    decide: botWords.doDecide,
    'contact-provider': botWords.doContactProvider,
  };
  return known[action];
}

/** What happened, as events tell channels. */
export const eventWords = words(
  {
    qrCode: '二维码',
    botStatus: '机器人状态',
    userMsg: '收到消息',
    sendStatus: '发送结果',
  },
  {
    qrCode: 'QR code',
    botStatus: 'bot status',
    userMsg: 'message received',
    sendStatus: 'outcome of a send',
  },
);

export type EventType = 'qrCode' | 'botStatus' | 'userMsg' | 'sendStatus';

/** The word of a type of event; one that this console does not know is called as on the wire. */
export function eventWord(type: string): string {
  return wordOf(eventWords, type) ?? type;
}
