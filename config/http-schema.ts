import { z } from 'zod';
import { isAddress, port } from './address-schema.ts';

/** Where the daemon listens. */
export const httpSchema = z.strictObject({
  host: z.string().default('127.0.0.1'),
  port: port.default(8080),
  proxies: z
    .array(z.string().refine(isAddress, 'must be an IP address or a CIDR range'))
    .default([])
    .describe('Reverse proxies: their X-Forwarded-For tells from where operators come.'),
});
