import type { OutboxRow } from '../../store/wechat-outbox.ts';
import type { Content } from '../im/content.ts';

/** What a row of kind `custom` holds. */
export interface CustomContent {
  content: Content;
  /** Made by a machine: WeChat says so to the user. */
  ai?: boolean;
}

/** What a row of kind `notice` holds. */
export interface NoticeContent {
  sender: string;
  text: string;
  /** Of the message, epoch ms. */
  at: number;
  /** A legacy form id came along: the user has allowed something, whatever else is known. */
  form?: boolean;
  /** Later than this it is not sent, epoch ms. */
  until: number;
}

export function customOf(row: OutboxRow): CustomContent {
  // Written by us.
  return JSON.parse(row.content) as CustomContent;
}

export function noticeOf(row: OutboxRow): NoticeContent {
  // Written by us.
  return JSON.parse(row.content) as NoticeContent;
}
