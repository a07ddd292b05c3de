import { createTransport } from 'nodemailer';
import type { EmailLaneSettings } from '../../../config/alarm-schema.ts';
import type { Language } from '../../errors.ts';
import { type Lane, type Letter, letterText, letterTitle, whyOf } from './lane.ts';

export interface EmailLaneOptions {
  settings: EmailLaneSettings;
  language: Language;
}

/** Mails it. The Message-ID is made of the letter's id: a mail that comes twice is one mail. */
export class EmailLane implements Lane {
  readonly settings: EmailLaneSettings;
  readonly needsDatabase = false;
  readonly #language: Language;

  constructor({ settings, language }: EmailLaneOptions) {
    this.settings = settings;
    this.#language = language;
  }

  async tell(letter: Letter, signal: AbortSignal): Promise<string | undefined> {
    const { from, to } = this.settings;
    const transport = this.#transport();
    const abort = (): void => transport.close();
    signal.addEventListener('abort', abort);
    try {
      await transport.sendMail({
        from,
        to,
        subject: letterTitle(letter, this.#language),
        text: letterText(letter, this.#language),
        date: new Date(letter.at),
        messageId: `<alarm.${letter.id}@${from.split('@')[1] ?? 'wxrc'}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
      return undefined;
    } catch (error) {
      return whyOf(error);
    } finally {
      signal.removeEventListener('abort', abort);
      transport.close();
    }
  }

  close(): void {}

  /** A connection for each letter: they are few, and a kept one may be dead when it is needed. */
  #transport() {
    const { host, port, tls, username, password, timeoutSeconds } = this.settings;
    const ms = timeoutSeconds * 1000;
    return createTransport({
      host,
      port,
      secure: tls === 'always',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'never',
      connectionTimeout: ms,
      greetingTimeout: ms,
      socketTimeout: ms,
      ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
    });
  }
}
