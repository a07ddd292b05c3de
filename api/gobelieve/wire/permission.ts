import { type ClientConnection, CloseCode } from './connection.ts';

/** Goes on when it is known whether something may be said; later frames wait for that. */
export function whenKnown<T>(
  connection: ClientConnection,
  asked: Promise<T>,
  then: (answer: T) => void,
): void {
  connection.hold();
  asked.then(
    (answer) => {
      if (!connection.closed) then(answer);
      connection.release();
    },
    (error: unknown) => {
      connection.wire.logger.error({ err: error }, 'customer message failed');
      connection.close('customer message failed', CloseCode.failed);
    },
  );
}
