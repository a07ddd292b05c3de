import { expect, test } from 'vitest';
import {
  codeAt,
  makeRecoveryCode,
  makeSecret,
  otpauthUrl,
  plainRecoveryCode,
  stepOf,
} from './totp.ts';

/** `12345678901234567890`, the secret of RFC 6238, appendix B. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('the code at %d s is that of RFC 6238', (seconds, code) => {
  expect(codeAt(secret, Math.floor(seconds / 30))).toBe(code);
  expect(stepOf(secret, code, seconds * 1000)).toBe(Math.floor(seconds / 30));
});

test('a code counts half a minute before and after its own, and no longer', () => {
  const step = 50_000_000;
  const code = codeAt(secret, step);
  const at = (steps: number) => (step + steps) * 30_000 + 15_000;
  expect([-2, -1, 0, 1, 2].map((off) => stepOf(secret, code, at(off)))).toEqual([
    ...[undefined, step, step, step, undefined],
  ]);
  for (const wrong of ['', '12345', '1234567', 'abcdef', `${code} `, '１２３４５６']) {
    expect(stepOf(secret, wrong, at(0))).toBeUndefined();
  }
});

test('secrets and recovery codes are long, of known letters, and never the same', () => {
  const secrets = new Set(Array.from({ length: 100 }, makeSecret));
  expect(secrets.size).toBe(100);
  for (const one of secrets) expect(one).toMatch(/^[A-Z2-7]{32}$/);
  const codes = new Set(Array.from({ length: 100 }, makeRecoveryCode));
  expect(codes.size).toBe(100);
  for (const one of codes) expect(one).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/);
  expect(plainRecoveryCode(' ABCD-efgh ijkl-2345 ')).toBe('abcdefghijkl2345');
});

test('the address for the app holds names of any kind', () => {
  const url = new URL(otpauthUrl(secret, '王 伟:x', 'wxrc'));
  expect(url.href).toMatch(/^otpauth:\/\/totp\/wxrc:%E7%8E%8B%20%E4%BC%9F%3Ax\?/);
  expect(url.searchParams.get('secret')).toBe(secret);
});
