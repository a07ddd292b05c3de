import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { AddressList } from '../../bot/address-list.ts';

/** From where a request comes. */
export type SourceOf = (req: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * The other end of the connection, or, behind proxies of ours, what the last of them says: each adds
 * to the end of `X-Forwarded-For`, and whoever is asked first could have written the rest himself.
 * @param proxies addresses and CIDR ranges that are believed
 */
export function createSourceOf(proxies: readonly string[]): SourceOf {
  if (proxies.length === 0) return (req) => req.socket.remoteAddress ?? '';
  const ours = new AddressList(proxies);
  return (req) => {
    let address = req.socket.remoteAddress ?? '';
    const told = [req.headers['x-forwarded-for'] ?? ''].flat().join(',').split(',').reverse();
    for (const hop of told.map((one) => one.trim())) {
      if (!ours.has(address) || isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  };
}
