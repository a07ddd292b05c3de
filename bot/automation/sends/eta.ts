import { budgetOf, type Taken } from './pacing.ts';

/**
 * How long until the send that has `ahead` others before it may leave, in ms, as far as one budget
 * says: what is taken comes back, and those ahead take it again, in rounds of one window.
 * @param step mean pause between two sends, ms
 */
export function waitFor(
  ahead: number,
  perMinute: number,
  taken: readonly Taken[],
  now: number,
  step: number,
): number {
  if (perMinute <= 0) return ahead * step;
  const { size, window } = budgetOf(perMinute);
  const busy: number[] = [];
  for (const [at, count] of taken) {
    const free = at + window - now;
    for (let i = 0; i < count && free > 0; i += 1) busy.push(free);
  }
  // The newest `size` takes are the ones that still bind; the others come back before.
  const binding = busy.slice(-size);
  const open = size - binding.length;
  const round = Math.max(window, size * step);
  const turn = ahead % size;
  const first = turn < open ? turn * step : Math.max(binding[turn - open] ?? 0, turn * step);
  return first + Math.floor(ahead / size) * round;
}
