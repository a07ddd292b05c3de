import { z } from 'zod';

/** What a host process is told when it starts, over the IPC channel: never as arguments. */
export const hostOrderSchema = z.object({
  botcode: z.string(),
  /** Package, absolute path or file URL of the puppet. */
  module: z.string(),
  options: z.record(z.string(), z.unknown()),
  stopLogsOut: z.boolean(),
  token: z.string(),
  /** Memory card to log in from, as JSON. */
  card: z.string().optional(),
  /** Seals the card on disk; base64, 32 bytes. */
  cardKey: z.string(),
  cardFile: z.string(),
  logFile: z.string(),
  recordFile: z.string(),
  /** Sealed part and digest of the host's record, which it writes itself. */
  sealed: z.string(),
  settingsDigest: z.string(),
});
export type HostOrder = z.infer<typeof hostOrderSchema>;

/** What it answers, once. */
export const hostAnswerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ready'), port: z.int() }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
]);
export type HostAnswer = z.infer<typeof hostAnswerSchema>;
