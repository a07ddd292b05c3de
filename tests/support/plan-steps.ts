import type { Database } from '../../store/database.ts';

/** How the database would run each statement, step by step. */
export async function planSteps(
  db: Pick<Database, 'read'>,
  statements: Iterable<string>,
): Promise<{ sql: string; detail: string }[]> {
  const steps: { sql: string; detail: string }[] = [];
  // Where statements are noted, those asked here are noted, too.
  for (const sql of [...statements]) {
    const params = Array.from(sql.matchAll(/\?/g), () => null);
    const plan = await db.read<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, params);
    for (const { detail } of plan) steps.push({ sql, detail });
  }
  return steps;
}
