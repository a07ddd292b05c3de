import type { Clock } from '../clock.ts';
import { type Callback, CallbackFault } from './callback.ts';
import { Interrupted, type Progress } from './handed-notices.ts';
import type { Notice, WechatPort } from './ports.ts';

export interface NoticeTellerOptions {
  wechat: Pick<WechatPort, 'sendNotice'>;
  callback: Pick<Callback, 'objection' | 'post'>;
  /** Whether an address is our own for template messages. */
  isOwn: (address: string) => boolean;
  clock: Clock;
}

/** Whom a notice tells of whom. */
export type Told = Omit<Notice, 'msg'>;

/** What the other side said. */
export interface Said {
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

  /** Whether it is said by the outbox, which keeps it over a crash by itself. */
  isOwn(address: string): boolean {
    return this.#options.isOwn(address);
  }

  /** Why nothing may be said there; undefined: it may. */
  objection(address: string): string | undefined {
    const { isOwn, callback } = this.#options;
    return isOwn(address) ? undefined : callback.objection(address);
  }

  /**
   * Once; again only while nothing can have reached the other side.
   * @param msg the message as it was given, JSON
   * @throws CallbackFault; Interrupted
   */
  async post(
    address: string,
    { notice, msg, progress }: { notice: Told; msg: Uint8Array; progress: Progress },
    signal: AbortSignal,
  ): Promise<Said> {
    const { callback, clock } = this.#options;
    const json = spell(notice, msg);
    let { tries } = progress;
    if (tries > 0) await progress.leaves();
    for (;;) {
      try {
        const status = await callback.post(address, json, signal);
        return { taken: status >= 200 && status < 300, status };
      } catch (error) {
        if (!(error instanceof CallbackFault) || error.begun) throw error;
        const pause = retryMs[tries];
        if (pause === undefined) throw error;
        tries += 1;
        await progress.waits(tries);
        await clock.sleep(pause, signal);
        if (signal.aborted) throw new Interrupted('stopping');
        await progress.leaves();
      }
    }
  }

  /** By our own outbox. @throws what WeChat's side throws */
  async send(notice: Notice): Promise<Said> {
    const { errcode } = await this.#options.wechat.sendNotice(notice);
    return { taken: errcode === 0, errcode };
  }
}

function spell({ formId, fromUserId, toUserId }: Told, msg: Uint8Array): string {
  const head = JSON.stringify({ formId, fromUserId, toUserId });
  return `${head.slice(0, -1)},"msg":${Buffer.from(msg).toString('utf8')}}`;
}
