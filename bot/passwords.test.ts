import { expect, it } from 'vitest';
import { hashPassword, verifyPassword } from './passwords.ts';

it('what is kept of a password costs a guesser 16 MiB a try, unless a test says else', async () => {
  expect(await hashPassword('x')).toMatch(/^scrypt\$16384\$8\$1\$[\w-]{22}\$[\w-]{43}$/);
  const cheap = await hashPassword('x', { N: 1024, r: 8, p: 1 });
  expect(cheap).toMatch(/^scrypt\$1024\$8\$1\$/);
  expect([await verifyPassword('x', cheap), await verifyPassword('y', cheap)]).toEqual([
    true,
    false,
  ]);
});
