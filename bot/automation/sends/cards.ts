import type { Clock } from '../../clock.ts';
import { AppError } from '../../errors.ts';
import { FetchError, type Fetcher } from '../../fetcher.ts';
import { typeOf } from '../../file-type.ts';
import type { Card } from '../driver.ts';

/** Largest thumbnail of a card: 200 KB, as WeChat takes them. */
const thumbLimit = 200 * 1024;
/** A thumbnail that does not come in this time is left to WeChat to judge. */
const thumbTimeout = 3000;
const verdictAge = 600_000;
const verdicts = 1000;

const lengths: Record<keyof Omit<Card, 'thumbKey'>, { most: number; required: boolean }> = {
  appid: { most: 128, required: true },
  username: { most: 256, required: true },
  title: { most: 512, required: true },
  description: { most: 2048, required: false },
  pagePath: { most: 2048, required: true },
  thumbUrl: { most: 4096, required: false },
};

/**
 * Presence and length of a card's fields.
 * @NOTE seed 004, 小程序卡片对象示例: the document shows placeholders, no formats; what an appid
 * or a page really is only WeChat knows, so their form is not judged.
 * @throws AppError field_missing, field_value
 */
export function checkCard(card: Card): void {
  for (const [name, rule] of Object.entries(lengths) as [
    keyof typeof lengths,
    (typeof lengths)[keyof typeof lengths],
  ][]) {
    const value = card[name];
    if (rule.required && value.trim() === '') {
      throw new AppError(
        'field_missing',
        { zh: `小程序卡片缺少 ${name}`, en: `the card has no ${name}` },
        { field: name },
      );
    }
    if (value.length > rule.most) {
      throw new AppError(
        'field_value',
        { zh: `${name} 超过 ${rule.most} 个字符`, en: `${name} is longer than ${rule.most}` },
        { field: name },
      );
    }
  }
}

/** `bad` is proof that the card cannot be shown; `unchecked`: nobody could tell. */
export type ThumbVerdict = { is: 'good' | 'unchecked' } | { is: 'bad'; why: string };

/**
 * Checks thumbnails before a card leaves, and remembers what came out for ten minutes.
 * What cannot be reached from here (another network, a slow host) is no proof: WeChat may reach it.
 */
export class Thumbs {
  readonly #fetcher: Fetcher;
  readonly #clock: Clock;
  readonly #known = new Map<string, { verdict: ThumbVerdict; until: number }>();

  constructor(options: { fetcher: Fetcher; clock: Clock }) {
    this.#fetcher = options.fetcher;
    this.#clock = options.clock;
  }

  /** What is known without asking anyone; undefined: `check` has to run. */
  verdict(card: Card): ThumbVerdict | undefined {
    // A picture on WeChat's own servers, named by id and key, or none at all.
    if ((card.thumbKey ?? '') !== '' || card.thumbUrl === '') return { is: 'good' };
    const objection = this.#fetcher.objection(card.thumbUrl);
    if (objection !== undefined) return { is: 'bad', why: `thumbnail: ${objection}` };
    const known = this.#known.get(card.thumbUrl);
    return known !== undefined && known.until > this.#clock.now() ? known.verdict : undefined;
  }

  async check(card: Card, signal: AbortSignal): Promise<ThumbVerdict> {
    const verdict = await this.#look(card.thumbUrl, signal);
    this.#known.delete(card.thumbUrl);
    this.#known.set(card.thumbUrl, { verdict, until: this.#clock.now() + verdictAge });
    if (this.#known.size > verdicts) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    return verdict;
  }

  async #look(url: string, signal: AbortSignal): Promise<ThumbVerdict> {
    try {
      const limits = { maxBytes: thumbLimit, timeoutMs: thumbTimeout, signal };
      const type = await typeOf(await this.#fetcher.fetch(url, limits));
      if (type?.mime.startsWith('image/') === true) return { is: 'good' };
      return { is: 'bad', why: 'thumbnail: not a picture' };
    } catch (error) {
      if (error instanceof FetchError && error.fault !== 'unreachable') {
        return { is: 'bad', why: `thumbnail: ${error.message}` };
      }
      return { is: 'unchecked' };
    }
  }
}
