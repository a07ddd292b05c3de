import type { SendRow } from '../../../store/sends.ts';
import type { Text } from '../../errors.ts';
import { FetchError } from '../../fetcher.ts';
import type { BotHandle } from '../bots/bot-port.ts';
import { details } from './details.ts';
import { BadImage, Images } from './images.ts';
import { type Payload, type Plan, payloadOf, type Surroundings } from './plan.ts';
import { reasons } from './reasons.ts';
import type { SendCore } from './send-core.ts';
import { type End, settleSend } from './settle.ts';
import { roomLane } from './targets.ts';

/** What an errand came to: the lane goes on, waits, moves elsewhere, or its head has ended. */
export type Errand =
  | { go: 'go-on' }
  | { go: 'wait'; until: number; why: Text }
  | { go: 'move'; lane: string; roomId: string | undefined }
  | { go: 'ended' };

type Wanted = { id: string } | { topic: string };

/** How long an errand may wait for a room sync. */
const proofMs = 30_000;
/** Pauses after the first and later room syncs that did not tell, and after fetches that failed. */
const unprovenPauses = [5000, 15_000, 60_000];
/** So often a room that is there may be denied before the send has failed. */
const deniedTries = 2;
const fetchPauses = [2000, 10_000, 30_000];
/** So many pictures of one bot are fetched at once. */
const fetchers = 4;

/**
 * What takes long before a send can be handed over: proving a room absent, reading contacts,
 * fetching pictures, checking thumbnails. None of it holds a place among the sends on their way.
 */
export class Errands {
  readonly #core: SendCore;
  readonly #stop = new AbortController();
  readonly #fetchQueue: (() => void)[] = [];
  #fetching = 0;
  #contacts: Surroundings['contacts'];
  #contactsAt = 0;

  constructor(core: SendCore) {
    this.#core = core;
  }

  stop(): void {
    this.#stop.abort();
    for (const go of this.#fetchQueue.splice(0)) go();
  }

  /** Contacts as of the last minute, if they were asked for. */
  contacts(now: number): Surroundings['contacts'] {
    return now - this.#contactsAt < 60_000 ? this.#contacts : undefined;
  }

  /** Rejects only when the database does. */
  async run(
    row: SendRow,
    plan: Plan & { do: 'prove' | 'contacts' | 'fetch' | 'thumb' },
    bot: BotHandle,
    tries: number,
  ): Promise<Errand> {
    switch (plan.do) {
      case 'prove':
        return await this.prove(row, plan.target, bot, tries);
      case 'contacts':
        await this.#readContacts(bot);
        return { go: 'go-on' };
      case 'thumb':
        await this.#fetchSlot(() => this.#core.thumbs.check(plan.card, this.#stop.signal));
        return { go: 'go-on' };
      case 'fetch':
        return await this.#fetch(row, plan.url, tries);
    }
  }

  /**
   * Asks for a complete room sync. `denied`: WeChat itself said there is no such room, so a sync
   * that has it ends the send too.
   */
  async prove(
    row: SendRow,
    wanted: Wanted,
    bot: BotHandle,
    tries: number,
    denied = false,
  ): Promise<Errand> {
    const resolution = await bot.rooms.prove(wanted, proofMs, denied);
    switch (resolution.found) {
      case 'absent':
        return await this.#end(row, {
          state: 'absent',
          reason: reasons.roomAbsent,
        });
      case 'ambiguous': {
        const ids = resolution.rooms.map((room) => room.id);
        return await this.#end(row, { state: 'failed', reason: reasons.ambiguousRoom(ids) });
      }
      case 'room':
      case 'renamed': {
        const { id } = resolution.room;
        if (row.lane !== roomLane(id)) return { go: 'move', lane: roomLane(id), roomId: id };
        if (!denied) return { go: 'go-on' };
        // The room is there: what WeChat said may pass.
        if (tries < deniedTries) return this.#later(unprovenPauses, tries, reasons.targetRefused);
        return await this.#end(row, { state: 'failed', reason: reasons.targetRefused });
      }
      case 'not-ready':
        return this.#later(unprovenPauses, tries, reasons.roomUnproven);
    }
  }

  /** WeChat said that the target does not exist: the room sync, or the contacts, have a say too. */
  async denied(row: SendRow, bot: BotHandle, tries: number): Promise<Errand> {
    if (row.room_id !== null) {
      return await this.prove(row, { id: row.room_id }, bot, tries, true);
    }
    const id = row.lane.replace(/^contact:/, '');
    await this.#readContacts(bot);
    const contacts = this.#contacts;
    const known = typeof contacts === 'object' && contacts.list.some((one) => one.id === id);
    return await this.#end(
      row,
      known
        ? { state: 'failed', reason: reasons.targetRefused }
        : { state: 'absent', reason: reasons.contactAbsent },
    );
  }

  async #readContacts(bot: BotHandle): Promise<void> {
    const askedAt = this.#core.clock.now();
    try {
      this.#contacts = { list: await bot.contacts(), askedAt };
    } catch {
      this.#contacts = 'unreadable';
    }
    this.#contactsAt = this.#core.clock.now();
  }

  async #fetch(row: SendRow, url: string, tries: number): Promise<Errand> {
    const core = this.#core;
    try {
      const file = await this.#fetchSlot(() => core.images.fetch(url, this.#stop.signal));
      const { target, content } = payloadOf(row);
      const source = { sha256: file.sha256 };
      const payload: Payload = { target, content: { ...content, kind: 'image', source } };
      await core.db.transaction(async (tx) => {
        await core.store.setPayload(tx, row.msgid, JSON.stringify(payload));
        const detail = core.say(details.fetched(file.type, file.size));
        await core.steps.add(tx, row.msgid, { at: core.clock.now(), step: 'fetched', detail });
      });
      return { go: 'go-on' };
    } catch (error) {
      if (!(error instanceof BadImage) && !(error instanceof FetchError)) throw error;
      const why = error instanceof BadImage ? core.say(error.text) : error.message;
      if (Images.mayComeLater(error) && tries < fetchPauses.length) {
        if (!this.#stop.signal.aborted) await this.#note(row, 'fetch-failed', why);
        const until = core.clock.now() + (fetchPauses[tries] ?? 0);
        return { go: 'wait', until, why: reasons.tryAgainAt(until, why) };
      }
      return await this.#end(row, { state: 'failed', reason: reasons.pictureFailed(why) });
    }
  }

  async #end(row: SendRow, end: End): Promise<Errand> {
    const { db } = this.#core;
    const ended = await db.transaction((tx) => settleSend(this.#core, tx, row, 'queued', end));
    return { go: ended ? 'ended' : 'go-on' };
  }

  async #note(row: SendRow, step: string, detail: string): Promise<void> {
    const { clock, db, steps } = this.#core;
    await db.transaction((tx) => steps.add(tx, row.msgid, { at: clock.now(), step, detail }));
  }

  #later(pauses: readonly number[], tries: number, why: Text): Errand {
    const pause = pauses[Math.min(tries, pauses.length - 1)] ?? 0;
    return { go: 'wait', until: this.#core.clock.now() + pause, why };
  }

  async #fetchSlot<T>(work: () => Promise<T>): Promise<T> {
    if (this.#fetching >= fetchers) {
      await new Promise<void>((resolve) => this.#fetchQueue.push(resolve));
    }
    this.#fetching += 1;
    try {
      return await work();
    } finally {
      this.#fetching -= 1;
      this.#fetchQueue.shift()?.();
    }
  }
}
