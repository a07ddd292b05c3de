import { connect } from 'node:net';
import { type Finding, finding } from './check.ts';

const timeoutMs = 3000;

/** Whether somebody takes connections there. */
export async function reach(check: string, host: string, port: number): Promise<Finding> {
  const address = `${host}:${port}`;
  const fault = await new Promise<string | undefined>((resolve) => {
    const socket = connect({ host, port, timeout: timeoutMs });
    const end = (result: string | undefined): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end('ETIMEDOUT'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
  return fault === undefined
    ? finding(check, 'ok', `${address} 可达`, `${address} can be reached`)
    : finding(
        check,
        'warn',
        `${address} 不可达：${fault}`,
        `${address} cannot be reached: ${fault}`,
      );
}
