import { z } from 'zod';
import type { BotHandle } from '../../bot/automation/bots/bot-port.ts';
import { botStates } from '../../bot/automation/bots/bot-state.ts';
import { botSchema } from '../../config/bot-schema.ts';

import { sentence } from '../sentence.ts';

const time = z.int().describe('Epoch milliseconds.');
const age = z.number().nullable().describe('Milliseconds; null: never.');

/** Puppet options hold tokens, so only their names are told. */
const botSettingsView = botSchema.omit({ puppetOptions: true }).extend({
  puppetOptionNames: z
    .array(z.string())
    .describe('Which puppetOptions are set; never their values.'),
});

export const qrView = z.object({
  text: z.string().describe('What the QR code says.'),
  status: z.enum(['waiting', 'scanned', 'confirmed']),
  createdAt: time,
  expiresAt: time,
  confirmBy: time.nullable().describe('Scanned: it has to be confirmed before this.'),
  pngUrl: z.string(),
  svgUrl: z.string(),
});

export const botView = z.object({
  botcode: z.string(),
  name: z.string(),
  driver: z.string(),
  state: z.enum(botStates),
  since: time.describe('When this state began.'),
  userAction: z
    .enum(['none', 'wait', 'scan', 'confirm', 'decide', 'contact-provider'])
    .describe('What the operator has to do for the bot to get on.'),
  reason: sentence.nullable(),
  account: z.object({ id: z.string(), name: z.string() }).nullable(),
  boundAccountId: z.string().nullable().describe('Another account is held back.'),
  waitReason: sentence.nullable().describe('Why its sends wait; null: they need not.'),
  ages: z
    .object({ stream: age, account: age, canSend: age, rooms: age })
    .describe('Ages of the proofs that it is well.'),
  capabilities: z.record(z.string(), z.boolean()),
  qr: qrView.nullable(),
});

export const botDetail = botView.extend({
  settings: botSettingsView,
  source: z.enum(['config', 'admin']).describe('config: what the file says wins at each start.'),
  queue: z.object({
    length: z.int(),
    etaMs: z.number().nullable().describe('Until the last one leaves; null: nobody knows.'),
  }),
});

export const roomView = z.object({
  id: z.string(),
  topic: z.string(),
  formerTopics: z.array(z.string()),
  memberCount: z.int(),
  firstSeen: time,
  lastSeen: time,
});

export const member = z.object({ id: z.string(), name: z.string() });

/** What is told of a bot in lists. */
export function toBotView(
  bot: BotHandle,
  language: 'zh' | 'en',
  publicUrl: string,
): z.output<typeof botView> {
  const { qr, ages, ...view } = bot.view();
  return {
    ...view,
    reason: view.reason ?? null,
    account: view.account ?? null,
    boundAccountId: view.boundAccountId ?? null,
    waitReason: bot.waitReason()?.[language] ?? null,
    ages: {
      stream: ages.stream ?? null,
      account: ages.account ?? null,
      canSend: ages.canSend ?? null,
      rooms: ages.rooms ?? null,
    },
    capabilities: { ...bot.capabilities() },
    qr:
      qr === undefined
        ? null
        : {
            text: qr.text,
            status: qr.status,
            createdAt: qr.createdAt,
            expiresAt: qr.expiresAt,
            confirmBy: qr.confirmBy ?? null,
            pngUrl: `${publicUrl}/qr/${qr.name}.png`,
            svgUrl: `${publicUrl}/qr/${qr.name}.svg`,
          },
  };
}

export function toSettingsView(settings: BotHandle['settings']): z.output<typeof botSettingsView> {
  const { puppetOptions = {}, ...rest } = settings;
  return { ...rest, puppetOptionNames: Object.keys(puppetOptions) };
}
