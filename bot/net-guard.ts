import { BlockList, isIP } from 'node:net';
import { AddressList } from './address-list.ts';

/** IPv4 ranges that are not the public internet (RFC 6890 and successors). */
const special4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
/** Inside 2000::/3, which alone is public in IPv6: tunnels that carry any IPv4, documentation. */
const special6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

/** Which addresses outgoing fetches may connect to. */
export class NetGuard {
  readonly #special = new AddressList([...special4, ...special6]);
  readonly #public6 = new BlockList();
  readonly #names: ReadonlySet<string>;
  readonly #addresses: AddressList;

  /** @param allow host names, IPs and CIDR ranges that are allowed although they are private */
  constructor(allow: readonly string[]) {
    this.#public6.addSubnet('2000::', 3, 'ipv6');
    const addresses = allow.filter((entry) => isIP(entry.split('/')[0] ?? '') !== 0);
    this.#addresses = new AddressList(addresses);
    this.#names = new Set(
      allow.filter((entry) => !addresses.includes(entry)).map((entry) => entry.toLowerCase()),
    );
  }

  /** Whether a name was allowed, wherever it leads. */
  trustsName(host: string): boolean {
    return this.#names.has(host.toLowerCase());
  }

  allowsAddress(address: string): boolean {
    if (this.#addresses.has(address)) return true;
    if (isIP(address) === 4) return !this.#special.has(address);
    if (isIP(address) !== 6) return false;
    return this.#public6.check(address, 'ipv6') && !this.#special.has(address);
  }
}
