import { join } from 'node:path';
import type { BotSettings } from '../../../../config/config.ts';
import {
  type Capabilities,
  type Card,
  type Driver,
  type DriverContact,
  DriverError,
  type DriverEvent,
  type DriverFactory,
  type DriverRoom,
  type DriverTools,
  type Receipt,
  type SendFile,
  type SendOptions,
  type Target,
} from '../../driver.ts';
import type { Attachment, NewLife } from './attachment.ts';
import { HostedAttachment } from './hosted-attachment.ts';
import { toMiniProgram } from './message-mapping.ts';
import { NameBook } from './name-book.ts';
import { toDriverError } from './puppet-errors.ts';
import type { PuppetLife } from './puppet-life.ts';
import { capabilitiesOf, readPuppetSettings, secretsIn } from './puppet-settings.ts';
import { redactor } from './redact.ts';
import { ServiceAttachment } from './service-attachment.ts';

export { endStrayHosts } from './hosts.ts';

/** Drivers for any wechaty puppet. The puppet libraries are loaded at the first start of a bot. */
export function createWechatyFactory(): DriverFactory {
  const tokens = new Map<string, string>();
  return (bot, tools) => new WechatyDriver(bot, tools, tokens);
}

class WechatyDriver implements Driver {
  readonly capabilities: Capabilities;
  readonly #bot: BotSettings;
  readonly #tools: DriverTools;
  readonly #tokens: Map<string, string>;
  readonly #listeners = new Set<(event: DriverEvent) => void>();
  readonly #names = new NameBook();
  #attachment: Attachment | undefined;
  #life: PuppetLife | undefined;
  #starting: { abort: AbortController; done: Promise<void> } | undefined;

  constructor(bot: BotSettings, tools: DriverTools, tokens: Map<string, string>) {
    this.#bot = bot;
    this.#tools = tools;
    this.#tokens = tokens;
    this.capabilities = capabilitiesOf(bot);
  }

  on(listener: (event: DriverEvent) => void): () => void {
    // Its own closure, so that a listener given twice is two.
    const own = (event: DriverEvent): void => listener(event);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  async start(signal: AbortSignal): Promise<void> {
    if (this.#life?.isOver === false) return;
    if (this.#starting !== undefined) return this.#starting.done;
    const abort = new AbortController();
    const done = this.#connect(AbortSignal.any([signal, abort.signal]));
    this.#starting = { abort, done };
    try {
      await done;
    } finally {
      this.#starting = undefined;
    }
  }

  async stop(): Promise<void> {
    this.#starting?.abort.abort();
    await this.#starting?.done.catch(() => {});
    await this.#leave();
  }

  async logout(): Promise<void> {
    const { kind } = readPuppetSettings(this.#bot);
    const life = this.#life;
    const connected = life !== undefined && !life.isOver;
    if (!connected && kind === 'service') {
      throw new DriverError('offline', 'not connected: the session is with the provider');
    }
    try {
      if (connected) await life.logout();
    } finally {
      // Confirmed or not: what we keep of the session is forgotten.
      if (kind === 'hosted') await this.#leave();
      await this.#attach().forget();
    }
  }

  async ping(): Promise<void> {
    await this.#up().ping();
  }

  async sendText(to: Target, text: string, options: SendOptions): Promise<Receipt> {
    this.#must('text');
    const real = this.capabilities.realMention && to.kind === 'room' ? options.mentionIds : [];
    const mentionIds = real === undefined || real.length === 0 ? undefined : [...real];
    return this.#send((puppet, handOver) => {
      handOver();
      return puppet.messageSendText(to.id, text, mentionIds);
    });
  }

  async sendMiniProgram(to: Target, card: Card): Promise<Receipt> {
    this.#must('miniProgram');
    return this.#send((puppet, handOver) => {
      handOver();
      return puppet.messageSendMiniProgram(to.id, toMiniProgram(card));
    });
  }

  async sendImage(to: Target, file: SendFile): Promise<Receipt> {
    this.#must('image');
    return this.#send((puppet, handOver) => puppet.sendBytes(to.id, named(file), handOver));
  }

  async sendFile(to: Target, file: SendFile): Promise<Receipt> {
    this.#must('file');
    return this.#send((puppet, handOver) => puppet.sendBytes(to.id, file, handOver));
  }

  async rooms(): Promise<DriverRoom[]> {
    return this.#up().lookUp((directory, signal) => directory.rooms(signal));
  }

  async room(id: string): Promise<DriverRoom> {
    return this.#up().lookUp((directory, signal) => directory.room(id, signal));
  }

  async contacts(): Promise<DriverContact[]> {
    return this.#up().lookUp((directory, signal) => directory.contacts(signal));
  }

  async #connect(signal: AbortSignal): Promise<void> {
    try {
      signal.throwIfAborted();
      this.#life = await this.#attach().open(this.#newLife, signal);
    } catch (error) {
      if (signal.aborted) throw new DriverError('offline', 'the start was aborted');
      const secrets = secretsIn(this.#bot.puppetOptions);
      throw toDriverError(error, 'look-up', redactor(secrets));
    }
    if (!signal.aborted) return;
    await this.#leave();
    throw new DriverError('offline', 'the start was aborted');
  }

  readonly #newLife: NewLife = async (connect, redact) => {
    const { PuppetLife } = await import('./puppet-life.ts');
    const { clock, logger } = this.#tools;
    const names = this.#names;
    if (!this.capabilities.stableIds) names.clear();
    return new PuppetLife({
      connect,
      redact,
      names,
      clock,
      logger,
      emit: (event) => this.#emit(event),
    });
  };

  async #leave(): Promise<void> {
    const life = this.#life;
    this.#life = undefined;
    life?.leave();
    if (life !== undefined) await this.#attachment?.left(life);
  }

  #attach(): Attachment {
    if (this.#attachment !== undefined) return this.#attachment;
    const settings = readPuppetSettings(this.#bot);
    const { botcode } = this.#bot;
    this.#attachment =
      settings.kind === 'service'
        ? new ServiceAttachment({
            botcode,
            settings: settings.service,
            dataDir: this.#tools.dataDir,
            tokens: this.#tokens,
          })
        : new HostedAttachment({
            botcode,
            settings,
            dataDir: join(this.#tools.dataDir, 'hosts'),
            tools: this.#tools,
          });
    return this.#attachment;
  }

  #up(): PuppetLife {
    if (this.#life === undefined) throw new DriverError('offline', 'not connected');
    return this.#life;
  }

  #must(kind: 'text' | 'image' | 'miniProgram' | 'file'): void {
    if (!this.capabilities[kind]) {
      throw new DriverError('unsupported', `this puppet cannot send ${kind}`);
    }
  }

  async #send(work: Parameters<PuppetLife['send']>[0]): Promise<Receipt> {
    return { messageId: await this.#up().send(work) };
  }

  #emit(event: DriverEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** Puppets tell images from files by the name's ending. */
function named(file: SendFile): SendFile {
  if (/\.(?:png|jpe?g|gif|webp|bmp)$/i.test(file.name)) return file;
  const ending = file.type.replace(/^image\//, '').replace('jpeg', 'jpg');
  return { ...file, name: `${file.name}.${ending}` };
}
