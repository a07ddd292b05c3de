import type { Context } from 'koa';
import type { AuditEntry } from '../../bot/operators/audit.ts';
import type { Operator } from '../../bot/operators.ts';
import { statusOf } from '../middleware/problem.ts';
import { requireRole } from '../middleware/require-operator.ts';
import type { AdminCore } from './core.ts';
import type { Operation } from './operation.ts';

/** Runs an operation that changes something, and writes down who did what. */
export async function runAudited(
  core: AdminCore,
  operation: Operation,
  ctx: Context,
  operator: Operator,
): Promise<unknown> {
  const target = targetOf(ctx['params']);
  const address = core.sourceOf(ctx.req);
  const deed = { operator, address, operation: operation.id, target };
  let entry: AuditEntry | undefined;
  try {
    requireRole(operator.role, operation.role);
    const answer = await operation.run(core, ctx, operator, async (fields) => {
      entry = await core.audit.begin(deed, fields);
    });
    await entry?.end(operation.status, target === '' ? madeBy(answer) : target);
    return answer;
  } catch (error) {
    const status = statusOf(error);
    if (entry === undefined) await core.audit.refused(deed, status);
    else await entry.end(status);
    throw error;
  }
}

/** What the address names: `bot01`, `7/501`. */
function targetOf(params: Readonly<Record<string, string>>): string {
  return Object.values(params).join('/').slice(0, 300);
}

const names = ['botcode', 'chid', 'appid', 'storeId', 'msgid', 'id', 'file'];

/** What was made, by its first name that an answer tells, at the top or one level down. */
function madeBy(answer: unknown): string {
  if (typeof answer !== 'object' || answer === null) return '';
  for (const one of [answer, ...Object.values(answer)]) {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) continue;
    for (const name of names) {
      const value: unknown = Reflect.get(one, name);
      if (typeof value === 'string' || typeof value === 'number')
        return String(value).slice(0, 300);
    }
  }
  return '';
}
