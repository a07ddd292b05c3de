import { expect, test } from 'vitest';
import { readEvents } from '../client/sse.ts';
import { formatAge, formatBytes, formatTime, table } from './output.ts';

test('a table counts Chinese as two places and keeps one row on one line', () => {
  const text = table(
    ['NAME', 'N'],
    [
      ['测试群', 1],
      ['two\nlines', null],
      ['', true],
    ],
  );
  expect(text.split('\n')).toEqual([
    'NAME       N',
    '测试群     1',
    'two lines  -',
    '-          true',
  ]);
});

test('times, ages and sizes', () => {
  expect(formatTime(Date.UTC(2026, 0, 1, 16, 5, 9), 'Asia/Shanghai')).toBe('2026-01-02 00:05:09');
  expect(formatTime(null, 'Asia/Shanghai')).toBe('-');
  expect([undefined, 5, 90_000, 600_000, 90_000_000, 864_000_000].map(formatAge)).toEqual([
    '-',
    '5ms',
    '90s',
    '10m',
    '25h',
    '10d',
  ]);
  expect([12, 2048, 5 * 1024 ** 3].map(formatBytes)).toEqual(['12 B', '2.0 KiB', '5.0 GiB']);
});

test('server-sent events are read whatever way the bytes are cut', async () => {
  const bytes = Buffer.from(
    ': hello\n\nretry: 2000\nid: 7\n\nid: 8\nevent: x\ndata: {"a":\ndata: "测"}\n\ndata: y\r\n\r\nid: 9\ndata: cut off',
  );
  for (const size of [1, 3, 7, 1000]) {
    const chunks: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
    const events = await Array.fromAsync(readEvents(ReadableStream.from(chunks)));
    expect(events).toEqual([
      { id: '7', type: 'message', data: '' },
      { id: '8', type: 'x', data: '{"a":\n"测"}' },
      { id: undefined, type: 'message', data: 'y' },
    ]);
  }
});
