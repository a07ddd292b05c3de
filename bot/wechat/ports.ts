import type { Tx } from '../../store/database.ts';

/**
 * What a user did that lets us write to him for a while: `message` (48 h), `enter` (a mini program's
 * session, 1 min), `click` (a menu), `follow` and `scan` (1 min each).
 */
const windowActions = ['message', 'enter', 'click', 'follow', 'scan'] as const;
export type WindowAction = (typeof windowActions)[number];

/** The ledger of what may be sent to whom. */
export interface WindowPort {
  /** @param at when he did it, epoch ms; pushes may be worked off late */
  opened(tx: Tx, account: string, openId: string, action: WindowAction, at: number): Promise<void>;
  /** He has left: nothing may be sent, nothing is kept of him. */
  forget(tx: Tx, account: string, openId: string): Promise<void>;
}

/** One template in a subscribe event. */
export interface TemplateChoice {
  templateId: string;
  accepted: boolean;
}

/** What became of a subscribe message. */
export interface TemplateOutcome {
  templateId: string;
  /** As a text: it does not fit into a number. */
  msgId: string;
  /** 0: he has got it. */
  errorCode: number;
  errorStatus: string;
}

/** The ledger of subscribe messages that users have allowed. */
export interface CreditPort {
  /** He was asked: each template accepted may be sent to him once more. */
  answered(
    tx: Tx,
    account: string,
    openId: string,
    choices: readonly TemplateChoice[],
    at: number,
  ): Promise<void>;
  /** He changed his settings: what he refuses there may not be sent any more. */
  changed(
    tx: Tx,
    account: string,
    openId: string,
    choices: readonly TemplateChoice[],
    at: number,
  ): Promise<void>;
  /** WeChat tells what became of messages sent. */
  sent(
    tx: Tx,
    account: string,
    openId: string,
    outcomes: readonly TemplateOutcome[],
    at: number,
  ): Promise<void>;
  /** He has left: nothing is kept of him. */
  forget(tx: Tx, account: string, openId: string): Promise<void>;
}

/** Fetches what WeChat holds for three days. */
export interface MediaPort {
  /** Stored here; undefined: it could not be had. Gives up by itself when it takes too long. */
  download(
    account: string,
    mediaId: string,
    signal?: AbortSignal,
  ): Promise<{ url: string } | undefined>;
}

/** What else is known of a user by name: nickname, avatar, sessions. */
export interface ProfilePort {
  /** He has left: it is forgotten. */
  forget(tx: Tx, account: string, openId: string): Promise<void>;
}
