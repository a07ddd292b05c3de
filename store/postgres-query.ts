import pg from 'pg';
import { ForeignFault, type ForeignQuery, type ForeignRows } from './foreign-query.ts';

/**
 * Runs one statement on a PostgreSQL database in a read-only transaction, as long as `timeoutMs` allows,
 * and fetches no more rows than asked for. @throws ForeignFault
 */
export async function queryPostgres(
  url: string,
  query: ForeignQuery,
  signal: AbortSignal,
): Promise<ForeignRows> {
  const { timeoutMs } = query;
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    statement_timeout: timeoutMs,
    query_timeout: timeoutMs + 2000,
    lock_timeout: timeoutMs,
    idle_in_transaction_session_timeout: timeoutMs + 5000,
    application_name: 'wxrc reports',
    // Read-only whatever the statement says: a COMMIT in it begins no other kind of transaction.
    options: '-c default_transaction_read_only=on',
    types: { getTypeParser: parserOf },
  });
  // What breaks between two statements would else end the process.
  client.on('error', () => {});
  const abort = (): void => {
    void client.end().catch(() => {});
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    signal.throwIfAborted();
    await client.connect();
    return await fetchRows(client, query);
  } catch (error) {
    if (signal.aborted) throw new ForeignFault('it took too long');
    throw new ForeignFault(reasonOf(error), codeOf(error));
  } finally {
    signal.removeEventListener('abort', abort);
    await client.end().catch(() => {});
  }
}

async function fetchRows(client: pg.Client, query: ForeignQuery): Promise<ForeignRows> {
  const { sql, params, maxRows } = query;
  await client.query('BEGIN TRANSACTION READ ONLY');
  // A cursor takes one statement that reads, and this form of asking one statement at all: nothing can
  // follow that ends the transaction and begins another.
  const declare: pg.QueryConfig & { queryMode: 'extended' } = {
    text: `DECLARE report NO SCROLL CURSOR FOR ${sql.replace(/;\s*$/, '')}`,
    values: [...params],
    queryMode: 'extended',
  };
  await client.query(declare);
  const { rows } = await client.query<Record<string, unknown>>(`FETCH ${maxRows + 1} FROM report`);
  await client.query('ROLLBACK');
  return { rows: rows.slice(0, maxRows), truncated: rows.length > maxRows };
}

/** Numbers as numbers where they keep their digits; dates as they are written. */
function parserOf(oid: number): (text: string) => unknown {
  const { builtins } = pg.types;
  switch (oid) {
    case builtins.INT8:
    case builtins.NUMERIC:
      return (text) => (isExact(text) ? Number(text) : text);
    case builtins.TIMESTAMPTZ:
      return (text) => new Date(text).toISOString();
    case builtins.DATE:
    case builtins.TIMESTAMP:
      return (text) => text;
    default:
      return pg.types.getTypeParser(oid, 'text') as (text: string) => unknown;
  }
}

function isExact(text: string): boolean {
  // A division writes sixteen zeros behind the point: they are no digits to lose.
  const plain = text.includes('.') ? text.replace(/0+$/, '') : text;
  return plain.replace(/\D/g, '').length <= 15 && Number.isFinite(Number(text));
}

/** Without the address: it holds a password. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'it failed';
  return error.message.replaceAll(/postgres(ql)?:\/\/\S+/g, '…') || 'it failed';
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
