import { z } from 'zod';
import { roles } from '../../bot/operators.ts';
import type { AuditRow } from '../../store/audit.ts';
import { operation } from './operation.ts';
import { numberPaging, page } from './paging.ts';

const time = z.int().describe('Epoch milliseconds.');
const filterTime = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional();
const filterText = z.string().min(1).max(300).optional();

const entry = z.object({
  id: z.int(),
  at: time,
  user: z.string().describe('Name of the user or token; empty: a stranger at the log-in.'),
  userId: z.int().nullable().describe('Null: a program, the command line, a stranger.'),
  role: z.enum(roles).nullable(),
  via: z.enum(['session', 'api', 'cli']),
  address: z.string().describe('From where.'),
  operation: z.string().describe('Id of the operation, as in this document.'),
  target: z.string().describe('What it was about: `bot01`, `7/501`; empty: the whole.'),
  fields: z
    .array(z.string())
    .describe(
      'Names of the fields that were given, without values; of people and tokens also who, and which role: `username=vera`, `role=admin`.',
    ),
  status: z
    .int()
    .nullable()
    .describe('HTTP status of the answer; null: under way, or the daemon died in it.'),
});

const listAudit = operation({
  id: 'listAudit',
  method: 'get',
  path: '/audit',
  tag: 'operators',
  role: 'admin',
  summary: 'What operators changed or tried to change, newest first',
  description: 'Kept for `retention.auditDays`. Looking at things is not written down.',
  query: z.strictObject({
    ...numberPaging,
    user: filterText.describe('Name of a user or token.'),
    operation: filterText,
    target: filterText,
    from: filterTime.describe('From this time on, epoch milliseconds.'),
    to: filterTime.describe('Before this time, epoch milliseconds.'),
    failed: z
      .enum(['true', 'false'])
      .optional()
      .describe('true: refused, failed, or of unknown outcome only.'),
  }),
  answer: page(entry),
  handle: async ({ audit }, { query }) => {
    const { limit, cursor, user, operation: id, target, from, to, failed } = query;
    const rows = await audit.list(
      { name: user, operation: id, target, from, to, failed: failed === 'true' },
      { before: cursor ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 },
    );
    const items = rows.slice(0, limit).map(viewOf);
    const last = items.at(-1);
    return { items, next: rows.length > limit && last !== undefined ? String(last.id) : null };
  },
});

function viewOf(row: AuditRow): z.output<typeof entry> {
  const { id, at, role, via, address, target, status } = row;
  return {
    ...{ id, at, user: row.name, userId: row.user_id, role, via, address },
    ...{ operation: row.operation, target, status },
    // We wrote it.
    fields: JSON.parse(row.fields) as string[],
  };
}

export const auditOperations = [listAudit];
