import type { ReportSource } from '../../config/report-schema.ts';
import type { SourceOf } from '../../config/report-source-schema.ts';
import { queryPostgres } from '../../store/postgres-query.ts';
import { querySqlite } from '../../store/sqlite-query.ts';
import { Fetcher } from '../fetcher.ts';
import { builtInRows } from './built-in.ts';
import type { BuiltInOptions } from './built-in-days.ts';
import type { Folders } from './folders.ts';
import { ReportFault } from './report-fault.ts';
import type { Occasion } from './scope.ts';
import type { ReportSecrets } from './secrets.ts';
import { formatOf, sourceFault, sourceName } from './source-faults.ts';
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
      if (signal.aborted) throw new ReportFault('timeout');
      const text = sourceFault(error);
      // Anything else may hold what is nobody's business: the log has it.
      throw text === undefined ? error : new ReportFault('source', sourceName(source), text);
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
        return { bytes, format: formatOf(source), pick: source.pick, name: sourceName(source) };
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
        return await builtInRows(source, occasion, this.#options);
    }
  }

  async #http(source: SourceOf<'http'>, signal: AbortSignal): Promise<Raw> {
    const { url, method, body, pick, maxBytes, timeoutSeconds } = source;
    const headers = await this.#options.secrets.fill(source.headers, url);
    const json = typeof body === 'object';
    const { bytes, status, type } = await this.#options.fetcher.ask(url, {
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
    const answer = `${status} ${type}`.trim();
    return { bytes, format: 'json', pick, answer, name: sourceName(source) };
  }
}

function queryOf({ sql, params, maxRows, timeoutSeconds }: SourceOf<'sqlite' | 'postgres'>) {
  return { sql, params, maxRows, timeoutMs: timeoutSeconds * 1000 };
}
