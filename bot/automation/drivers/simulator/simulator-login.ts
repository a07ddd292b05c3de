import type { Timer } from '../../../clock.ts';
import { AppError } from '../../../errors.ts';
import type { Life } from './simulator-life.ts';

/** How long a QR code is good for. */
const qrLifeMs = 120_000;
/** When a bot that scans itself does so, after its QR code appeared. */
const autoScanMs = 5_000;

export interface ShownQr {
  code: string;
  status: 'waiting' | 'scanned';
  expiresAt: number;
}

export interface LoginDeskOptions {
  life: Life;
  now(): number;
  /** Text of a new QR code. */
  newCode(): string;
  /** Undefined: waits for `scan` and `confirm`; else gives the account that scans. */
  autoScan: (() => string | undefined) | undefined;
  /** `account`: name; undefined: the main one. */
  onConfirm(account: string | undefined): Promise<void> /** The automatic login failed. */;
  onError(error: unknown): void;
}

/** The QR code a client shows while it is not logged in: renewed until somebody confirms. */
export class LoginDesk {
  readonly #options: LoginDeskOptions;
  #qr: ShownQr;
  #account: string | undefined;
  #timers: Timer[] = [];
  #closed = false;

  constructor(options: LoginDeskOptions) {
    this.#options = options;
    this.#qr = { code: '', status: 'waiting', expiresAt: 0 };
  }

  view(): ShownQr | undefined {
    return this.#closed || this.#qr.code === '' ? undefined : this.#qr;
  }

  /** Shows a new code in place of the last one. */
  show(): void {
    const { life, now, newCode, autoScan } = this.#options;
    this.#cancel();
    this.#account = undefined;
    this.#qr = { code: newCode(), status: 'waiting', expiresAt: now() + qrLifeMs };
    this.#timers.push(life.after(qrLifeMs, () => this.show()));
    if (autoScan !== undefined) {
      this.#timers.push(life.after(autoScanMs, () => this.#autoScan(autoScan)));
    }
    this.#tell('waiting');
  }

  /** @throws AppError conflict when nothing waits for a scan */
  scan(account: string | undefined): void {
    if (this.view()?.status !== 'waiting') {
      throw new AppError('conflict', {
        zh: '没有等待扫描的二维码',
        en: 'no QR code is waiting for a scan',
      });
    }
    this.#account = account;
    this.#qr = { ...this.#qr, status: 'scanned' };
    this.#tell('scanned');
  }

  /** Resolves when the login is done. @throws AppError conflict when nothing was scanned */
  async confirm(): Promise<void> {
    if (this.view()?.status !== 'scanned') {
      throw new AppError('conflict', {
        zh: '没有已扫描、待确认的二维码',
        en: 'no scanned QR code is waiting to be confirmed',
      });
    }
    this.#tell('confirmed');
    this.close();
    await this.#options.onConfirm(this.#account);
  }

  close(): void {
    this.#closed = true;
    this.#cancel();
  }

  #autoScan(account: () => string | undefined): void {
    if (this.#qr.status === 'waiting') this.scan(account());
    // A listener may have ended this login while it was told of the scan.
    if (this.view()?.status === 'scanned') this.confirm().catch(this.#options.onError);
  }

  #tell(status: 'waiting' | 'scanned' | 'confirmed'): void {
    const { code, expiresAt } = this.#qr;
    this.#options.life.emit({ type: 'scan', code, status, expiresAt });
  }

  #cancel(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers = [];
  }
}
