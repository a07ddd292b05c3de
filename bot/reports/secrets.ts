import { readFile } from 'node:fs/promises';
import type { ReportingSettings } from '../../config/report-schema.ts';
import { sourceFaults } from './source-faults.ts';

const reference = /\{secret:([\w-]{1,64})\}/g;

/** What reports may carry and nobody may read: told to the hosts that the config names, no other. */
export class ReportSecrets {
  readonly #settings: Pick<ReportingSettings, 'secrets' | 'databases'>;

  constructor(settings: Pick<ReportingSettings, 'secrets' | 'databases'>) {
    this.#settings = settings;
  }

  /** Puts secrets in for their names. @throws SourceFault */
  async fill(
    headers: Readonly<Record<string, string>>,
    address: string,
  ): Promise<Record<string, string>> {
    const filled: Record<string, string> = {};
    for (const [name, text] of Object.entries(headers)) {
      const values = new Map<string, string>();
      for (const [, secret = ''] of text.matchAll(reference)) {
        values.set(secret, await this.#secret(secret, address));
      }
      filled[name.toLowerCase()] = text.replaceAll(
        reference,
        (_all, secret: string) => values.get(secret) ?? '',
      );
    }
    return filled;
  }

  /** Address of a database. @throws SourceFault */
  async database(name: string): Promise<string> {
    const { databases } = this.#settings;
    const one = Object.hasOwn(databases, name) ? databases[name] : undefined;
    if (one === undefined) throw sourceFaults.noDatabase(name);
    return one.url ?? (await read(one.urlFile ?? '', name));
  }

  async #secret(name: string, address: string): Promise<string> {
    const { secrets } = this.#settings;
    const one = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (one === undefined) throw sourceFaults.noSecret(name);
    const host = URL.canParse(address) ? new URL(address).hostname.toLowerCase() : '';
    if (!one.hosts.some((allowed) => allowed.toLowerCase() === host)) {
      throw sourceFaults.otherHost(name, host);
    }
    return one.value ?? (await read(one.file ?? '', name));
  }
}

async function read(file: string, name: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw sourceFaults.noSecretFile(name);
  }
}
