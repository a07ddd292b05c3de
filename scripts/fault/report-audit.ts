import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import type { Seen } from './ledger.ts';

/** A send for later that was promised. */
export interface Wish {
  id: number;
  text: string;
}

interface RunRow {
  schedule: string;
  slot: number;
  state: string;
}

interface SendRow {
  txcode: string;
  chid: string;
  state: string;
  copies: number;
}

/**
 * Compares the ledger with what was queued and with what WeChat saw.
 * @param before only runs of slots before it are asked to be over
 */
export function auditReports(
  folder: string,
  names: readonly string[],
  seen: Seen | undefined,
  wishes: readonly Wish[],
  before = Number.POSITIVE_INFINITY,
): { broken: string[]; runs: Record<string, number>; open: number } {
  const broken: string[] = [];
  const states: Record<string, number> = {};
  const db = new Sqlite(join(folder, 'wxrc.db'), { readonly: true });
  try {
    const runs = db
      .prepare<[], RunRow>('SELECT schedule, slot, state FROM runs ORDER BY slot')
      .all();
    const sends = new Map(
      db
        .prepare<[], SendRow>(
          `SELECT txcode, chid, min(state) AS state, count(*) AS copies FROM sends GROUP BY txcode, chid`,
        )
        .all()
        .map((row) => [row.txcode, row]),
    );
    for (const { txcode, copies } of sends.values()) {
      if (copies > 1) broken.push(`${txcode} was queued ${copies} times`);
    }
    let open = 0;
    for (const { schedule, slot, state } of runs) {
      states[state] = (states[state] ?? 0) + 1;
      const send = sends.get(`report:${schedule}:${slot}:0`);
      if (['waiting', 'running'].includes(state) && send !== undefined) {
        broken.push(`${schedule} ${slot} is ${state}, and was queued`);
      }
      if (['sending', 'sent'].includes(state) && send === undefined) {
        broken.push(`${schedule} ${slot} is ${state}, and nothing was queued`);
      }
      // Nobody knows of a send that was on its way: it stays open until WeChat tells.
      const over = !['waiting', 'running', 'sending'].includes(state) || send?.state === 'unknown';
      if (!over && slot < before) open += 1;
      if (seen === undefined || schedule !== 'rows') continue;
      const copies = seen.byText.get(`rows ${new Date(slot).toISOString()} 1`)?.size ?? 0;
      if (copies > 1) broken.push(`${schedule} ${slot}: WeChat saw it ${copies} times`);
      if (state === 'sent' && copies === 0)
        broken.push(`${schedule} ${slot}: sent, and never seen`);
    }
    for (const name of names) broken.push(...gapsOf(name, runs));
    for (const { id, text } of wishes) {
      const send = sends.get(`scheduled:${id}`);
      if (send === undefined) broken.push(`${text}: promised, and never queued`);
      const copies = seen?.byText.get(text)?.size ?? 0;
      if (copies > 1) broken.push(`${text}: WeChat saw it ${copies} times`);
      if (send?.state === 'sent' && copies === 0) broken.push(`${text}: sent, and never seen`);
    }
    return { broken, runs: states, open };
  } finally {
    db.close();
  }
}

/** Every second has its run, whatever happened in it. */
function gapsOf(name: string, runs: readonly RunRow[]): string[] {
  const slots = runs.filter(({ schedule }) => schedule === name).map(({ slot }) => slot);
  const gaps: string[] = [];
  for (const [at, slot] of slots.entries()) {
    const last = slots[at - 1];
    if (last !== undefined && slot - last !== 1000)
      gaps.push(`${name}: nothing between ${last} and ${slot}`);
  }
  if (slots.length === 0) gaps.push(`${name} never ran`);
  return gaps;
}
