import { z } from 'zod';
import { httpUrl, isHostOrAddress, port } from './address-schema.ts';
import { alarmsSchema } from './alarm-schema.ts';
import { backupSchema } from './backup-schema.ts';
import { botcode, botSchema, pacingSchema } from './bot-schema.ts';
import { chatbotSchema, mostRules, ruleSchema } from './chatbot-schema.ts';
import { httpSchema } from './http-schema.ts';
import { mcpSchema } from './mcp-schema.ts';
import { reportingSchema, reportSchema } from './report-schema.ts';
import { isTimezone } from './timezone.ts';
import { wechatSchema } from './wechat-schema.ts';

const chid = z.string().regex(/^[\w.@-]{1,64}$/, 'letters, digits and _ . @ - only, 1 to 64');
const all = z.literal('*');

/** Which event types a channel gets; `userMsg` is narrowed further by `userMsg` below. */
export const eventTypes = ['qrCode', 'botStatus', 'userMsg', 'sendStatus'] as const;

/** A business system that commands us (contract section 1). */
export const channelSchema = z.strictObject({
  chid: chid.describe('Channel number, assigned by the operator.'),
  name: z.string().max(100).optional().describe('Name shown to operators.'),
  key: z.string().min(1).max(512).optional().describe('Signature key (MD5 and HMAC-SHA256).'),
  oldKey: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('Former key that is still accepted while the channel changes over.'),
  publicKey: z
    .string()
    .includes('PUBLIC KEY', { error: 'must be a PEM public key' })
    .optional()
    .describe('PEM public key for RSA signatures in reqHead.sign.'),
  callbackUrl: httpUrl
    .optional()
    .describe('Where events are posted. Absent: events can be pulled.'),
  callbackFormat: z.enum(['form', 'json']).default('form'),
  callbackAck: z
    .enum(['body', 'status'])
    .default('body')
    .describe('body: 2xx and result=success in the answer; status: any 2xx.'),
  bots: z
    .union([all, z.array(z.union([botcode, all]))])
    .default('*')
    .describe('Botcodes it may command; "*" = all.'),
  commands: z
    .union([all, z.array(z.string())])
    .default('*')
    .describe('Commands it may give; "*" = all.'),
  addresses: z
    .array(z.string())
    .default([])
    .describe('Source addresses (IP or CIDR) it may call from; empty = any.'),
  ratePerMinute: z.int().min(0).default(0).describe('Commands a minute; 0 = unlimited.'),
  onUnknown: z
    .enum(['report', 'resend'])
    .default('report')
    .describe('A send whose outcome is unknown: report it, or send it again.'),
  userMsg: z
    .enum(['mentions', 'all', 'none'])
    .default('mentions')
    .describe('Incoming messages: those that @ the bot or come privately, all, or none.'),
  events: z.array(z.enum(eventTypes)).optional().describe('Event types it gets; absent = all.'),
  sendExpirySeconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .default(86_400)
    .describe('A send that could not leave within this time has failed.'),
});
export type ChannelSettings = z.infer<typeof channelSchema>;

/** Who may use the families without an authentication of their own (seeds 000, 001, 003). */
const accessToken = z.string().regex(/^\S{1,4096}$/, 'must be 1 to 4096 characters without blanks');
const accessTokenSchema = z.union([
  accessToken,
  z.strictObject({
    token: accessToken,
    userId: z.string().min(1).optional().describe('Whom it may claim to be; absent: anybody.'),
    agent: z
      .boolean()
      .default(false)
      .describe('With userId: this person answers customers where no desk has sellers.'),
  }),
]);

