import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../../../../config/logger.ts';
import { openVault, Vault } from '../../../../config/secrets.ts';
import { RealClock } from '../../../clock.ts';
import { DriverError } from '../../driver.ts';
import {
  endProcess,
  type HostRecord,
  isRunning,
  readHostRecord,
  writePrivateFile,
} from './host-record.ts';
import { spawnHost, spawnMs } from './spawn-host.ts';

export interface HostSpec {
  module: string;
  options: Record<string, unknown>;
  stopLogsOut: boolean;
  card: string | undefined;
}

export interface RunningHost {
  endpoint: string;
  token: string;
  /** It ran already: it may be out of order. */
  adopted: boolean;
}

interface HostSecrets {
  token: string;
  cardKey: string;
}

/** Finds, starts and ends the host process of one bot's puppet. */
export class PuppetHost {
  readonly #botcode: string;
  readonly #dir: string;
  readonly #logger: Logger;
  // Processes take real time, whatever clock the bot is on.
  readonly #clock = new RealClock();
  #vault: Vault | undefined;
  #seenCard: string | undefined;

  constructor(options: { botcode: string; dataDir: string; logger: Logger }) {
    this.#botcode = options.botcode;
    this.#dir = options.dataDir;
    this.#logger = options.logger;
  }

  /** The running host if it was started with these settings, or none. */
  async find(spec: Omit<HostSpec, 'card'>, signal: AbortSignal): Promise<RunningHost | undefined> {
    for (;;) {
      const record = readHostRecord(this.#file('json'));
      if (record === undefined || !isRunning(record)) return undefined;
      const secrets = this.#secretsOf(record);
      if (secrets === undefined || record.settingsDigest !== digestOf(spec)) {
        await this.end();
        return undefined;
      }
      if (record.port !== undefined) return hostAt(record.port, secrets.token, true);
      if (Date.now() - record.startedAt > spawnMs) {
        await this.end();
        return undefined;
      }
      // Started by a daemon that did not live to see it ready.
      await this.#clock.sleep(100, signal);
      signal.throwIfAborted();
    }
  }

  /** @throws DriverError `refused` with the reason the host gives */
  async start(spec: HostSpec, signal: AbortSignal): Promise<RunningHost> {
    mkdirSync(this.#dir, { recursive: true, mode: 0o700 });
    const secrets: HostSecrets = {
      token: `insecure_${randomBytes(24).toString('hex')}`,
      cardKey: randomBytes(32).toString('base64'),
    };
    const sealed = this.#openVault().seal(JSON.stringify(secrets)).toString('base64');
    const { module, options, stopLogsOut, card } = spec;
    const answer = await spawnHost({
      dir: join(this.#dir, this.#botcode),
      signal,
      order: {
        botcode: this.#botcode,
        module,
        options,
        stopLogsOut,
        card,
        ...secrets,
        cardFile: this.#file('card'),
        logFile: this.#file('log'),
        recordFile: this.#file('json'),
        sealed,
        settingsDigest: digestOf(spec),
      },
    });
    if (answer.type === 'ready') return hostAt(answer.port, secrets.token, false);
    await this.end();
    throw new DriverError(signal.aborted ? 'offline' : 'refused', answer.reason);
  }

  /** Ends the process and forgets where it was; its card stays. */
  async end(): Promise<void> {
    const record = readHostRecord(this.#file('json'));
    if (record !== undefined) await endProcess(record, this.#clock);
    rmSync(this.#file('json'), { force: true });
  }

  /** The card the host has kept, if it is another than the last one read. */
  newCard(): string | undefined {
    try {
      const { ino, mtimeMs } = statSync(this.#file('card'));
      const version = `${ino} ${mtimeMs}`;
      if (version === this.#seenCard) return undefined;
      const record = readHostRecord(this.#file('json'));
      const secrets = record === undefined ? undefined : this.#secretsOf(record);
      if (secrets === undefined) return undefined;
      const vault = new Vault(Buffer.from(secrets.cardKey, 'base64'));
      const card = vault.open(readFileSync(this.#file('card')));
      this.#seenCard = version;
      return card;
    } catch (error) {
      if (isMissing(error)) return undefined;
      this.#logger.debug({ err: error }, 'the card of the puppet host cannot be read');
      return undefined;
    }
  }

  /** The card that was read is in our store, or could not be kept and must be read again. */
  cardKept(kept: boolean): void {
    if (kept) writePrivateFile(this.#file('kept'), '');
    else this.#seenCard = undefined;
  }

  /** Whether our store ever had a card of this host: when it has none now, it was forgotten. */
  get wasCardKept(): boolean {
    return existsSync(this.#file('kept'));
  }

  forgetCard(): void {
    rmSync(this.#file('card'), { force: true });
    rmSync(this.#file('kept'), { force: true });
    this.#seenCard = undefined;
  }

  #secretsOf(record: HostRecord): HostSecrets | undefined {
    try {
      const { token, cardKey } = JSON.parse(
        this.#openVault().open(Buffer.from(record.sealed, 'base64')),
      );
      return { token: String(token), cardKey: String(cardKey) };
    } catch {
      return undefined;
    }
  }

  #openVault(): Vault {
    this.#vault ??= openVault(this.#dir);
    return this.#vault;
  }

  #file(ending: 'json' | 'card' | 'kept' | 'log'): string {
    return join(this.#dir, `${this.#botcode}.${ending}`);
  }
}

/**
 * Ends the hosts of bots that are not there any more; nobody else would ever end them. Their cards
 * stay with the store.
 * @param dataDir folder of the wechaty drivers
 */
export async function endStrayHosts(dataDir: string, botcodes: ReadonlySet<string>): Promise<void> {
  const dir = join(dataDir, 'hosts');
  const names = existsSync(dir) ? readdirSync(dir) : [];
  for (const name of names) {
    const record = name.endsWith('.json') ? readHostRecord(join(dir, name)) : undefined;
    if (record === undefined || botcodes.has(record.botcode)) continue;
    await endProcess(record, new RealClock());
    rmSync(join(dir, name), { force: true });
  }
}

function hostAt(port: number, token: string, adopted: boolean): RunningHost {
  return { endpoint: `127.0.0.1:${port}`, token, adopted };
}

function digestOf(spec: Omit<HostSpec, 'card'>): string {
  const { module, options, stopLogsOut } = spec;
  return createHash('sha256')
    .update(JSON.stringify([module, options, stopLogsOut]))
    .digest('hex');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
