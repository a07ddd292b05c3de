import type { Tx } from '../../store/database.ts';

/** Somebody is told of a message that he has not fetched. */
export interface Notice {
  /** Allows one template message; null: there is none. */
  formId: string | null;
  fromUserId: string;
  toUserId: string;
  /** The message, as it was given. */
  msg: Record<string, unknown>;
}

/** What WeChat says to a send. */
export interface WechatAnswer {
  errcode: number;
  errmsg: string;
}

/** What this family needs of WeChat's platform. */
export interface WechatPort {
  /** Uses up the oldest live form id of a user. Undefined: there is none. */
  takeForm(tx: Tx, openId: string): Promise<string | undefined>;
  /** Tells somebody by whatever way WeChat leaves open. */
  sendNotice(notice: Notice): Promise<WechatAnswer>;
}
