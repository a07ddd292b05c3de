import { createHmac } from 'node:crypto';
import type { WebhookLaneSettings } from '../../../config/alarm-schema.ts';
import { Poster } from '../../automation/deliveries/delivery-post.ts';
import type { Clock } from '../../clock.ts';
import type { Language } from '../../errors.ts';
import { sign } from '../../signature.ts';
import { type Lane, type Letter, letterText, whyOf } from './lane.ts';

export interface WebhookLaneOptions {
  settings: WebhookLaneSettings;
  clock: Clock;
  language: Language;
}

/** A letter as other programs read it. */
export interface AlarmBody {
  type: 'alarm';
  id: string;
  time: number;
  text: string;
  url: string;
  alarms: Record<string, unknown>[];
}

/**
 * Posts it as JSON, signed as events are: MD5 over body and key, and the headers of Standard
 * Webhooks. Or as the text message of a group robot.
 */
export class WebhookLane implements Lane {
  readonly settings: WebhookLaneSettings;
  readonly needsDatabase = false;
  readonly #options: WebhookLaneOptions;
  readonly #poster: Poster;

  constructor(options: WebhookLaneOptions) {
    this.settings = options.settings;
    this.#options = options;
    const timeoutMs = options.settings.timeoutSeconds * 1000;
    this.#poster = new Poster({ clock: options.clock, timeoutMs, maxAnswerBytes: 65_536 });
  }

  async tell(letter: Letter, signal: AbortSignal): Promise<string | undefined> {
    const abort = (): void => this.#poster.abort();
    signal.addEventListener('abort', abort);
    try {
      const body = JSON.stringify(this.#body(letter));
      const answer = await this.#poster.post(this.settings.url, this.#headers(letter, body), body);
      if (answer === undefined) return 'broken off';
      const { status, error } = answer;
      if (status === undefined) return error ?? 'no answer';
      if (status < 200 || status > 299) return `HTTP ${status}`;
      return this.#refusal(answer.body);
    } catch (error) {
      return whyOf(error);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  close(): void {
    this.#poster.close();
  }

  #body(letter: Letter): object {
    const { language } = this.#options;
    const content = letterText(letter, language);
    switch (this.settings.format) {
      case 'wecom':
      case 'dingtalk':
        return { msgtype: 'text', text: { content } };
      case 'feishu':
        return { msg_type: 'text', content: { text: content } };
      case 'json':
        return {
          type: 'alarm',
          id: letter.id,
          time: letter.at,
          text: content,
          url: letter.url,
          alarms: letter.lines.map(({ what, text, alarm }) => ({
            what,
            text: text[language],
            ...alarm,
          })),
        } satisfies AlarmBody;
    }
  }

  #headers(letter: Letter, body: string): Record<string, string> {
    const { clock } = this.#options;
    const { key, format } = this.settings;
    const headers: Record<string, string> = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'wxrc',
    };
    if (format !== 'json') return headers;
    const id = `alarm_${letter.id}`;
    const timestamp = String(Math.floor(clock.now() / 1000));
    headers['webhook-id'] = id;
    headers['webhook-timestamp'] = timestamp;
    if (key === undefined) return headers;
    headers['X-Ecaspsplus-Signature'] = sign(body, key);
    headers['X-Ecaspsplus-SignatureType'] = 'MD5';
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
    headers['webhook-signature'] = `v1,${digest}`;
    return headers;
  }

  /** Group robots answer 200 to everything; what they think of it stands in the body. */
  #refusal(body: string): string | undefined {
    if (this.settings.format === 'json') return undefined;
    let answer: Record<string, unknown>;
    try {
      answer = JSON.parse(body) as Record<string, unknown>;
    } catch {
      return 'the answer is no JSON';
    }
    const code = answer['errcode'] ?? answer['code'] ?? answer['StatusCode'];
    if (code === 0) return undefined;
    return whyOf(`${code}: ${answer['errmsg'] ?? answer['msg'] ?? ''}`);
  }
}
