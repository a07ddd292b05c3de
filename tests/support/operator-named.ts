import type { Operator, Role } from '../../bot/operators.ts';

/** Somebody with a token, as the doors tell him. */
export function operatorNamed(name: string, role: Role = 'admin'): Operator {
  return {
    ...{ name, role, via: 'api', userId: undefined, tokenId: 1, cookie: false },
    expiresAt: undefined,
  };
}
