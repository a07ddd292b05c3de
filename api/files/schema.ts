import { z } from 'zod';

export const uploadAnswer = z.object({
  url: z.string().describe('Where it is served, below the address of the daemon.'),
  sha256: z.string(),
  type: z.string().describe('Media type, told by content.'),
  size: z.int(),
});
