import type { Database } from '../../store/database.ts';
import type { RunRow, RunStore } from '../../store/runs.ts';
import { isFinal } from '../automation/sends/send-status.ts';
import type { Clock } from '../clock.ts';
import { outcomeOf, type RunTarget, refreshTargets, type SendDesk, whyNot } from './messages.ts';
import type { Runner } from './runner.ts';

export interface WatchOptions {
  db: Database;
  runs: RunStore;
  desk: SendDesk;
  runner: Pick<Runner, 'note'>;
  clock: Clock;
}

/** Follows the messages of runs to their ends: what became of them is what became of the run. */
export class Watch {
  readonly #options: WatchOptions;

  /** Messages of runs that have not ended. */
  #awaited = new Set<number>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Whether a run may end with this message. */
  awaits(msgid: number): boolean {
    return this.#awaited.has(msgid);
  }

  /** @returns whether some are on their way */
  async look(): Promise<boolean> {
    const { db, runs, desk, runner, clock } = this.#options;
    let open = false;
    const awaited = new Set<number>();
    for (const run of await runs.sending()) {
      const known = targetsOf(run);
      // Before they are looked at: one that ends meanwhile is told of.
      for (const msgid of openIn(known)) this.#awaited.add(msgid);
      const targets = await refreshTargets(desk, known);
      const outcome = outcomeOf(targets);
      if (outcome === undefined) {
        open = true;
        for (const msgid of openIn(targets)) awaited.add(msgid);
        continue;
      }
      const reason = outcome === 'sent' ? run.reason : (whyNot(targets) ?? null);
      const end = {
        state: outcome,
        reason,
        finished_at: clock.now(),
        targets: JSON.stringify(targets),
      };
      await db.transaction(async (tx) => {
        if (await runs.end(tx, run, 'sending', end))
          await runner.note(tx, run, outcome, reason ?? '');
      });
    }
    this.#awaited = awaited;
    return open;
  }
}

function openIn(targets: readonly RunTarget[]): number[] {
  return targets.flatMap(({ messages }) =>
    messages.filter(({ state }) => !isFinal(state)).map(({ msgid }) => msgid),
  );
}

export function targetsOf(run: Pick<RunRow, 'targets'>): RunTarget[] {
  // Of our own writing.
  return JSON.parse(run.targets) as RunTarget[];
}
