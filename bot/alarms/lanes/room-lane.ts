import type { RoomLaneSettings } from '../../../config/alarm-schema.ts';
import type { Database } from '../../../store/database.ts';
import type { BotRegistry } from '../../automation/bots/bot-port.ts';
import { botStateWords } from '../../automation/bots/bot-state.ts';
import type { NewSend, SendView } from '../../automation/sends/send-types.ts';
import type { Sends } from '../../automation/sends/sends.ts';
import type { Clock } from '../../clock.ts';
import type { Language } from '../../errors.ts';
import { type Lane, type Letter, letterText, whyOf } from './lane.ts';

/** Bears alarms in the queue of sends; no channel can have this name. */
const alarmChid = '~alarms';

export interface RoomLaneOptions {
  settings: RoomLaneSettings;
  db: Database;
  bots: Pick<BotRegistry, 'get'>;
  sends: Pick<Sends, 'prepare' | 'accept' | 'status' | 'cancel'>;
  clock: Clock;
  language: Language;
}

/** Between two looks at what became of the send. */
const pollMs = 500;

/**
 * Says it in a room, or to a person, by a bot of ours. The send bears the letter's id as its number,
 * so that after a restart the same letter is waited for, not sent again.
 */
export class RoomLane implements Lane {
  readonly settings: RoomLaneSettings;
  readonly needsDatabase = true;
  readonly #options: RoomLaneOptions;

  constructor(options: RoomLaneOptions) {
    this.settings = options.settings;
    this.#options = options;
  }

  async tell(letter: Letter, signal: AbortSignal): Promise<string | undefined> {
    try {
      const msgid = (await this.#known(letter)) ?? (await this.#send(letter));
      return typeof msgid === 'string' ? msgid : await this.#settled(msgid, signal);
    } catch (error) {
      return whyOf(error);
    }
  }

  close(): void {}

  async #known({ id }: Letter): Promise<number | undefined> {
    const [send] = await this.#options.sends.status({ chid: alarmChid, txcode: id });
    return send?.msgid;
  }

  /** @returns its number, or why it was not even tried */
  async #send(letter: Letter): Promise<number | string> {
    const { bots, sends, db, clock, language } = this.#options;
    const { bot, withinSeconds, mentions } = this.settings;
    const handle = bots.get(bot);
    if (handle === undefined) return `there is no bot ${bot}`;
    // Another lane is surely faster than this bot's next login.
    if (handle.session() === undefined)
      return `bot ${bot} is ${botStateWords[handle.view().state].en}`;
    const prepared = await sends.prepare({
      botcode: bot,
      chid: alarmChid,
      txcode: letter.id,
      target: this.#target(),
      content: { kind: 'text', text: letterText(letter, language), mentions },
      expiresAt: clock.now() + withinSeconds * 1000,
    });
    const { msgid } = await db.transaction((tx) => sends.accept(tx, prepared));
    return msgid;
  }

  #target(): NewSend['target'] {
    const { roomId, roomTopic, contactId } = this.settings;
    if (roomId !== undefined) return { kind: 'room', id: roomId };
    if (roomTopic !== undefined) return { kind: 'room', topic: roomTopic };
    return { kind: 'contact', id: contactId ?? '' };
  }

  /** Waits for its end, no longer than it may wait itself. */
  async #settled(msgid: number, signal: AbortSignal): Promise<string | undefined> {
    const { sends, clock } = this.#options;
    const end = clock.now() + this.settings.withinSeconds * 1000 + 5000;
    let send: SendView | undefined;
    while (!signal.aborted && clock.now() < end) {
      [send] = await sends.status({ msgid });
      if (send === undefined) return 'the send is gone';
      if (send.state === 'sent') return undefined;
      if (['absent', 'failed', 'expired', 'cancelled'].includes(send.state)) {
        return send.reason ?? send.state;
      }
      await clock.sleep(pollMs, signal);
    }
    if (signal.aborted) return 'broken off';
    // What still waits must not come hours later, when another lane has long told it.
    await sends.cancel(msgid);
    return `still ${send?.state ?? 'queued'}`;
  }
}
