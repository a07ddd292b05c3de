import { z } from 'zod';

const name = z.string().min(1).max(256);
const botcode = z.string().regex(/^[\w.@-]{1,64}$/, 'letters, digits and _ . @ - only, 1 to 64');
const origin = z
  .string()
  .refine((text) => URL.parse(text)?.origin === text, 'must be an origin: https://name[:port]');

/** What assistants (MCP) may do. Reading needs a token and nothing else. */
export const mcpSchema = z.strictObject({
  enabled: z.boolean().default(true).describe('Answers at /mcp.'),
  origins: z
    .array(origin)
    .default([])
    .describe('Web origins besides our own whose pages may call, with a token.'),
  allow: z
    .strictObject({
      bots: z
        .array(
          z.strictObject({
            bot: botcode,
            rooms: z
              .union([z.literal('*'), z.array(name)])
              .describe('Ids of rooms (or topics, which members can change); "*": all of them.'),
          }),
        )
        .default([])
        .describe('Bots and rooms into which assistants may send.'),
      channels: z
        .array(name)
        .default([])
        .describe('Channels whose dead letters they may send again.'),
      conversations: z.boolean().default(false).describe('They may answer customers.'),
    })
    .prefault({})
    .describe('Empty: they read, and change nothing.'),
  perMinute: z.int().min(1).max(10_000).default(240).describe('Messages of one token.'),
  writesPerMinute: z.int().min(1).max(1000).default(6).describe('Changes of all together.'),
});
export type McpSettings = z.infer<typeof mcpSchema>;
