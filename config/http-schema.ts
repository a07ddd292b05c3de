import { isIP } from 'node:net';
import { z } from 'zod';

export const port = z.int().min(0).max(65535);

/** Where the daemon listens. */
export const httpSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: port.default(8080),
  proxies: z
    .array(z.string().refine(isRange, 'must be an IP address or a CIDR range'))
    .default([])
    .describe('Reverse proxies: their X-Forwarded-For tells from where operators come.'),
});

function isRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const family = isIP(address);
  if (family === 0 || rest.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
  );
}
