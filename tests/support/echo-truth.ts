import type { FaultOrder } from '../../bot/automation/drivers/simulator/simulator-types.ts';

/** What can be true of a send, and what its sender gets to know. */
export interface EchoTruth {
  name: string;
  /** Faults of the simulator that make it so, for one send. */
  faults: FaultOrder[];
  /** Whether WeChat has seen the message once everything is over. */
  delivered: boolean;
  /** How the call ends. */
  call: 'receipt' | 'unknown' | 'refused';
  /** When it ends, in ms after it began. */
  endsAfter: number;
  /** When the own echo is heard, in ms after the call began; undefined: never. */
  echoAfter: number | undefined;
}

/** Every combination of delivery, answer and echo that a sender has to tell apart. */
export const echoTruths: readonly EchoTruth[] = [
  {
    name: 'delivered, answered, echoed',
    faults: [],
    delivered: true,
    call: 'receipt',
    endsAfter: 0,
    echoAfter: 0,
  },
  {
    name: 'delivered, answered, echo late',
    faults: [{ kind: 'delay', on: 'echo', ms: 5_000 }],
    delivered: true,
    call: 'receipt',
    endsAfter: 0,
    echoAfter: 5_000,
  },
  {
    name: 'delivered, answered, no echo',
    faults: [{ kind: 'drop', on: 'echo' }],
    delivered: true,
    call: 'receipt',
    endsAfter: 0,
    echoAfter: undefined,
  },
  {
    name: 'delivered, answer lost, echoed',
    faults: [{ kind: 'lost-answer' }],
    delivered: true,
    call: 'unknown',
    endsAfter: 15_000,
    echoAfter: 0,
  },
  {
    name: 'delivered, answer lost at once, echo late',
    faults: [
      { kind: 'lost-answer', ms: 0 },
      { kind: 'delay', on: 'echo', ms: 8_000 },
    ],
    delivered: true,
    call: 'unknown',
    endsAfter: 0,
    echoAfter: 8_000,
  },
  {
    name: 'delivered, answer lost, no echo',
    faults: [
      { kind: 'lost-answer', ms: 0 },
      { kind: 'drop', on: 'echo' },
    ],
    delivered: true,
    call: 'unknown',
    endsAfter: 0,
    echoAfter: undefined,
  },
  {
    name: 'not delivered, no answer',
    faults: [{ kind: 'hang' }],
    delivered: false,
    call: 'unknown',
    endsAfter: 15_000,
    echoAfter: undefined,
  },
  {
    name: 'not delivered, answer lost at once',
    faults: [{ kind: 'hang', ms: 0 }],
    delivered: false,
    call: 'unknown',
    endsAfter: 0,
    echoAfter: undefined,
  },
  {
    name: 'frozen: given up, then delivered and echoed after all',
    faults: [{ kind: 'delay', ms: 20_000 }],
    delivered: true,
    call: 'unknown',
    endsAfter: 15_000,
    echoAfter: 20_000,
  },
  {
    name: 'refused',
    faults: [{ kind: 'error' }],
    delivered: false,
    call: 'refused',
    endsAfter: 0,
    echoAfter: undefined,
  },
];
