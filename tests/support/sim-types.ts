import type { payloads } from 'wechaty-puppet';
import type { Clock } from '../../bot/clock.ts';

/** One thing the simulated WeChat saw. */
export interface SimSeen {
  id: string;
  chatId: string;
  kind: 'text' | 'image' | 'file' | 'miniProgram';
  self: boolean;
  text?: string;
  card?: payloads.MiniProgram;
  fileSha256?: string;
  mentionIds?: string[];
}

/** Kept logins of a simulated WeChat: they outlive puppet, server and client. */
export class SimSessions {
  readonly loggedIn = new Set<string>();
}

export interface SimPuppetOptions {
  account?: { id: string; name: string };
  sessions?: SimSessions;
  clock?: Clock;
  heartbeatMs?: number;
  readyMs?: number;
  qrMs?: number;
}
