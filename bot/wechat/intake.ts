import type { Logger } from '../../config/logger.ts';
import type { Database } from '../../store/database.ts';
import {
  type PushFilter,
  type PushHead,
  type PushRow,
  WechatPushStore,
} from '../../store/wechat-pushes.ts';
import type { Clock } from '../clock.ts';
import { DeadlinePassed, within } from '../deadline.ts';
import { AppError } from '../errors.ts';
import type { Account, Accounts } from './account.ts';
import type { Refusal, RefusalReason } from './diagnosis.ts';
import type { MediaPort } from './ports.ts';
import { isProbe, type Push, type PushFormat, type PushQuery, readEcho, readPush } from './push.ts';
import { type PushCount, PushCounts } from './push-counts.ts';
import type { EffectOptions } from './push-effects.ts';
import { PushHandler } from './push-handler.ts';
import { type PushKeeping, PushRetention } from './push-retention.ts';
import { PushWorker } from './push-worker.ts';
import { redacted } from './redact.ts';
import { RefusalLog } from './refusal-log.ts';
import { acknowledgement, plainReply, type Reply, sealReply } from './reply.ts';

export interface IntakeOptions extends EffectOptions {
  db: Database;
  accounts: Accounts;
  media: MediaPort;
  clock: Clock;
  logger: Logger;
  keep?: PushKeeping;
}

/** What WeChat is told. */
export type IntakeAnswer =
  | { kind: 'answer'; text: string; format: PushFormat | 'text' }
  | { kind: 'unknown account' }
  | { kind: 'refused'; reason: RefusalReason }
  /** It is not known to be on disk: WeChat has to come again. */
  | { kind: 'not now' };

/** WeChat waits for 5 s, and comes three times. */
const answerWithinMs = 4500;

/**
 * What WeChat pushes. A push is answered when it is on disk, and worked off from there: once, and
 * for each user in order, whatever happens in between. Another try of the same push gets the same
 * answer.
 */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #store: WechatPushStore;
  readonly #handler: PushHandler;
  readonly #worker: PushWorker;
  readonly #retention: PushRetention;
  readonly #refusals: RefusalLog;
  readonly #counts = new PushCounts();

  constructor(options: IntakeOptions) {
    const { db, clock, logger } = options;
    this.#options = options;
    this.#store = new WechatPushStore(db);
    this.#handler = new PushHandler(options, this.#store);
    this.#worker = new PushWorker({
      store: this.#store,
      clock,
      logger,
      handle: (id, signal) => this.#handler.handle(id, signal),
      fail: (id, error) => this.#handler.fail(id, error),
    });
    this.#retention = new PushRetention({ store: this.#store, clock, logger, keep: options.keep });
    this.#refusals = new RefusalLog({ clock, logger });
  }

  /** Works off what the life before has left. */
  start(): void {
    this.#worker.start();
    this.#retention.start();
  }

  /** Ends what is under way; what waits stays due. */
  async stop(): Promise<void> {
    await this.#retention.stop();
    await this.#worker.stop();
  }

  /** The verification of an address, by GET. */
  verify(appid: string, query: PushQuery): IntakeAnswer {
    const account = this.#options.accounts.get(appid);
    if (account === undefined) return this.#refuseUnknown(appid);
    const read = readEcho({ account, query });
    if (!read.ok) return this.#refuse(appid, read);
    return { kind: 'answer', text: read.echo, format: 'text' };
  }

  /** A push, by POST. */
  async receive(appid: string, query: PushQuery, body: Uint8Array): Promise<IntakeAnswer> {
    const account = this.#options.accounts.get(appid);
    if (account === undefined) return this.#refuseUnknown(appid);
    if (isProbe(body)) return { kind: 'answer', text: acknowledgement, format: 'text' };
    const read = readPush({ account, query, body });
    if (!read.ok) return this.#refuse(appid, read);
    const { clock, logger } = this.#options;
    try {
      const answer = await within(clock, answerWithinMs, () => this.#keep(read.push, account));
      const text = sealReply(read.push, answer, account, clock);
      return { kind: 'answer', text, format: text === acknowledgement ? 'text' : read.push.format };
    } catch (error) {
      const late = error instanceof DeadlinePassed;
      logger.error(
        { err: error, account: appid, kind: read.push.kind },
        late ? 'a push is not on disk in time' : 'a push could not be stored',
      );
      this.#counts.add(appid, 'late');
      return { kind: 'not now' };
    }
  }

  /** What came since start. */
  counts(): PushCount[] {
    return this.#counts.read();
  }

  /** How many wait to be worked off, and how many have failed. */
  backlog(): Promise<{ due: number; failed: number }> {
    return this.#store.backlog();
  }

  /** For operators: newest first, without their texts. */
  list(filter: PushFilter): Promise<PushHead[]> {
    return this.#store.list(filter);
  }

  get(id: number): Promise<PushRow | undefined> {
    return this.#store.get(id);
  }

  /**
   * A failed push is worked off again, after what else its user waits for.
   * @throws AppError not_found, conflict (it has not failed, or its text is forgotten)
   */
  async replay(id: number): Promise<void> {
    const row = await this.#store.get(id);
    if (row === undefined) {
      throw new AppError('not_found', { zh: `没有推送 ${id}`, en: `there is no push ${id}` });
    }
    const revived = await this.#store.db.transaction(async (tx) => {
      const done = await this.#store.revive(tx, id);
      if (done) tx.onDurable(() => this.#worker.take(row));
      return done;
    });
    if (!revived) {
      throw new AppError('conflict', {
        zh: `推送 ${id} 未失败，或其内容已清除`,
        en: `push ${id} has not failed, or its text is forgotten`,
      });
    }
  }

  /** Forgets what is old; done hourly by itself. */
  prune(): Promise<{ bodies: number; rows: number }> {
    return this.#retention.run();
  }

  /** @returns the answer that this push gets, whichever try it is */
  async #keep(push: Push, account: Account): Promise<string> {
    const { clock } = this.#options;
    const began = clock.now();
    const given = {
      ...{ account: push.account, key: push.key, kind: storable(push.kind) },
      ...{ open_id: storable(push.openId), format: push.format, received_at: began },
      body: storable(redacted(push)),
      answer: storable(plainReply(push, replyTo(push, account), account, clock)),
    };
    const kept = await this.#store.db.transaction(async (tx) => {
      const added = await this.#store.add(tx, given);
      if (added.isNew) {
        tx.onDurable(() => {
          this.#handler.noteTime(added.id, clock.now() - began);
          this.#worker.wake();
        });
      }
      return added;
    });
    this.#counts.add(push.account, kept.isNew ? 'taken' : 'repeated');
    return kept.answer;
  }

  #refuseUnknown(appid: string): IntakeAnswer {
    this.#refusals.addUnknown(appid);
    return { kind: 'unknown account' };
  }

  #refuse(appid: string, refusal: Refusal): IntakeAnswer {
    this.#refusals.add(appid, refusal);
    this.#counts.add(appid, 'refused');
    return { kind: 'refused', reason: refusal.reason };
  }
}

export function createIntake(options: IntakeOptions): Intake {
  return new Intake(options);
}

/** What is said in the answer itself; mini programs may not, theirs is sent. */
function replyTo(push: Push, { settings }: Account): Reply | undefined {
  const { welcome } = settings;
  return push.kind === 'event:subscribe' && welcome !== undefined
    ? { type: 'text', text: welcome }
    : undefined;
}

/** As any database takes it. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '');
}
