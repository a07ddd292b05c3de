import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createSourceOf } from './source-address.ts';

function from(address: string, forwarded?: string | string[]) {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: address });
  return {
    socket,
    headers: { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) },
  } as Parameters<ReturnType<typeof createSourceOf>>[0];
}

test('without proxies nobody is believed', () => {
  const sourceOf = createSourceOf([]);
  expect(sourceOf(from('127.0.0.1', '203.0.113.9'))).toBe('127.0.0.1');
});

test.each([
  ['198.51.100.7', '203.0.113.9', '198.51.100.7'],
  ['127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['::ffff:127.0.0.1', '203.0.113.9', '203.0.113.9'],
  ['127.0.0.1', undefined, '127.0.0.1'],
  ['127.0.0.1', '', '127.0.0.1'],
  ['127.0.0.1', 'nonsense', '127.0.0.1'],
  // What the attacker wrote stands before what the proxy added.
  ['127.0.0.1', '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['127.0.0.1', '1.1.1.1, 203.0.113.9, 10.1.2.3', '203.0.113.9'],
  ['127.0.0.1', '10.0.0.5, 10.1.2.3', '10.0.0.5'],
  ['127.0.0.1', '2001:db8::1', '2001:db8::1'],
])('from %s with %j: %s', (address, forwarded, source) => {
  const sourceOf = createSourceOf(['127.0.0.1', '10.0.0.0/8']);
  expect(sourceOf(from(address, forwarded))).toBe(source);
});
