import type { Logger } from '../../config/logger.ts';
import type { Param, Tx } from '../../store/database.ts';
import type { ImMessageStore } from '../../store/im-messages.ts';
import type { Clock } from '../clock.ts';
import { Heads } from './heads.ts';
import type { Hub } from './hub.ts';
import { type FirstKey, InboxReader } from './inbox-reader.ts';
import type { Message, MessageKind, Parties, Placed, User } from './message.ts';
import type { Session } from './session.ts';

/** A message to be said. */
export interface Draft {
  kind: MessageKind;
  appid: number;
  sender: number;
  receiver: number;
  device: number;
  clientId: number;
  parties?: Parties;
  content: Buffer;
  /** When it was said; absent: now. */
  at?: number;
  /** Whose inbox it goes into, each once; empty for a super group. */
  inboxes: readonly User[];
  /** Super group: it lies once in the group's inbox, and the members are told. */
  group?: { gid: number; members: Iterable<number> };
  /** `push`: live sessions get the content; `tell`: only word that there is something. */
  push: 'push' | 'tell';
  /** It was said here: this session is told of it in another way. */
  except?: Session;
  /** Written in the same transaction, after the message; throwing takes the whole batch back. */
  alongside?: (tx: Tx, outcome: Outcome) => Promise<void>;
}

/** Where a message came to lie. */
export interface Outcome {
  message: Message;
  /** One for each inbox of the draft. */
  seqs: number[];
  groupSeq: number | undefined;
}

type Done = (error: Error | undefined, outcome: Outcome | undefined) => void;
interface Waiting {
  draft: Draft;
  done: Done | undefined;
}

export interface MessageLogOptions {
  store: ImMessageStore;
  hub: Hub;
  clock: Clock;
  logger: Logger;
  /** Absent: all inboxes begin at 1. */
  firstKey?: FirstKey;
  /** Throws while nothing new is taken. */
  assertRoom?: () => void;
}

/**
 * The one log of everything that is said, and the inboxes over it. A message is numbered inside the
 * transaction that stores it, so that numbers follow each other in the order in which messages
 * become durable; only then it is delivered. What arrives in one turn of the event loop shares a
 * transaction.
 */
export class MessageLog extends InboxReader {
  readonly #store: ImMessageStore;
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #heads: Heads;
  readonly #assertRoom: (() => void) | undefined;
  #waiting: Waiting[] = [];
  #stored = 0;

  constructor({ store, hub, clock, firstKey = () => 0, assertRoom }: MessageLogOptions) {
    super(store, firstKey);
    this.#store = store;
    this.#hub = hub;
    this.#clock = clock;
    this.#heads = new Heads(store, firstKey);
    this.#assertRoom = assertRoom;
  }

  /** Messages stored in this life of the daemon. */
  get stored(): number {
    return this.#stored;
  }

