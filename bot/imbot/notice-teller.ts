import type { Clock } from '../clock.ts';
import { type Callback, CallbackFault } from './callback.ts';
import type { Notice, WechatPort } from './ports.ts';

export interface NoticeTellerOptions {
  wechat: Pick<WechatPort, 'sendNotice'>;
  callback: Pick<Callback, 'objection' | 'post'>;
  /** Whether an address is our own for template messages. */
  isOwn: (address: string) => boolean;
  clock: Clock;
}

/** What the other side said. */
export interface Told {
  taken: boolean;
  /** Of HTTP, or of WeChat. */
  status?: number;
  errcode?: number;
}

/** Pauses before what never reached the other side is said again. */
const retryMs = [1000, 5000, 15_000];

/** Says a notice to whoever the sender of the message has named. */
export class NoticeTeller {
  readonly #options: NoticeTellerOptions;

  constructor(options: NoticeTellerOptions) {
    this.#options = options;
  }

  /** Why nothing may be said there; undefined: it may. */
  objection(address: string): string | undefined {
    const { isOwn, callback } = this.#options;
    return isOwn(address) ? undefined : callback.objection(address);
  }

  /**
   * Once; again only while nothing can have reached the other side.
   * @param msg the message as it was given, JSON
   * @throws CallbackFault, or what WeChat's side throws
   */
  async tell(address: string, notice: Notice, msg: Uint8Array, signal: AbortSignal): Promise<Told> {
    const { wechat, isOwn } = this.#options;
    if (isOwn(address)) {
      const { errcode } = await wechat.sendNotice(notice);
      return { taken: errcode === 0, errcode };
    }
    const status = await this.#post(address, spell(notice, msg), signal);
    return { taken: status >= 200 && status < 300, status };
  }

  async #post(address: string, json: string, signal: AbortSignal): Promise<number> {
    const { callback, clock } = this.#options;
    for (const pause of retryMs) {
      try {
        return await callback.post(address, json, signal);
      } catch (error) {
        if (!(error instanceof CallbackFault) || error.begun || signal.aborted) throw error;
      }
      await clock.sleep(pause, signal);
    }
    return await callback.post(address, json, signal);
  }
}

function spell({ formId, fromUserId, toUserId }: Notice, msg: Uint8Array): string {
  const head = JSON.stringify({ formId, fromUserId, toUserId });
  return `${head.slice(0, -1)},"msg":${Buffer.from(msg).toString('utf8')}}`;
}
