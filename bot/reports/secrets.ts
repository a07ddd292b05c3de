import { readFile } from 'node:fs/promises';
import type { ReportingSettings } from '../../config/report-schema.ts';
import { ReportFault } from './report-fault.ts';

const reference = /\{secret:([\w-]{1,64})\}/g;

/** What reports may carry and nobody may read: told to the hosts that the config names, no other. */
export class ReportSecrets {
  readonly #settings: Pick<ReportingSettings, 'secrets' | 'databases'>;

  constructor(settings: Pick<ReportingSettings, 'secrets' | 'databases'>) {
    this.#settings = settings;
  }

  /** Puts secrets in for their names. @throws ReportFault */
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

  /** Address of a database. @throws ReportFault */
  async database(name: string): Promise<string> {
    const { databases } = this.#settings;
    const one = Object.hasOwn(databases, name) ? databases[name] : undefined;
    if (one === undefined)
      throw new ReportFault('source', 'database', `${name} is not in the config`);
    return one.url ?? (await read(one.urlFile ?? '', name));
  }

  async #secret(name: string, address: string): Promise<string> {
    const { secrets } = this.#settings;
    const one = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (one === undefined)
      throw new ReportFault('source', 'secret', `${name} is not in the config`);
    const host = URL.canParse(address) ? new URL(address).hostname.toLowerCase() : '';
    if (!one.hosts.some((allowed) => allowed.toLowerCase() === host)) {
      throw new ReportFault('source', 'secret', `${name} is not for ${host}`);
    }
    return one.value ?? (await read(one.file ?? '', name));
  }
}

async function read(file: string, name: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    throw new ReportFault('source', 'secret', `the file of ${name} cannot be read`);
  }
}
