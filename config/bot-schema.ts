import { z } from 'zod';

export const botcode = z
  .string()
  .regex(/^[\w.@-]{1,64}$/, 'letters, digits and _ . @ - only, 1 to 64 of them');

export const pacingSchema = z.strictObject({
  perMinute: z.number().min(0).default(20).describe('Sends a minute of a bot; 0 = off.'),
  perRoomPerMinute: z.number().min(0).default(6).describe('Sends a minute into a room; 0 = off.'),
  jitterMs: z
    .tuple([z.number().min(0), z.number().min(0)])
    .default([300, 1200])
    .describe('Random pause before each send, from and to, in milliseconds.'),
});
export type Pacing = z.infer<typeof pacingSchema>;

/** A WeChat account we drive. */
export const botSchema = z.strictObject({
  botcode: botcode,
  name: z.string().max(100).optional(),
  driver: z.enum(['simulator', 'wechaty']).default('simulator'),
  autoStart: z.boolean().default(true).describe('Start at daemon start without a login command.'),
  autoScan: z.boolean().default(true).describe('simulator: scans its own QR code after 5 s.'),
  seed: z.int().optional().describe('simulator: seed of its world.'),
  puppet: z
    .string()
    .optional()
    .describe('wechaty: puppet package, e.g. wechaty-puppet-service, wechaty-puppet-wechat4u.'),
  puppetOptions: z.record(z.string(), z.unknown()).optional(),
  accountId: z.string().optional().describe('Bind to this WeChat account from the beginning.'),
  pacing: pacingSchema.partial().optional(),
});
export type BotSettings = z.infer<typeof botSchema>;
