import { Refusal } from './answers.ts';
import type { AccountKind } from './types.ts';

/** What a user can do that lets the account send to him. */
export type Action = 'message' | 'enter' | 'click' | 'follow' | 'scan';

const rules: Record<AccountKind, Partial<Record<Action, { sends: number; ms: number }>>> = {
  miniprogram: {
    message: { sends: 5, ms: 48 * 3_600_000 },
    enter: { sends: 2, ms: 60_000 },
  },
  official: {
    message: { sends: 5, ms: 48 * 3_600_000 },
    click: { sends: 3, ms: 60_000 },
    follow: { sends: 3, ms: 60_000 },
    scan: { sends: 3, ms: 60_000 },
  },
};

/** How often and how long an account may still send to one user by custom/send. */
export class Windows {
  readonly #windows = new Map<Action, { left: number; until: number }>();

  /** Another action of the same kind starts its count anew; it never adds up. */
  act(kind: AccountKind, action: Action, now: number): void {
    const rule = rules[kind][action];
    if (rule === undefined) return;
    this.#windows.set(action, { left: rule.sends, until: now + rule.ms });
  }

  /** @throws Refusal 45015 when nothing is open, 45047 when all that is open is used up */
  spend(now: number): void {
    const open = [...this.#windows.values()].filter((one) => one.until > now);
    if (open.length === 0) throw new Refusal(45015);
    const first = open.filter((one) => one.left > 0).sort((a, b) => a.until - b.until)[0];
    if (first === undefined) throw new Refusal(45047);
    first.left -= 1;
  }

  clear(): void {
    this.#windows.clear();
  }

  open(now: number): { action: string; left: number; until: number }[] {
    return [...this.#windows]
      .filter(([, one]) => one.until > now)
      .map(([action, one]) => ({ action, ...one }));
  }
}
