import { createHash } from 'node:crypto';
import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RealClock } from '../../../clock.ts';
import { DriverError } from '../../driver.ts';
import type { Attachment, NewLife } from './attachment.ts';
import type { ClientPuppetOptions } from './client-puppet.ts';
import { discoverEndpoint } from './endpoint.ts';
import type { PuppetLife } from './puppet-life.ts';
import { type ServiceSettings, secretsIn } from './puppet-settings.ts';
import { type Redact, redactor } from './redact.ts';

export interface ServiceAttachmentOptions {
  botcode: string;
  settings: ServiceSettings;
  dataDir: string;
  /** Which bot of this process uses which token, by digest: shared by all of them. */
  tokens: Map<string, string>;
}

/** A client that is just leaving gives the stream's place back within this; ms. */
const patience = [100, 400];
/** A place freed by force and lost again within this is a fight with another client. */
const fightMs = 600_000;

/**
 * A puppet service of a provider. Its event stream has one place only. When that is taken, it may
 * be by a life of ours whose end never got through (power cut, lost network): then it is freed. Or
 * it is by another client: then freeing it would cut that one off, so we refuse and say why.
 */
export class ServiceAttachment implements Attachment {
  readonly #options: ServiceAttachmentOptions;
  readonly #redact: Redact;
  readonly #digest: string;
  #freedAt = Number.NEGATIVE_INFINITY;
  #mute = false;

  constructor(options: ServiceAttachmentOptions) {
    this.#options = options;
    this.#redact = redactor(secretsIn(options.settings));
    this.#digest = createHash('sha256').update(options.settings.token).digest('hex');
  }

  async open(newLife: NewLife, signal: AbortSignal): Promise<PuppetLife> {
    this.#claim();
    try {
      return await this.#open(newLife, signal);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async left(life: PuppetLife): Promise<void> {
    this.#release();
    this.#mute = life.wasMute;
    if (!life.isHanging) await rm(this.#markFile, { force: true }).catch(() => {});
  }

  async forget(): Promise<void> {
    // The session is the provider's, and was ended there.
  }

  async #open(newLife: NewLife, signal: AbortSignal): Promise<PuppetLife> {
    const connect = await this.#connectOptions(signal);
    // Logged out and showing no QR code: only a restart of the puppet behind the server helps.
    let life = await this.#attempt(newLife, connect, signal, this.#mute);
    this.#mute = false;
    if (life === 'taken' && (await this.#mayFree())) {
      this.#freedAt = performance.now();
      life = await this.#attempt(newLife, connect, signal, true);
    }
    if (life === 'taken') {
      throw new DriverError(
        'refused',
        'another client holds the event stream of this token: end that one, or set puppetOptions.takeOver',
      );
    }
    await this.#mark();
    return life;
  }

  /** Tries with patience; `free` stops the server's puppet first, and then tries. */
  async #attempt(
    newLife: NewLife,
    connect: ClientPuppetOptions,
    signal: AbortSignal,
    free = false,
  ): Promise<PuppetLife | 'taken'> {
    let mustFree = free;
    for (const pause of [...patience, 0]) {
      const life = await newLife(connect, this.#redact);
      const place = await life.start(signal);
      if (place === 'up' && !mustFree) return life;
      if (mustFree) await life.freeStream(signal);
      else life.leave();
      mustFree = false;
      // The network's time, not the bot's.
      await new RealClock().sleep(pause, signal);
    }
    return 'taken';
  }

  async #connectOptions(signal: AbortSignal): Promise<ClientPuppetOptions> {
    const { token, endpoint, authority, tls } = this.#options.settings;
    // Tokens without a name in front are checked against the library's own certificate.
    const unnamed = !token.slice(1).includes('_');
    return {
      token,
      endpoint: endpoint ?? (await discoverEndpoint({ authority, token, signal })),
      tls: { ...tls, serverName: tls.serverName ?? (unnamed ? 'insecure' : undefined) },
    };
  }

  #claim(): void {
    const { botcode, tokens } = this.#options;
    const user = tokens.get(this.#digest);
    if (user !== undefined && user !== botcode) {
      throw new DriverError('refused', `bot ${user} uses the same puppet token`);
    }
    tokens.set(this.#digest, botcode);
  }

  #release(): void {
    const { botcode, tokens } = this.#options;
    if (tokens.get(this.#digest) === botcode) tokens.delete(this.#digest);
  }

  async #mayFree(): Promise<boolean> {
    if (this.#options.settings.takeOver) return true;
    if (performance.now() - this.#freedAt < fightMs) return false;
    return access(this.#markFile).then(
      () => true,
      () => false,
    );
  }

  get #markFile(): string {
    return join(this.#options.dataDir, 'attached', this.#options.botcode);
  }

  /** Says, until we leave in order, that a taken place may be our own. */
  async #mark(): Promise<void> {
    await mkdir(join(this.#options.dataDir, 'attached'), { recursive: true, mode: 0o700 });
    await writeFile(this.#markFile, '', { mode: 0o600 });
  }
}
