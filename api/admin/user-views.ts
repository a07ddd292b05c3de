import { z } from 'zod';
import { builtInUser, type Operators, roles } from '../../bot/operators.ts';
import type { OperatorUserRow } from '../../store/operator-users.ts';
import { notFound } from './errors.ts';

const time = z.int().describe('Epoch milliseconds.');

export const userView = z.object({
  id: z.int(),
  username: z.string(),
  role: z.enum(roles),
  language: z.enum(['zh', 'en']).nullable().describe('Of the console. Null: that of the browser.'),
  builtIn: z.boolean().describe('The one of the config: it stays, and stays admin.'),
  disabled: z.boolean(),
  totp: z.boolean().describe('A code of an authenticator is asked for.'),
  createdAt: time.nullable().describe('Null: built in.'),
  loggedInAt: time.nullable().describe('The newest log-in.'),
  lockedUntil: time.nullable().describe('Shut until then to new addresses: too many wrong tries.'),
});

export function toUserView(operators: Operators, row: OperatorUserRow): z.output<typeof userView> {
  const builtIn = row.id === builtInUser;
  return {
    id: row.id,
    username: row.username ?? operators.username,
    role: row.role,
    language: row.language,
    builtIn,
    disabled: row.disabled !== 0,
    totp: row.totp !== null,
    createdAt: builtIn ? null : row.created_at,
    loggedInAt: row.logged_in_at,
    lockedUntil: operators.logIn.lockedUntil(row.id) ?? null,
  };
}

/** @throws AppError not_found */
export async function userViewOf(operators: Operators, id: number) {
  const row = await operators.users.get(id);
  if (row === undefined) throw notFound(`用户 ${id}`, `user ${id}`);
  return toUserView(operators, row);
}
