import type { FaultKind, FaultOptions } from './types.ts';

const kinds: Record<FaultKind, true> = {
  delay: true,
  hang: true,
  error: true,
  http500: true,
  garbage: true,
  cut: true,
  close: true,
  expireToken: true,
};

/** Faults that were ordered, used up in the order of ordering. */
export class Faults {
  readonly #faults: (FaultOptions & { left: number })[] = [];

  add(fault: FaultOptions): void {
    if (!Object.hasOwn(kinds, fault.kind)) {
      throw new Error(`no such fault: ${fault.kind}; there are ${Object.keys(kinds).join(' ')}`);
    }
    const left = fault.times === 'always' ? Number.POSITIVE_INFINITY : (fault.times ?? 1);
    this.#faults.push({ ...fault, left });
  }

  /** The fault that hits this call, if any; it is used up by that. */
  take(path: string, openid: string | undefined): FaultOptions | undefined {
    const index = this.#faults.findIndex(
      (one) => path.includes(one.path ?? '') && (one.openid === undefined || one.openid === openid),
    );
    const fault = this.#faults[index];
    if (fault === undefined) return undefined;
    fault.left -= 1;
    if (fault.left <= 0) this.#faults.splice(index, 1);
    return fault;
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** Those still to come. */
  list(): FaultOptions[] {
    return this.#faults.map(({ left, ...fault }) => ({
      ...fault,
      times: left === Number.POSITIVE_INFINITY ? ('always' as const) : left,
    }));
  }
}
