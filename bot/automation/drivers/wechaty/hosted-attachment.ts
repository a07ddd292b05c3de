import type { Timer } from '../../../clock.ts';
import { DriverError, type DriverTools } from '../../driver.ts';
import type { Attachment, NewLife } from './attachment.ts';
import { PuppetHost, type RunningHost } from './hosts.ts';
import type { PuppetLife } from './puppet-life.ts';
import { type PuppetSettings, secretsIn } from './puppet-settings.ts';
import { traitsOf } from './puppet-traits.ts';
import { redactor } from './redact.ts';

export interface HostedAttachmentOptions {
  botcode: string;
  settings: Extract<PuppetSettings, { kind: 'hosted' }>;
  /** Folder of all hosts. */
  dataDir: string;
  tools: DriverTools;
}

/** Memory cards are looked for this often, at the price of a stat; ms. */
const cardEveryMs = 1000;
/** A host that runs answers within milliseconds; ms. */
const adoptMs = 5000;

/**
 * A local puppet in a host process of ours: found again after a restart of the daemon, still logged
 * in. Its memory card is taken into our store whenever it changes, and given to the next host.
 */
export class HostedAttachment implements Attachment {
  readonly #options: HostedAttachmentOptions;
  readonly #host: PuppetHost;
  #timer: Timer | undefined;
  #keeping: Promise<void> = Promise.resolve();

  constructor(options: HostedAttachmentOptions) {
    this.#options = options;
    const { botcode, dataDir, tools } = options;
    const logger = tools.logger.child({ part: 'puppet-host' });
    this.#host = new PuppetHost({ botcode, dataDir, logger });
  }

  async open(newLife: NewLife, signal: AbortSignal): Promise<PuppetLife> {
    await this.#heedForgetting();
    const found = await this.#host.find(this.#spec, signal);
    let life = found === undefined ? undefined : await this.#adopt(found, newLife, signal);
    if (life === undefined) {
      await this.#keepCard();
      await this.#host.end();
      const { sessions } = this.#options.tools;
      const card = await sessions.load(this.#options.botcode);
      const host = await this.#host.start({ ...this.#spec, card }, signal);
      life = await this.#connect(host, newLife, signal);
    }
    await this.#keepCard();
    this.#watchCard();
    return life;
  }

  async left(): Promise<void> {
    this.#timer?.cancel();
    await this.#keepCard();
  }

  async forget(): Promise<void> {
    this.#timer?.cancel();
    await this.#host.end();
    this.#host.forgetCard();
    await this.#keeping;
    await this.#options.tools.sessions.forget(this.#options.botcode);
  }

  get #spec() {
    const { module, options } = this.#options.settings;
    return { module, options, stopLogsOut: traitsOf(module).stopLogsOut };
  }

  /** A host that ran already and cannot be connected to is out of order: another is started. */
  async #adopt(
    host: RunningHost,
    newLife: NewLife,
    signal: AbortSignal,
  ): Promise<PuppetLife | undefined> {
    try {
      return await this.#connect(host, newLife, signal);
    } catch (error) {
      if (signal.aborted) throw error;
      this.#options.tools.logger.warn(
        { area: 'bot:puppet-host', botcode: this.#options.botcode, err: error },
        'the puppet host does not answer and is replaced',
      );
      return undefined;
    }
  }

  async #connect(host: RunningHost, newLife: NewLife, signal: AbortSignal): Promise<PuppetLife> {
    const { endpoint, token, adopted } = host;
    const redact = redactor([token, ...secretsIn(this.#options.settings.options)]);
    // The host is ours alone: a taken event stream is a former life's, and freeing it stops nothing.
    for (const last of [false, true]) {
      const life = await newLife({ endpoint, token, tls: { disable: true } }, redact);
      if ((await life.start(signal, adopted ? adoptMs : undefined)) === 'up') return life;
      if (last) life.leave();
      else await life.freeStream(signal);
    }
    throw new DriverError('offline', 'the puppet host does not give its event stream');
  }

  /** A session that was forgotten while the driver was stopped must not come back from a host. */
  async #heedForgetting(): Promise<void> {
    const { botcode, tools } = this.#options;
    if (!this.#host.wasCardKept || (await tools.sessions.load(botcode)) !== undefined) return;
    await this.#host.end();
    this.#host.forgetCard();
  }

  #watchCard(): void {
    this.#timer?.cancel();
    this.#timer = this.#options.tools.clock.after(cardEveryMs, () => {
      void this.#keepCard();
      this.#watchCard();
    });
  }

  /** Takes a changed card into our store. Never rejects; what fails is tried again later. */
  #keepCard(): Promise<void> {
    this.#keeping = this.#keeping.then(async () => {
      const card = this.#host.newCard();
      if (card === undefined) return;
      const { sessions, logger } = this.#options.tools;
      try {
        await sessions.save(this.#options.botcode, card);
        this.#host.cardKept(true);
      } catch (error) {
        this.#host.cardKept(false);
        logger.error({ botcode: this.#options.botcode, err: error }, 'the session was not saved');
      }
    });
    return this.#keeping;
  }
}
