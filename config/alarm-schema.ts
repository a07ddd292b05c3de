import { z } from 'zod';
import { httpUrl } from './address-schema.ts';

const laneName = z
  .string()
  .regex(/^[\w.-]{1,64}$/, 'letters, digits and _ . - only, 1 to 64 of them');
const address = z.email('must be an e-mail address');
const language = z.enum(['zh', 'en']).optional().describe('Default: that of the daemon.');

const roomLane = z.strictObject({
  kind: z.literal('room'),
  name: laneName,
  bot: z.string().min(1).describe('The bot that says it.'),
  roomId: z.string().min(1).optional(),
  roomTopic: z.string().min(1).optional(),
  contactId: z.string().min(1).optional().describe('A person instead of a room.'),
  mentions: z.array(z.string().min(1)).default([]).describe('Whom to @: names or contact ids.'),
  withinSeconds: z
    .int()
    .min(5)
    .max(3600)
    .default(90)
    .describe('What has not left by then goes to the next lane.'),
  language,
});

const webhookLane = z.strictObject({
  kind: z.literal('webhook'),
  name: laneName,
  url: httpUrl,
  key: z.string().min(1).max(512).optional().describe('Signs the body as events are signed.'),
  format: z
    .enum(['json', 'wecom', 'dingtalk', 'feishu'])
    .default('json')
    .describe('json: ours; else the text message that a group robot of that product takes.'),
  timeoutSeconds: z.number().min(1).max(120).default(15),
  language,
});

const emailLane = z.strictObject({
  kind: z.literal('email'),
  name: laneName,
  host: z.string().min(1),
  port: z.int().min(1).max(65535).default(587),
  tls: z
    .enum(['starttls', 'always', 'never'])
    .default('starttls')
    .describe('starttls: refused where the server does not offer it; never: inside a machine.'),
  username: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  from: address,
  to: z.array(address).min(1),
  timeoutSeconds: z.number().min(1).max(120).default(20),
  language,
});

const alarmLaneSchema = z.discriminatedUnion('kind', [roomLane, webhookLane, emailLane]);
export type AlarmLane = z.infer<typeof alarmLaneSchema>;
export type RoomLaneSettings = z.infer<typeof roomLane>;
export type WebhookLaneSettings = z.infer<typeof webhookLane>;
export type EmailLaneSettings = z.infer<typeof emailLane>;

/** Everything an alarm can be about. */
export const alarmKinds = [
  'bot',
  'receiver',
  'dead-letters',
  'schedule',
  'disk',
  'database',
  'backup',
  'clock',
  'certificate',
] as const;
export type AlarmKind = (typeof alarmKinds)[number];

const rule = (afterSeconds: number, what: string) =>
  z
    .strictObject({
      enabled: z.boolean().default(true),
      afterSeconds: z
        .number()
        .min(0)
        .max(7 * 86_400)
        .default(afterSeconds)
        .describe('Somebody is told when it has lasted so long.'),
    })
    .prefault({})
    .describe(what);

export const alarmsSchema = z
  .strictObject({
    lanes: z
      .array(alarmLaneSchema)
      .default([])
      .describe('Ways to tell a person, tried in this order until one takes the message.'),
    rules: z
      .strictObject({
        bot: rule(180, 'A bot cannot send and gets on by itself.'),
        botNeedsYou: rule(60, 'A bot waits for a scan, a confirmation, a decision, the provider.'),
        receiver: rule(0, 'The oldest event of a channel waits, or its deliveries are paused.'),
        deadLetters: rule(0, 'Events that no receiver took for three days.'),
        schedule: rule(0, 'A schedule failed.'),
        disk: rule(60, 'Little space is left.'),
        database: rule(10, 'The database cannot be written or is damaged.'),
        backup: rule(0, 'A backup failed, or the newest is too old.'),
        clock: rule(0, 'The clock was set, or goes wrong.'),
        certificate: rule(0, 'The certificate of publicUrl ends soon.'),
      })
      .prefault({}),
    bots: z
      .array(z.string().min(1))
      .optional()
      .describe('Bots whose alarms are told; absent: all of them.'),
    backlogMinutes: z
      .number()
      .min(1)
      .default(15)
      .describe('An event may wait so long for its receiver.'),
    diskFreeMb: z.int().min(1).default(1024).describe('Less free space than this is little.'),
    certificateDays: z.int().min(1).default(14),
    timeUrl: httpUrl
      .optional()
      .describe('Its HTTP Date is compared with the clock, hourly. Absent: steps only.'),
    clearSeconds: z
      .number()
      .min(0)
      .max(86_400)
      .default(30)
      .describe('An alarm is over when nothing was wrong for so long.'),
    flapping: z
      .strictObject({
        times: z.int().min(2).default(3).describe('The same alarm so many times …'),
        withinMinutes: z.number().min(1).default(60),
        quietMinutes: z
          .number()
          .min(1)
          .default(15)
          .describe('… is then told as over only after so long a calm.'),
      })
      .prefault({}),
    maxPerHour: z.int().min(1).default(20).describe('Messages of one lane.'),
    keepDays: z.int().min(1).default(180).describe('How long alarms that are over are kept.'),
  })
  .superRefine((alarms, context) => {
    const names = new Set<string>();
    for (const [index, lane] of alarms.lanes.entries()) {
      const path = ['lanes', index];
      if (names.has(lane.name)) {
        context.addIssue({ code: 'custom', path: [...path, 'name'], message: 'is there twice' });
      }
      names.add(lane.name);
      if (lane.kind !== 'room') continue;
      const { roomId, roomTopic, contactId } = lane;
      if ([roomId, roomTopic, contactId].filter((one) => one !== undefined).length !== 1) {
        context.addIssue({
          code: 'custom',
          path,
          message: 'exactly one of roomId, roomTopic, contactId is needed',
        });
      }
    }
  });
export type AlarmSettings = z.infer<typeof alarmsSchema>;
