import dgram from 'node:dgram';
import { Socket } from 'node:net';

/**
 * From now on this process connects to nobody but the port that is allowed, on this machine.
 * @returns allows one port
 */
export function forbidOutgoing(): (port: number) => void {
  let allowed: number | undefined;
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function refuse(this: Socket, ...args: unknown[]): Socket {
    // What node's own callers hand in comes as one list.
    const first = Array.isArray(args[0]) ? (args[0] as unknown[])[0] : args[0];
    const { port, host = 'localhost' } =
      typeof first === 'object' && first !== null
        ? (first as { port?: unknown; host?: string })
        : { port: first };
    const local = /^(127\.|localhost$|::1$)/.test(String(host));
    if (!local || allowed === undefined || Number(port) !== allowed) {
      throw new Error(`a drill connects to nobody (${String(host)}:${String(port)})`);
    }
    return (connect as (...given: unknown[]) => Socket).apply(this, args);
  };
  dgram.Socket.prototype.send = function refuse(): never {
    throw new Error('a drill connects to nobody');
  };
  return (port) => {
    allowed = port;
  };
}
