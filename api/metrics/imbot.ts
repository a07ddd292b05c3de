import { Counter, Gauge, type Registry } from 'prom-client';
import type { Imbot } from '../../bot/imbot/imbot.ts';
import { noticeOutcomes } from '../../bot/imbot/notice-end.ts';

type Measured = Pick<Imbot, 'messages' | 'notices'>;

/** What /metrics tells of the mini-program IM. */
export class ImbotMetrics {
  readonly #imbot: Measured;
  readonly #messages: Counter;
  readonly #timers: Gauge;
  readonly #notices: Counter;

  constructor(registry: Registry, imbot: Measured) {
    const registers = [registry];
    this.#imbot = imbot;
    this.#messages = new Counter({
      ...{
        name: 'wxrc_imbot_messages_total',
        help: 'Messages of the mini-program IM since start.',
      },
      registers,
    });
    this.#timers = new Gauge({
      name: 'wxrc_imbot_timers',
      help: 'Receivers who will be told of a message if they do not fetch it in time.',
      registers,
    });
    this.#notices = new Counter({
      name: 'wxrc_imbot_notices_total',
      help:
        'Timers that ran out since start: fetched in time (read), told, answered with a refusal ' +
        '(refused), without an answer (failed), to an address that is not allowed (notAllowed), under ' +
        'way when the process ended (lost).',
      labelNames: ['outcome'],
      registers,
    });
  }

  read(): void {
    const { messages, notices } = this.#imbot;
    this.#messages.reset();
    this.#messages.inc(messages.accepted);
    this.#timers.set(notices.armed);
    this.#notices.reset();
    for (const outcome of noticeOutcomes) {
      this.#notices.inc({ outcome }, notices.counts().get(outcome) ?? 0);
    }
  }
}
