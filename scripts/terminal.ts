import qrcodeTerminal from 'qrcode-terminal';
import type { BotRegistry } from '../bot/automation/bots/bot-port.ts';
import type { BotView, QrCode } from '../bot/automation/bots/bot-state.ts';
import { type Clock, RealClock, type Timer } from '../bot/clock.ts';
import type { Language } from '../bot/errors.ts';
import { visibleLine } from '../config/visible.ts';

export interface TerminalOptions {
  bots: BotRegistry;
  language: Language;
  out: NodeJS.WritableStream;
  clock?: Clock;
}

/** What was last printed of a bot. */
interface Shown {
  qr: string | undefined;
  scanned: boolean;
  /** The line about its state; not printed twice in a row. */
  line: string | undefined;
}

/**
 * Login QR codes and what became of them, for whoever started the daemon in a terminal. There the
 * time left is counted down in place; into a file or pipe go whole lines only, each once.
 */
export class Terminal {
  readonly #bots: BotRegistry;
  readonly #texts: (typeof texts)[Language];
  readonly #out: NodeJS.WritableStream;
  readonly #clock: Clock;
  readonly #live: boolean;
  readonly #shown = new Map<string, Shown>();
  #unlisten: (() => void) | undefined;
  #timer: Timer | undefined;
  /** The code that is counted down: the newest printed. */
  #counting: { botcode: string; qr: QrCode } | undefined;
  #lineOpen = false;

  constructor(options: TerminalOptions) {
    this.#bots = options.bots;
    this.#texts = texts[options.language];
    this.#out = options.out;
    this.#clock = options.clock ?? new RealClock();
    this.#live = 'isTTY' in options.out && options.out.isTTY === true;
  }

  start(): void {
    if (this.#unlisten !== undefined) return;
    this.#unlisten = this.#bots.on((botcode, notice) => {
      if (notice.type === 'state') this.#show(botcode);
    });
    for (const bot of this.#bots.list()) this.#show(bot.botcode);
  }

  stop(): void {
    this.#unlisten?.();
    this.#unlisten = undefined;
    this.#endCount();
  }

  #show(botcode: string): void {
    const view = this.#bots.get(botcode)?.view();
    if (view === undefined) return;
    const shown = this.#shown.get(botcode) ?? { qr: undefined, scanned: false, line: undefined };
    this.#shown.set(botcode, shown);
    if (view.qr !== undefined && view.qr.name !== shown.qr) {
      shown.qr = view.qr.name;
      shown.scanned = false;
      shown.line = undefined;
      this.#printCode(view, view.qr);
    }
    if (view.qr === undefined && this.#counting?.botcode === botcode) this.#endCount();
    const scanned = view.state === 'confirm';
    if (scanned && !shown.scanned) this.#print(this.#texts.scanned(view));
    shown.scanned = scanned;
    const line = this.#lineOf(view);
    if (line === undefined || line === shown.line) return;
    shown.line = line;
    this.#print(line);
  }

  #lineOf(view: BotView): string | undefined {
    const say = this.#texts;
    switch (view.state) {
      case 'syncing':
      case 'ready':
        return say.login(view);
      case 'offline':
        return say.offline(view);
      case 'wrong-account':
        return say.wrong(view);
      case 'failed':
        return say.failed(view);
      default:
        return undefined;
    }
  }

  #printCode(view: BotView, qr: QrCode): void {
    const left = this.#secondsLeft(qr);
    this.#print(this.#texts.scan(view, left));
    // Drawn at once, in half blocks: no colours, so a log file can hold it.
    qrcodeTerminal.generate(qr.text, { small: true }, (picture) => this.#print(picture));
    if (!this.#live) return;
    this.#counting = { botcode: view.botcode, qr };
    this.#count();
  }

  #count(): void {
    this.#timer?.cancel();
    if (this.#counting === undefined) return;
    const { botcode, qr } = this.#counting;
    const view = this.#bots.get(botcode)?.view();
    const left = this.#secondsLeft(view?.qr ?? qr);
    this.#out.write(`\r\u001b[2K${this.#texts.left(botcode, left)}`);
    this.#lineOpen = true;
    if (left <= 0) this.#endCount();
    else this.#timer = this.#clock.after(1000, () => this.#count());
  }

  #endCount(): void {
    this.#timer?.cancel();
    this.#counting = undefined;
    this.#closeLine();
  }

  #print(text: string): void {
    this.#closeLine();
    this.#out.write(`${text}\n`);
  }

  #closeLine(): void {
    if (this.#lineOpen) this.#out.write('\n');
    this.#lineOpen = false;
  }

  #secondsLeft(qr: QrCode): number {
    return Math.max(0, Math.ceil((qr.expiresAt - this.#clock.now()) / 1000));
  }
}

function titleOf(view: BotView): string {
  return view.name === view.botcode ? view.botcode : `${view.botcode} (${visibleLine(view.name)})`;
}

const texts = {
  zh: {
    scan: (view: BotView, left: number) =>
      `${titleOf(view)}：请用微信扫描二维码登录（${left} 秒内有效）`,
    left: (botcode: string, left: number) =>
      left > 0 ? `${botcode}：二维码还有 ${left} 秒有效` : `${botcode}：二维码已过期，即将更新`,
    scanned: (view: BotView) => `${titleOf(view)}：已扫码，请在手机上确认`,
    login: (view: BotView) => `${titleOf(view)}：已登录，微信号 ${accountOf(view)}`,
    offline: (view: BotView) => `${titleOf(view)}：已退出登录${reason(view, '（', '）')}`,
    wrong: (view: BotView) =>
      `${titleOf(view)}：登录的微信号 ${accountOf(view)} 不是绑定的那个，等待运维人员决定`,
    failed: (view: BotView) => `${titleOf(view)}：无法登录${reason(view, '（', '）')}，稍后重试`,
  },
  en: {
    scan: (view: BotView, left: number) =>
      `${titleOf(view)}: scan this QR code with WeChat to log in (valid for ${left} s)`,
    left: (botcode: string, left: number) =>
      left > 0
        ? `${botcode}: QR code valid for ${left} s`
        : `${botcode}: QR code is over, a new one follows`,
    scanned: (view: BotView) => `${titleOf(view)}: scanned, confirm on the phone`,
    login: (view: BotView) => `${titleOf(view)}: logged in as ${accountOf(view)}`,
    offline: (view: BotView) => `${titleOf(view)}: logged out${reason(view, ' (', ')')}`,
    wrong: (view: BotView) =>
      `${titleOf(view)}: ${accountOf(view)} is not the account it is bound to, an operator has to decide`,
    failed: (view: BotView) =>
      `${titleOf(view)}: cannot log in${reason(view, ' (', ')')}, trying again later`,
  },
};

function accountOf({ account }: BotView): string {
  return visibleLine(account?.name ?? '');
}

function reason(view: BotView, open: string, close: string): string {
  return view.reason === undefined ? '' : `${open}${visibleLine(view.reason)}${close}`;
}
