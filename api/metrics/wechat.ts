import { Counter, Gauge, type Registry } from 'prom-client';
import type { Wechat } from '../../bot/wechat/wechat.ts';
import { outboxStates } from '../../store/wechat-outbox.ts';

/** What /metrics tells of WeChat's own platform. */
export class WechatMetrics {
  readonly #wechat: Pick<Wechat, 'intake' | 'meter' | 'outbox'>;
  readonly #pushes: Counter;
  readonly #backlog: Gauge;
  readonly #outbox: Gauge;
  readonly #calls: Counter;
  readonly #refreshes: Counter;
  readonly #refused: Counter;

  constructor(registry: Registry, wechat: Pick<Wechat, 'intake' | 'meter' | 'outbox'>) {
    const registers = [registry];
    const counter = (name: string, help: string, ...labelNames: string[]): Counter =>
      new Counter({ name, help, labelNames, registers });
    this.#wechat = wechat;
    this.#pushes = counter(
      'wxrc_wechat_pushes_total',
      'What WeChat pushed since start: taken, repeated, refused, or not stored in time (late).',
      'account',
      'result',
    );
    this.#backlog = new Gauge({
      ...{ name: 'wxrc_wechat_pushes', help: 'Pushes that wait to be worked off, or have failed.' },
      ...{ labelNames: ['state'], registers },
    });
    this.#outbox = new Gauge({
      ...{ name: 'wxrc_wechat_outbox', help: 'Sends to users of WeChat, kept for 30 days.' },
      ...{ labelNames: ['state'], registers },
    });
    const platform = 'of the platform since start';
    this.#calls = counter('wxrc_wechat_calls_total', `Calls ${platform}.`, 'path', 'errcode');
    this.#refreshes = counter(
      'wxrc_wechat_token_refreshes_total',
      'How often an access_token was asked for since start.',
      'account',
      'result',
    );
    this.#refused = counter(
      'wxrc_wechat_window_refusals_total',
      'Sends that the window of their user did not allow, since start.',
      'account',
      'reason',
    );
  }

  async read(): Promise<void> {
    const { intake, meter, outbox } = this.#wechat;
    this.#pushes.reset();
    for (const { account, result, count } of intake.counts()) {
      this.#pushes.inc({ account, result }, count);
    }
    for (const [state, count] of Object.entries(await intake.backlog())) {
      this.#backlog.set({ state }, count);
    }
    for (const state of outboxStates) this.#outbox.set({ state }, 0);
    for (const { state, count } of await outbox.counts()) {
      this.#outbox.set({ state }, Number(count));
    }
    for (const [what, metric] of [
      ['calls', this.#calls],
      ['refreshes', this.#refreshes],
      ['refused', this.#refused],
    ] as const) {
      metric.reset();
      for (const { labels, count } of meter.read(what)) metric.inc(labels, count);
    }
  }
}
