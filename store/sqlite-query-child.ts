import Sqlite from 'better-sqlite3';
import type { SqliteQueryAnswer, SqliteQueryJob } from './sqlite-query.ts';

// Process of sqlite-query.ts: one statement, one answer.
process.once('message', (job: SqliteQueryJob) => {
  process.send?.(answer(job), () => process.exit(0));
});

function answer({ file, sql, params, maxRows }: SqliteQueryJob): SqliteQueryAnswer {
  try {
    const db = new Sqlite(file, { readonly: true, fileMustExist: true, timeout: 2000 });
    db.pragma('query_only = ON');
    const statement = db.prepare(sql);
    if (!statement.reader) return { fault: 'the statement answers no rows' };
    const rows: Record<string, unknown>[] = [];
    for (const row of statement.iterate(...params)) {
      if (rows.length === maxRows) return { rows, truncated: true };
      rows.push(plain(row as Record<string, unknown>));
    }
    return { rows, truncated: false };
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'it failed' };
  }
}

/** Bytes are shown by their number. */
function plain(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? `${value.length} bytes` : value,
    ]),
  );
}
