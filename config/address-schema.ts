import { isIP } from 'node:net';
import { z } from 'zod';

export const httpUrl = z.url({
  protocol: /^https?$/,
  error: 'must be an http or https address',
});

export const port = z.int().min(0).max(65535);

/** An IP address or a CIDR range of either family. */
export function isAddress(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
}

/** No port, no scheme: what else is there would be looked for in vain. */
export function isHostOrAddress(text: string): boolean {
  return isAddress(text) || /^(?=.{1,253}$)[\w-]+(?:\.[\w-]+)*$/.test(text);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