/** The config file. Every key is optional. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  http: httpSchema.prefault({}),
  publicUrl: httpUrl
    .optional()
    .describe('Address under which receivers reach this daemon; default: where it listens.'),
  dataDir: z.string().min(1).default('./data'),
  timezone: z
    .string()
    .refine(isTimezone, 'no such time zone')
    .default('Asia/Shanghai')
    .describe('IANA zone of txtime and of formatted times.'),
  language: z.enum(['zh', 'en']).default('zh'),
  log: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
  admin: z
    .strictObject({
      username: z.string().min(1).default('admin'),
      password: z.string().min(1).optional(),
    })
    .prefault({}),
  channels: z.array(channelSchema).optional(),
  bots: z.array(botSchema).optional(),
  pacing: pacingSchema
    .optional()
    .describe(
      'Default: 20 a minute, 6 per room; simulated bots are paced only where this is said.',
    ),
  commands: z
    .strictObject({
      txtimeWindowSeconds: z.int().min(1).default(600),
      maxBodyBytes: z.int().min(1024).default(1_048_576),
    })
    .prefault({}),
  fetch: z
    .strictObject({
      allow: z
        .array(z.string())
        .default([])
        .describe('Hosts or CIDRs from which images are fetched although they are private.'),
      maxBytes: z
        .int()
        .min(1024)
        .default(20 * 1_048_576),
      timeoutSeconds: z.number().min(1).default(20),
    })
    .prefault({}),
  retention: z
    .strictObject({
      sendsDays: z.int().min(1).default(90),
      eventsDays: z.int().min(4).default(30),
      messagesDays: z.int().min(1).default(365),
      auditDays: z.int().min(1).default(365).describe('What operators did.'),
    })
    .prefault({}),
  apps: z
    .array(
      z.strictObject({
        appid: z.int().min(0),
        secret: z.string().min(1),
        firstKey: z
          .int()
          .min(0)
          .max(2 ** 52)
          .optional()
          .describe(
            'Behind it inboxes begin: above every key of the server its clients come from.',
          ),
      }),
    )
    .default([]),
  im: z
    .strictObject({
      tcpPort: port.optional(),
      customersPerMinute: z
        .int()
        .min(0)
        .default(60)
        .describe('Customers registered from one address without the secret; 0: no bound.'),
      customerUploadsPerMinute: z
        .int()
        .min(0)
        .default(10)
        .describe('Files that one customer uploads; 0: no bound.'),
    })
    .prefault({}),
  wechat: z.array(wechatSchema).default([]),
  imbot: z
    .strictObject({
      noticeWaitSeconds: z.number().min(0).max(86_400).default(30),
      noticeAllow: z
        .array(
          z
            .string()
            .refine(
              isHostOrAddress,
              'must be a host name, an IP address or a CIDR range, nothing else',
            ),
        )
        .default([])
        .describe('Hosts or CIDRs that a templateUrl may name.'),
      account: z
        .string()
        .optional()
        .describe('WeChat account behind it; default: the first mini program.'),
      storeId: z.int().min(1).optional().describe('Desk that its users reach.'),
      imageBytes: z
        .int()
        .min(1024)
        .default(10 * 1_048_576),
      audioBytes: z
        .int()
        .min(1024)
        .default(20 * 1_048_576),
      videoBytes: z
        .int()
        .min(1024)
        .default(100 * 1_048_576),
    })
    .prefault({}),
  official: z
    .strictObject({
      heartbeatMs: z.int().min(1000).max(600_000).default(25_000),
      foldKinds: z
        .boolean()
        .default(false)
        .describe('Kinds that the document does not have go out as text (1001).'),
      socketsPerUser: z.int().min(1).default(20),
      keepDays: z.int().min(1).default(7).describe('How long frames wait for a user.'),
      origins: z
        .array(z.string())
        .default([])
        .describe('Web origins that may open sockets; empty: any.'),
    })
    .prefault({}),
  chatbot: chatbotSchema.prefault({}),
  rules: z
    .array(ruleSchema)
    .max(mostRules)
    .default([])
    .describe('Answers by keyword, asked before the knowledge base.'),
  reports: z.array(reportSchema).default([]).describe('Reports that are sent on schedule.'),
  reporting: reportingSchema.prefault({}).describe('What reports may reach.'),
  alarms: alarmsSchema.prefault({}),
  mcp: mcpSchema.prefault({}).describe('What assistants may do over MCP.'),
  disk: z
    .strictObject({
      reserveMb: z
        .int()
        .min(0)
        .default(64)
        .describe(
          'With less free space nothing new is taken: it is for what was accepted already.',
        ),
    })
    .prefault({}),
  backup: backupSchema
    .prefault({})
    .describe('Without `at` and `everyHours` none is made by itself.'),
  access: z
    .strictObject({
      open: z.boolean().default(true),
      tokens: z
        .array(accessTokenSchema)
        .default([])
        .describe('With any, every call and socket of these families must carry one.'),
    })
    .prefault({}),
});
export type Config = z.infer<typeof configSchema>;
