import { AppError } from '../../../errors.ts';
import {
  type Fault,
  type FaultKind,
  type FaultOrder,
  type FaultPoint,
  type FaultTarget,
  faultCalls,
} from './simulator-types.ts';

const sends: readonly FaultPoint[] = ['text', 'image', 'card', 'file'];
const lookUps: readonly FaultPoint[] = ['rooms', 'room', 'contacts'];
const calls: readonly FaultPoint[] = faultCalls;

/** What each kind may act on; the first is its default. */
const allowed: Record<FaultKind, readonly FaultTarget[]> = {
  delay: ['send', ...calls, 'look-up', 'any', 'ready', 'echo', 'message'],
  hang: ['send', ...calls, 'look-up', 'any'],
  error: ['send', ...calls.filter((call) => call !== 'stop'), 'look-up', 'any'],
  rate: ['send', ...sends, ...lookUps, 'look-up', 'any'],
  'lost-answer': ['send', ...sends],
  drop: ['echo', 'message', 'ready'],
  duplicate: ['message', 'echo'],
  'stream-death': [],
  silence: [],
  'other-account': [],
};

/** Misbehaviour on request, used up in the order in which it was asked for. In memory only. */
export class Faults {
  #faults: Fault[] = [];
  #last = 0;

  /** @throws AppError when the kind cannot act on that */
  add(order: FaultOrder): Fault {
    const targets = allowed[order.kind];
    const on = order.on ?? targets[0];
    if (order.on !== undefined && !targets.includes(order.on)) {
      throw new AppError(
        'field_value',
        {
          zh: `on: 故障 ${order.kind} 不能作用于 ${order.on}，可选：${targets.join('、') || '（无）'}`,
          en: `on: ${order.kind} cannot act on ${order.on}; it can on: ${targets.join(', ') || '-'}`,
        },
        { field: 'on' },
      );
    }
    this.#last += 1;
    const fault: Fault = { ...order, id: this.#last, on, times: order.times ?? 1 };
    this.#faults.push(fault);
    return fault;
  }

  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#faults = [];
  }

  /** Uses up one turn of the first fault that hits this call or event. */
  take(point: FaultPoint, chat?: string): Fault | undefined {
    if (this.#faults.length === 0) return undefined;
    return this.#use((fault) => hits(fault.on, point) && (fault.chat ?? chat) === chat);
  }

  /** Uses up one turn of the first fault of a kind that acts on the connection. */
  takeKind(kind: 'stream-death' | 'silence' | 'other-account'): Fault | undefined {
    return this.#use((fault) => fault.kind === kind);
  }

  #use(matches: (fault: Fault) => boolean): Fault | undefined {
    const fault = this.#faults.find(matches);
    if (fault === undefined || fault.times === 'always') return fault;
    fault.times -= 1;
    if (fault.times <= 0) this.#faults = this.#faults.filter((one) => one !== fault);
    return fault;
  }
}

function hits(on: FaultTarget | undefined, point: FaultPoint): boolean {
  if (on === 'send') return sends.includes(point);
  if (on === 'look-up') return lookUps.includes(point);
  // A stop that hangs has to be asked for by name.
  if (on === 'any') return point !== 'stop' && calls.includes(point);
  return on === point;
}
