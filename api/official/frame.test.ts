import { describe, expect, it } from 'vitest';
import { heartbeat, pingMessage, textMessage } from './frame.ts';

describe('messages on the wire', () => {
  it.each([0, 125, 126, 65_535, 65_536, 100_000])('of %d bytes have their length', (length) => {
    const message = textMessage('x'.repeat(length));
    const [first, second = 0] = message;
    expect(first).toBe(0x81);
    if (length < 126) expect([second, message.length]).toEqual([length, length + 2]);
    else if (length < 65_536) {
      expect([second, message.readUInt16BE(2)]).toEqual([126, length]);
    } else expect([second, Number(message.readBigUInt64BE(2))]).toEqual([127, length]);
    expect(message.subarray(message.length - length).toString()).toBe('x'.repeat(length));
  });

  it('a heartbeat is a frame and a ping in one piece', () => {
    expect(heartbeat.subarray(-2)).toEqual(pingMessage(''));
    expect(heartbeat.subarray(2, -2).toString()).toBe(
      '{"data":{},"result":{"code":101,"message":"heartbeat"}}',
    );
  });
});
