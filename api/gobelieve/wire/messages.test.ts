import { expect, it } from 'vitest';
import type { Message } from '../../../bot/im/message.ts';
import { messageOf } from '../../../tests/support/scripted-im.ts';
import { FrameWriter, FrameWriterPool } from './frame-writer.ts';
import {
  type FrameSink,
  writeAck,
  writeGroupKey,
  writeKey,
  writeLive,
  writeMessage,
  writeMetadata,
  writeText,
} from './messages.ts';

/** What one side would read, in hex: header, then body. */
function written(version: number, write: (sink: FrameSink) => void, inMessages = false): string[] {
  const writer = new FrameWriter();
  const found: string[] = [];
  let seq = 0;
  const cut = (): void => {
    if (writer.length > 0) found.push(writer.written.toString('hex'));
    writer.clear();
  };
  write({
    version,
    begin(command, length, flags = 0) {
      cut();
      seq += 1;
      writer.begin(inMessages, { seq, command, version, flags, length });
      return writer;
    },
  });
  cut();
  return found;
}

const said: Message = messageOf({ sender: 3, receiver: 4, clientId: 5 });
const ids = '00000000000000030000000000000004';
const seconds = '000003e8';
const hi = '6869';

it.each([
  [0, 'peer', `00000016 00000001 04001000 ${ids} 00000005 ${hi}`],
  [1, 'peer', `0000001a 00000001 04011000 ${ids} ${seconds} 00000005 ${hi}`],
  [2, 'peer', `0000001a 00000001 04021000 ${ids} ${seconds} 00000005 ${hi}`],
  [1, 'group', `0000001a 00000001 08011000 ${ids} ${seconds} 00000005 ${hi}`],
  [0, 'group', `00000016 00000001 08001000 ${ids} 00000005 ${hi}`],
  [2, 'notice', `00000002 00000001 07021000 ${hi}`],
  [2, 'system', `00000002 00000001 15021000 ${hi}`],
] as const)('spells in version %i a message of kind %s', (version, kind, expected) => {
  const frames = written(version, (sink) => writeMessage(sink, { ...said, kind }, 0x10));
  expect(frames).toEqual([expected.replaceAll(' ', '')]);
});

it('spells customer messages, new and old', () => {
  const parties = { senderApp: 7, receiverApp: 8 };
  const both = '0000000000000007 0000000000000003 0000000000000008 0000000000000004';
  expect(
    written(1, (sink) => writeMessage(sink, { ...said, kind: 'customer', parties }, 0)),
  ).toEqual([`00000026 00000001 40010000 ${both} ${seconds} ${hi}`.replaceAll(' ', '')]);
  const old = { customerApp: 7, customer: 3, storeId: 40, seller: 9 };
  const four = '0000000000000007 0000000000000003 0000000000000028 0000000000000009';
  for (const [kind, number] of [
    ['toDesk', '18'],
    ['fromDesk', '19'],
  ] as const) {
    expect(written(2, (sink) => writeMessage(sink, { ...said, kind, parties: old }, 0))).toEqual([
      `00000026 00000001 ${number}020000 ${four} ${seconds} ${hi}`.replaceAll(' ', ''),
    ]);
  }
});

it('puts the key and the one before it in front of an ACK, as in the reference', () => {
  const frames = written(2, (sink) => {
    sink.begin(14, 0);
    writeMetadata(sink, 0x1_0000_0000);
    writeAck(sink, 7, 0);
  });
  const keys = '0000000100000000 00000000ffffffff';
  expect(frames.slice(1)).toEqual([
    `00000020 00000002 25020000 ${keys} ${'00'.repeat(16)}`.replaceAll(' ', ''),
    '000000050000000305020000' + '0000000700',
  ]);
});

it('gives a status to version 2 only', () => {
  expect(written(2, (sink) => writeAck(sink, 9, 65))).toEqual([
    '000000050000000105020000' + '0000000941',
  ]);
  expect(written(1, (sink) => writeAck(sink, 9, 65))).toEqual([
    '000000040000000105010000' + '00000009',
  ]);
  expect(written(0, (sink) => writeAck(sink, 9, 65, 0x20))).toEqual([
    '000000040000000105002000' + '00000009',
  ]);
});

it('spells keys and what is live only', () => {
  const frames = written(1, (sink) => {
    writeKey(sink, 29, 5);
    writeGroupKey(sink, 33, 6, 5);
    writeLive(sink, 17, { sender: 3, receiver: 4, content: Buffer.from('hi') });
    writeText(sink, 36, Buffer.from('hi'));
  });
  expect(frames).toEqual([
    `00000008000000011d010000${'0000000000000005'}`,
    `000000100000000221010000${'00000000000000060000000000000005'}`,
    `000000120000000311010000${ids}${hi}`,
    `000000020000000424010000${hi}`,
  ]);
});

it('makes a WebSocket message of each frame', () => {
  const sizes = [0, 113, 114, 32_767];
  const frames = written(
    1,
    (sink) => {
      for (const size of sizes) writeText(sink, 36, Buffer.alloc(size, 'x'));
    },
    true,
  );
  expect(frames.map((one) => one.slice(0, 8))).toEqual([
    '820c0000',
    '827d0000',
    '827e007e',
    '827e800b',
  ]);
});

it('grows, and lends what is not in use', () => {
  const pool = new FrameWriterPool();
  const writer = pool.take();
  const head = { seq: 1, command: 4, version: 1, flags: 0 };
  const body = Buffer.alloc(30_000, 7);
  for (let left = 3; left > 0; left -= 1) {
    writer.begin(false, { ...head, length: body.length });
    writer.bytes(body);
  }
  expect(writer.length).toBe(3 * 30_012);
  expect(writer.written.subarray(60_024)).toEqual(writer.written.subarray(0, 30_012));
  // Too large to be kept.
  pool.give(writer);
  const other = pool.take();
  expect(other).not.toBe(writer);
  other.begin(false, { ...head, length: 0 });
  pool.give(other);
  expect(pool.take()).toBe(other);
  expect(other.length).toBe(0);
});
