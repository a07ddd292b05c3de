import { z } from 'zod';
import { botParams, knownBot } from './bots.ts';
import { operation } from './operation.ts';

const shareQr = operation({
  id: 'shareQr',
  method: 'post',
  path: '/bots/{botcode}/qr/share',
  tag: 'bots',
  summary: 'A one-time link that shows the live QR code without a log-in',
  description: 'It opens in the first browser that asks for it, until the bot is logged in.',
  params: botParams,
  body: z.strictObject({
    minutes: z.int().min(1).max(60).default(10).describe('How long it is valid.'),
  }),
  answer: z.object({
    path: z.string().describe('Below the address under which this daemon is reached.'),
    url: z.string(),
    expiresAt: z.int().describe('Epoch milliseconds.'),
  }),
  status: 201,
  handle: async (core, { params: { botcode }, body, operator }) => {
    knownBot(core, botcode);
    const maker = { userId: operator?.userId, tokenId: operator?.tokenId };
    const made = await core.qrShares.make(botcode, body.minutes, maker);
    const path = `/qr/share/${made.token}`;
    return { path, url: `${core.publicUrl()}${path}`, expiresAt: made.expiresAt };
  },
});

export const qrShareOperations = [shareQr];
