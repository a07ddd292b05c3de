import { z } from 'zod';
import { eventTypes } from '../../config/schema.ts';

const eventId = z
  .string()
  .regex(/^\d{1,15}$/, 'must be an event id')
  .transform(Number);

function whole(min: number, max: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min).max(max));
}

const names: readonly string[] = eventTypes;

const types = z
  .string()
  .refine((text) => text.split(',').every((one) => names.includes(one)), {
    error: `must be some of ${eventTypes.join(',')}`,
  })
  .transform((text) => text.split(',') as (typeof eventTypes)[number][]);

/** Other query fields (a signed address has more) are left alone. */
export const pullQuery = z.object({
  chid: z.string().optional().describe('Whose events; operators must name it.'),
  after: eventId.default(0).describe('Only events after this id.'),
  limit: whole(1, 1000).default(100),
  types: types.optional().describe('Comma-separated event types; absent = all.'),
  wait: whole(0, 60).default(0).describe('Seconds to wait for an event when there is none.'),
});

export const streamQuery = z.object({
  chid: z.string().optional(),
  after: eventId
    .optional()
    .describe('Begin after this id; the header Last-Event-ID wins. Absent: with what comes next.'),
  types: types.optional(),
});

export const lastEventId = z.object({ 'Last-Event-ID': eventId.optional() });

/** What a pull answers; events carry the fields of their type besides these. */
export const pullAnswer = z.object({
  events: z.array(
    z.looseObject({
      eventId: z.int(),
      eventTime: z.int().describe('Epoch milliseconds.'),
      botcode: z.string(),
      type: z.enum(eventTypes),
    }),
  ),
  lastId: z
    .int()
    .describe('Read on after this id. With `types` it can rise while no event matched.'),
});
