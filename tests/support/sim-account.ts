import { randomUUID } from 'node:crypto';
import * as PUPPET from 'wechaty-puppet';
import { mock, PuppetMock } from 'wechaty-puppet-mock';
import { type Clock, RealClock, type Timer } from '../../bot/clock.ts';
import { SimFaults } from './sim-faults.ts';
import { type SimPuppetOptions, SimSessions } from './sim-types.ts';

/**
 * The life of a simulated account, which plain PuppetMock lacks: heartbeats, `ready`, a session that
 * is kept over stop, QR codes that expire, kicks, and faults on request.
 */
export class SimAccount extends PuppetMock {
  readonly account: { id: string; name: string };
  readonly faults: SimFaults;
  readonly #sessions: SimSessions;
  readonly #clock: Clock;
  readonly #times: { heartbeat: number; ready: number; qr: number };
  #timers: Timer[] = [];
  #life = 0;
  #qr = 0;

  constructor(options: SimPuppetOptions = {}) {
    super({ mocker: new mock.Mocker(), timeoutSeconds: 3600 });
    this.account = options.account ?? { id: `wxid_${randomUUID().slice(0, 8)}`, name: '机器人' };
    this.#sessions = options.sessions ?? new SimSessions();
    this.#clock = options.clock ?? new RealClock();
    this.faults = new SimFaults(this.#clock);
    this.#times = {
      heartbeat: options.heartbeatMs ?? 15_000,
      ready: options.readyMs ?? 0,
      qr: options.qrMs ?? 120_000,
    };
    this.mocker.createContact({ id: this.account.id, name: this.account.name, alias: '' });
    this.on('error', () => {});
    // A fault comes before the library's own start, whose clean-up of a failure takes five seconds.
    const begin = this.start.bind(this);
    this.start = async () => {
      await this.faults.actOut('start');
      await begin();
    };
  }

  override async onStart(): Promise<void> {
    await super.onStart();
    this.#life += 1;
    const life = this.#life;
    this.#beat(life);
    setImmediate(() => {
      if (life !== this.#life || this.isLoggedIn) return;
      if (this.#sessions.loggedIn.has(this.account.id)) this.enter();
      else this.showQr();
    });
  }

  override async onStop(): Promise<void> {
    this.#life += 1;
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
    await super.onStop();
  }

  override ding(data?: string): void {
    this.faults
      .actOut('ping')
      .then(() => this.emit('dong', { data: data ?? '' }))
      .catch(() => {});
  }

  /** A real puppet's logout ends the session at WeChat, too. */
  override async logout(reason?: string): Promise<void> {
    this.#sessions.loggedIn.delete(this.account.id);
    await super.logout(reason);
    if (this.state.active() === true) this.showQr();
  }

  // Controls: the phone.

  showQr(): void {
    this.#qr += 1;
    const life = this.#life;
    this.emit('scan', { qrcode: this.#code(), status: PUPPET.types.ScanStatus.Waiting });
    this.#after(this.#times.qr, () => {
      if (life === this.#life && !this.isLoggedIn) this.showQr();
    });
  }

  scan(): void {
    this.emit('scan', { qrcode: this.#code(), status: PUPPET.types.ScanStatus.Scanned });
  }

  /** Logs in, as after the confirmation on the phone. */
  enter(): void {
    this.#sessions.loggedIn.add(this.account.id);
    this.login(this.account.id);
    const ready = (): boolean => this.emit('ready', { data: 'ready' });
    if (this.#times.ready > 0) this.#after(this.#times.ready, ready);
    else setImmediate(ready);
  }

  /** The account counts as logged in from the beginning. */
  keepLogin(): void {
    this.#sessions.loggedIn.add(this.account.id);
  }

  async kick(reason = '你的账号在手机上退出了'): Promise<void> {
    this.#sessions.loggedIn.delete(this.account.id);
    await super.logout(reason);
    this.showQr();
  }

  #beat(life: number): void {
    if (life !== this.#life) return;
    this.emit('heartbeat', { data: 'alive' });
    this.#after(this.#times.heartbeat, () => this.#beat(life));
  }

  #after(ms: number, work: () => void): void {
    const life = this.#life;
    this.#timers.push(
      this.#clock.after(ms, () => {
        if (life === this.#life) work();
      }),
    );
    if (this.#timers.length > 64) this.#timers.splice(0, 32);
  }

  #code(): string {
    return `https://login.weixin.qq.com/l/${this.account.id}-${this.#qr}`;
  }
}
