import type { ReportSource } from '../../config/report-schema.ts';
import type { SourceOf } from '../../config/report-source-schema.ts';
import { ForeignFault } from '../../store/foreign-query.ts';
import { queryPostgres } from '../../store/postgres-query.ts';
import { querySqlite } from '../../store/sqlite-query.ts';
import { FetchError, Fetcher } from '../fetcher.ts';
import { type BuiltInOptions, builtInRows } from './built-in.ts';
import { FolderFault, type Folders } from './folders.ts';
import { ReportFault } from './report-fault.ts';
import type { Occasion } from './scope.ts';
import type { ReportSecrets } from './secrets.ts';
import type { Raw } from './workshop-jobs.ts';

export interface SourcesOptions extends BuiltInOptions {
  fetcher: Fetcher;
  folders: Folders;
  secrets: ReportSecrets;
}

const fileBytes = 20 * 1_048_576;
const httpBytes = 20 * 1_048_576;
const httpMs = 300_000;

/** What fetches for reports: each source has its own bounds, up to these. @param allow as `fetch.allow` */
export function reportFetcher(allow: readonly string[]): Fetcher {
  return new Fetcher({ allow, maxBytes: httpBytes, timeoutMs: httpMs });
}

/** Where the rows of reports come from. */
export class Sources {
  readonly #options: SourcesOptions;

  constructor(options: SourcesOptions) {
    this.#options = options;
  }

  /** @param source with its texts filled in @throws ReportFault */
  async read(source: ReportSource, occasion: Occasion, signal: AbortSignal): Promise<Raw> {
    try {
      return await this.#read(source, occasion, signal);
    } catch (error) {
      if (error instanceof ReportFault) throw error;
      if (signal.aborted) throw new ReportFault('timeout');
      const told =
        error instanceof FetchError ||
        error instanceof ForeignFault ||
        error instanceof FolderFault;
      // Anything else may hold what is nobody's business: the log has it.
      if (told) throw new ReportFault('source', source.type, error.message);
      throw error;
    }
  }

  async #read(source: ReportSource, occasion: Occasion, signal: AbortSignal): Promise<Raw> {
    switch (source.type) {
      case 'none':
        return { rows: [], truncated: false };
      case 'http':
        return await this.#http(source, signal);
      case 'file': {
        const bytes = await this.#options.folders.read(source.file, fileBytes);
        const format = source.format ?? (/\.csv$/i.test(source.file) ? 'csv' : 'json');
        return { bytes, format, pick: source.pick };
      }
      case 'sqlite': {
        const file = await this.#options.folders.find(source.file);
        return await querySqlite(file, queryOf(source), signal);
      }
      case 'postgres': {
        const url = await this.#options.secrets.database(source.database);
        return await queryPostgres(url, queryOf(source), signal);
      }
      case 'builtin':
        return { rows: await builtInRows(source, occasion, this.#options), truncated: false };
    }
  }

  async #http(source: SourceOf<'http'>, signal: AbortSignal): Promise<Raw> {
    const { url, method, body, pick, maxBytes, timeoutSeconds } = source;
    const headers = await this.#options.secrets.fill(source.headers, url);
    const json = typeof body === 'object';
    const bytes = await this.#options.fetcher.fetch(url, {
      ...{ maxBytes, timeoutMs: timeoutSeconds * 1000, signal },
      request: {
        method,
        headers: {
          accept: 'application/json',
          ...(json && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: json ? JSON.stringify(body) : body }),
      },
    });
    return { bytes, format: 'json', pick };
  }
}

function queryOf({ sql, params, maxRows, timeoutSeconds }: SourceOf<'sqlite' | 'postgres'>) {
  return { sql, params, maxRows, timeoutMs: timeoutSeconds * 1000 };
}
