import type { Logger } from '../../../../config/logger.ts';
import type { Clock } from '../../../clock.ts';
import { AppError } from '../../../errors.ts';
import { type Account, DriverError, type DriverEvent } from '../../driver.ts';
import { otherAccountName } from './simulator-defaults.ts';
import type { Faults } from './simulator-faults.ts';
import type { Life } from './simulator-life.ts';
import { LoginDesk, type ShownQr } from './simulator-login.ts';
import type { World } from './simulator-world.ts';

/** Time between two proofs of life. */
const heartbeatMs = 15_000;

/** What a client brings along when it connects. */
export interface Client {
  life: Life;
  autoScan: boolean;
  /** Token of a kept session. */
  token: string | undefined;
  /** Keeps the session of a new login. */
  keep(token: string): Promise<void>;
}

/**
 * stopped: no client is connected. idle: connected, neither logged in nor showing a code (after a
 * kick or log-out, until the next start).
 */
export type SimulatorState = 'stopped' | 'idle' | 'waiting' | 'scanned' | 'loggedIn';

export interface GateOptions {
  botcode: string;
  world: World;
  faults: Faults;
  clock: Clock;
  logger: Logger;
}

/**
 * Who is connected to the simulated WeChat and logged in: one client at a time, the newer displaces
 * the older.
 */
export class Gate {
  readonly #options: GateOptions;
  #client: Client | undefined;
  #desk: LoginDesk | undefined;
  #account: Account | undefined;
  #codes = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get account(): Account | undefined {
    return this.#account;
  }

  get qr(): ShownQr | undefined {
    return this.#desk?.view();
  }

  get state(): SimulatorState {
    if (this.#account !== undefined) return 'loggedIn';
    return this.qr?.status ?? (this.#client === undefined ? 'stopped' : 'idle');
  }

  connect(client: Client): void {
    const { world } = this.#options;
    if (this.#client !== undefined) this.#drop('another client has connected');
    this.#client = client;
    world.hold();
    const { life } = client;
    life.emit({ type: 'alive' });
    life.every(heartbeatMs, () => life.emit({ type: 'alive' }));
    this.strike();
    const session = world.session();
    if (session !== undefined && session.token === client.token) this.#enter(session.account);
    else this.#showCode(client);
  }

  disconnect(life: Life): void {
    if (this.#client?.life !== life) return;
    this.#client = undefined;
    this.#leave();
    this.#options.world.release();
  }

  /** The session is forgotten; nothing is told. */
  forgetSession(): void {
    this.#options.world.endSession();
    this.#leave();
  }

  /** The account this client is logged in with. @throws DriverError offline */
  accountOf(life: Life): Account {
    if (this.#client?.life !== life || this.#account === undefined) {
      throw new DriverError('offline', 'not logged in');
    }
    return this.#account;
  }

  /** `account`: name of the WeChat account that scans. @throws AppError conflict */
  scan(account: string | undefined): void {
    this.#waitingDesk().scan(account);
  }

  /** Resolves once logged in. @throws AppError conflict */
  async confirm(): Promise<void> {
    await this.#waitingDesk().confirm();
  }

  /** @throws AppError conflict when the bot is not logged in */
  kick(reason: string): void {
    if (this.#account === undefined) {
      throw new AppError('conflict', { zh: '机器人未登录', en: 'the bot is not logged in' });
    }
    this.forgetSession();
    this.#client?.life.emit({ type: 'logout', reason });
  }

  /** Tells the client while it is logged in with `accountId`; `afterMs` later if it still is. */
  tell(accountId: string, event: DriverEvent, afterMs?: number): void {
    const life = this.#client?.life;
    if (life === undefined || this.#account?.id !== accountId) return;
    if (afterMs === undefined) life.emit(event);
    else {
      life.after(afterMs, () => {
        if (this.#account?.id === accountId) life.emit(event);
      });
    }
  }

  /** Lets the faults that hit the connection as such do so. */
  strike(): void {
    const life = this.#client?.life;
    if (life === undefined) return;
    const silence = this.#options.faults.takeKind('silence');
    if (silence !== undefined) {
      life.muted = true;
      if (silence.ms !== undefined) {
        life.after(silence.ms, () => {
          life.muted = false;
        });
      }
    }
    const death = this.#options.faults.takeKind('stream-death');
    if (death !== undefined) {
      life.after(death.ms ?? 0, () => {
        if (this.#client?.life === life) this.#drop('the stream broke');
      });
    }
  }

  unmute(): void {
    if (this.#client !== undefined) this.#client.life.muted = false;
  }

  #drop(reason: string): void {
    const life = this.#client?.life;
    if (life === undefined) return;
    this.disconnect(life);
    life.muted = false;
    life.emit({ type: 'down', reason });
    life.end();
  }

  #leave(): void {
    this.#account = undefined;
    this.#desk?.close();
    this.#desk = undefined;
  }

  #showCode(client: Client): void {
    const { clock, world } = this.#options;
    this.#desk = new LoginDesk({
      life: client.life,
      now: () => clock.now(),
      newCode: () => {
        this.#codes += 1;
        return world.qrCode(`${clock.now()}:${this.#codes}`);
      },
      autoScan: client.autoScan ? () => this.#scanner() : undefined,
      onConfirm: (name) => this.#login(client, name),
      onError: (error) => {
        const { botcode, logger } = this.#options;
        logger.error({ err: error, botcode }, 'the simulated login failed');
      },
    });
    this.#desk.show();
  }

  #scanner(): string | undefined {
    const { botcode, faults } = this.#options;
    return faults.takeKind('other-account') && otherAccountName(botcode);
  }

  async #login(client: Client, name: string | undefined): Promise<void> {
    const { botcode, logger, world } = this.#options;
    this.#desk = undefined;
    const account = name === undefined ? world.mainAccount() : world.account(name);
    const session = world.startSession(account);
    try {
      // Before the login is told: whoever is killed right after it comes back without a QR code.
      await client.keep(session.token);
    } catch (error) {
      logger.warn({ err: error, botcode }, 'the session of the simulated WeChat was not kept');
    }
    if (this.#client !== client || client.life.ended) return;
    if (world.session()?.token === session.token) this.#enter(account);
  }

  #enter(account: Account): void {
    this.#account = account;
    this.tell(account.id, { type: 'login', account });
    const fault = this.#options.faults.take('ready');
    if (fault?.kind !== 'drop') this.tell(account.id, { type: 'ready' }, fault?.ms);
  }

  #waitingDesk(): LoginDesk {
    if (this.#desk === undefined) {
      throw new AppError('conflict', {
        zh: `没有等待扫描的二维码（当前状态：${this.state}）`,
        en: `no QR code is waiting (state: ${this.state})`,
      });
    }
    return this.#desk;
  }
}
