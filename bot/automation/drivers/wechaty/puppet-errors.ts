import { DeadlinePassed } from '../../../deadline.ts';
import { DriverError, type DriverFault } from '../../driver.ts';
import type { Redact } from './redact.ts';

/** What failed: a send may have left, a look-up leaves nothing behind. */
export type CallKind = 'send' | 'look-up';

/** gRPC status codes that mean something here. */
export const status = {
  cancelled: 1,
  unknown: 2,
  deadlineExceeded: 4,
  alreadyExists: 6,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A file could not be prepared or uploaded: the message itself was not handed over. */
export class NotHandedOver extends Error {}

/** The connection this call ran on is over. */
export class ConnectionLost extends Error {}

/** As much of an error as it takes to judge it; puppets wrap whole stacks into the text. */
export function describe(error: unknown): { code: number | undefined; text: string } {
  const code = codeOf(error);
  const details = property(error, 'details');
  const message = error instanceof Error ? error.message : String(error);
  const text = typeof details === 'string' && details !== '' ? details : message;
  const [first = ''] = text.split('\n', 1);
  return { code, text: first.replace(/^(?:Uncaught )?(?:\w*Error: )+/, '').slice(0, 300) };
}

/** What a failed call means for the message, or for the question asked. */
export function faultOf(error: unknown, kind: CallKind): DriverFault {
  if (error instanceof DriverError) return error.fault;
  if (error instanceof NotHandedOver) return faultOfPreparation(error);
  const fault = faultOfSend(error);
  if (kind === 'send') return fault;
  return fault === 'absent' || fault === 'unsupported' ? fault : 'offline';
}

/** The error as the driver's callers get it: no token, no stack, no foreign cause in it. */
export function toDriverError(error: unknown, kind: CallKind, redact: Redact): DriverError {
  if (error instanceof DriverError) return error;
  const { text } = describe(error);
  return new DriverError(faultOf(error, kind), redact(text === '' ? 'no reason given' : text));
}

function faultOfPreparation(error: NotHandedOver): DriverFault {
  return codeOf(error.cause) === status.unimplemented ? 'unsupported' : 'offline';
}

function faultOfSend(error: unknown): DriverFault {
  if (error instanceof DeadlinePassed || error instanceof ConnectionLost) return 'unknown';
  const { code, text } = describe(error);
  switch (code) {
    case status.unauthenticated:
    case status.permissionDenied:
      return 'refused';
    case status.unimplemented:
      return 'unsupported';
    case status.unavailable:
    case status.deadlineExceeded:
      // gRPC tells whether the call ever got onto a connection.
      return neverLeft.test(text) ? 'offline' : 'unknown';
    case status.resourceExhausted:
      return 'rate';
    case status.unknown:
      return faultOfPuppet(text);
    case undefined:
      return noClient.test(text) ? 'offline' : 'unknown';
    default:
      return 'unknown';
  }
}

/** Texts a puppet rejects with. What it does not explain it has refused. */
function faultOfPuppet(text: string): DriverFault {
  if (/\b1205\b|too (?:frequent|fast|many)|rate.?limit|频繁|过快/i.test(text)) return 'rate';
  if (/unsupported|not support|not implemented|不支持/i.test(text)) return 'unsupported';
  if (/\b110[0-2] == 0|not logged ?in|no login|must login|logged out|未登录/i.test(text)) {
    return 'offline';
  }
  if (/ENOTFOUND|ECONNREFUSED|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/.test(text)) return 'offline';
  if (absent.test(text)) return 'absent';
  if (/time(?:d )?-?out|ETIMEDOUT|ECONNRESET|EPIPE|socket hang up|aborted/i.test(text)) {
    return 'unknown';
  }
  return 'refused';
}

const neverLeft =
  /^No connection established|^Name resolution failed|^Failed to connect|Waiting for LB pick|Failed to start HTTP\/2 stream|^The channel/i;
/** The puppet's own words before it has, and after it gave up, a connection. */
const noClient = /^no grpc manager|^NO CLIENT/i;
const absent =
  /no payload found|not exist|no such|not found|no this\.wechat4u\.contacts|unknown (?:room|contact)|不存在/i;

function codeOf(error: unknown): number | undefined {
  const code = property(error, 'code');
  return typeof code === 'number' ? code : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
