import type { Database } from '../../store/database.ts';
import type { RunRow, RunStore } from '../../store/runs.ts';
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

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** @returns whether some are on their way */
  async look(): Promise<boolean> {
    const { db, runs, desk, runner, clock } = this.#options;
    let open = false;
    for (const run of await runs.sending()) {
      const targets = await refreshTargets(desk, targetsOf(run));
      const outcome = outcomeOf(targets);
      if (outcome === undefined) {
        open = true;
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
    return open;
  }
}

export function targetsOf(run: Pick<RunRow, 'targets'>): RunTarget[] {
  // Of our own writing.
  return JSON.parse(run.targets) as RunTarget[];
}
