import type { Lane } from './lanes.ts';

/** Waiting lanes by time: a binary heap whose void entries are dropped when they come up. */
export class Agenda {
  readonly #heap: { until: number; ticket: number; lane: Lane }[] = [];

  add(lane: Lane): void {
    if (lane.until === Number.POSITIVE_INFINITY) return;
    const heap = this.#heap;
    const entry = { until: lane.until, ticket: lane.ticket, lane };
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.until <= entry.until) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  nextAt(): number {
    for (let top = this.#heap[0]; top !== undefined; top = this.#heap[0]) {
      if (isLive(top)) return top.until;
      this.#pop();
    }
    return Number.POSITIVE_INFINITY;
  }

  *due(now: number): Iterable<Lane> {
    while (this.nextAt() <= now) {
      const lane = this.#heap[0]?.lane;
      this.#pop();
      if (lane !== undefined) yield lane;
    }
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const a = heap[left];
      const b = heap[right];
      const child = b !== undefined && a !== undefined && b.until < a.until ? right : left;
      const below = heap[child];
      if (below === undefined || below.until >= last.until) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
  }
}

function isLive(entry: { ticket: number; lane: Lane }): boolean {
  return entry.lane.ticket === entry.ticket && entry.lane.state === 'waiting';
}
