import { BlockList, isIP } from 'node:net';

/** Source addresses: single IPs and CIDR ranges, both families. */
export class AddressList {
  readonly #list = new BlockList();

  /** @throws Error when an entry is no address; `isAddress` of the config tells beforehand */
  constructor(entries: readonly string[]) {
    for (const entry of entries) {
      const [address = '', bits] = entry.split('/');
      const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
      if (bits === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(bits), family);
    }
  }

  /** An IPv4 address in IPv6 clothes (`::ffff:10.0.0.1`) counts as IPv4. */
  has(address: string): boolean {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
    const family = isIP(plain);
    if (family === 0) return false;
    return this.#list.check(plain, family === 6 ? 'ipv6' : 'ipv4');
  }
}