  /** Stores and delivers it; `done` is called when it is on disk, before any session is told. */
  append(draft: Draft, done: Done): void {
    try {
      this.#assertRoom?.();
    } catch (error) {
      setImmediate(() => done(error as Error, undefined));
      return;
    }
    this.#waiting.push({ draft, done });
    if (this.#waiting.length === 1) setImmediate(() => this.#write());
  }

  /** The same inside the caller's transaction. */
  async appendIn(tx: Tx, draft: Draft): Promise<Outcome> {
    const [outcome] = await this.#add(tx, [{ draft, done: undefined }]);
    if (outcome === undefined) throw new Error('nothing was appended');
    return outcome;
  }

  /** Puts a message of this transaction into one inbox more. @returns its place there */
  async placeIn(tx: Tx, user: User, message: Message, push: Draft['push']): Promise<number> {
    tx.onRollback(() => this.#heads.forget());
    const place = this.#heads.next(user.appid, user.uid);
    const seq = typeof place === 'number' ? place : await place(tx);
    await this.#store.addPlaces(tx, [user.appid, user.uid, seq, message.id]);
    tx.onDurable(() => this.#tell(user, { seq, message }, push === 'push', undefined));
    return seq;
  }

  /** Resolves when what waits is on disk. */
  async drain(): Promise<void> {
    this.#write();
    await this.#store.db.transaction(() => undefined).catch(() => {});
  }

  #write(): void {
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    this.#store.db
      .transaction((tx) => this.#add(tx, batch), { unguarded: true })
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error : new Error(String(error));
        for (const { done } of batch) done?.(reason, undefined);
      });
  }

  async #add(tx: Tx, batch: readonly Waiting[]): Promise<Outcome[]> {
    tx.onRollback(() => this.#heads.forget());
    const { outcomes, messages, places } = await this.#number(tx, batch);
    await this.#store.addMessages(tx, messages);
    await this.#store.addPlaces(tx, places);
    for (const [at, { draft }] of batch.entries()) {
      const outcome = outcomes[at];
      if (outcome?.groupSeq === undefined || draft.group === undefined) continue;
      const { gid } = draft.group;
      await this.#store.addGroupPlace(tx, gid, outcome.groupSeq, outcome.message.id);
    }
    for (const [at, { draft }] of batch.entries()) {
      const outcome = outcomes[at];
      if (outcome !== undefined) await draft.alongside?.(tx, outcome);
    }
    tx.onDurable(() => {
      this.#stored += batch.length;
      for (const [at, { draft, done }] of batch.entries()) {
        const outcome = outcomes[at];
        if (outcome === undefined) continue;
        done?.(undefined, outcome);
        this.#deliver(draft, outcome);
      }
    });
    return outcomes;
  }

  /** Numbers each message and each of its places, in the order in which they came. */
  async #number(tx: Tx, batch: readonly Waiting[]) {
    const heads = this.#heads;
    heads.trim();
    const now = this.#clock.now();
    const outcomes: Outcome[] = [];
    const messages: Param[] = [];
    const places: Param[] = [];
    for (const { draft } of batch) {
      // Almost every head is in memory: nothing is waited for.
      const next = heads.nextId();
      const message = messageOf(draft, typeof next === 'number' ? next : await next(tx), now);
      pushMessage(messages, message);
      const seqs: number[] = [];
      for (const { appid, uid } of draft.inboxes) {
        const place = heads.next(appid, uid);
        const seq = typeof place === 'number' ? place : await place(tx);
        places.push(appid, uid, seq, message.id);
        seqs.push(seq);
      }
      let groupSeq: number | undefined;
      if (draft.group !== undefined) {
        const place = heads.nextOfGroup(draft.group.gid, draft.appid);
        groupSeq = typeof place === 'number' ? place : await place(tx);
      }
      outcomes.push({ message, seqs, groupSeq });
    }
    return { outcomes, messages, places };
  }

  #deliver({ inboxes, group, push, except, appid }: Draft, outcome: Outcome): void {
    const { message, seqs, groupSeq } = outcome;
    const hub = this.#hub;
    const pushed = push === 'push';
    for (let at = 0; at < inboxes.length; at += 1) {
      const user = inboxes[at];
      if (user !== undefined) this.#tell(user, { seq: seqs[at] ?? 0, message }, pushed, except);
    }
    if (group === undefined || groupSeq === undefined) return;
    const placed: Placed = { seq: groupSeq, message };
    for (const uid of group.members) {
      for (const session of hub.of(appid, uid)) {
        if (session !== except) session.group(group.gid, placed, pushed);
      }
    }
  }

  #tell({ appid, uid }: User, placed: Placed, pushed: boolean, except: Session | undefined): void {
    for (const session of this.#hub.of(appid, uid)) {
      if (session !== except) session.inbox(placed, pushed);
    }
  }
}

function messageOf(draft: Draft, id: number, now: number): Message {
  const { kind, appid, sender, receiver, device, clientId, parties, content } = draft;
  const at = draft.at ?? now;
  return { id, appid, kind, sender, receiver, device, clientId, parties, content, at };
}

function pushMessage(values: Param[], message: Message): void {
  values.push(
    message.id,
    message.appid,
    message.kind,
    message.sender,
    message.receiver,
    message.device,
    message.clientId,
    message.parties === undefined ? null : JSON.stringify(message.parties),
    message.content,
    message.at,
  );
}
