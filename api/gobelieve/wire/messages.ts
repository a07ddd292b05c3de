import type { Message } from '../../../bot/im/message.ts';
import { Command } from './commands.ts';
import type { FrameWriter } from './frame-writer.ts';

/** Where frames of one connection go. */
export interface FrameSink {
  /** Of the protocol, as the client speaks it. */
  readonly version: number;
  /** Begins the next frame; the caller writes `length` bytes of body. */
  begin(command: number, length: number, flags?: number): FrameWriter;
}

/**
 * A message as it lies in the log, written in place: copying a body made before would cost as much
 * as writing these few numbers.
 */
export function writeMessage(sink: FrameSink, message: Message, flags: number): void {
  switch (message.kind) {
    case 'peer':
      writeSaid(sink, Command.im, message, flags);
      return;
    case 'group':
      writeSaid(sink, Command.groupIm, message, flags);
      return;
    case 'notice':
      writeText(sink, Command.groupNotification, message.content, flags);
      return;
    case 'system':
      writeText(sink, Command.system, message.content, flags);
      return;
    case 'customer':
      writeCustomer(sink, message, flags);
      return;
    case 'toDesk':
      writeOldCustomer(sink, Command.oldCustomer, message, flags);
      return;
    case 'fromDesk':
      writeOldCustomer(sink, Command.oldSupport, message, flags);
  }
}

/** Belongs to the frame right after it. The place before lies in front of each, with a message or without. */
export function writeMetadata(sink: FrameSink, key: number): void {
  const writer = sink.begin(Command.metadata, 32);
  writer.int64(key);
  writer.int64(key - 1);
  writer.zeros(16);
}

/** Commands whose body is a number. */
export function writeKey(sink: FrameSink, command: number, key: number): void {
  sink.begin(command, 8).int64(key);
}

/** Commands whose body is a group and a number. */
export function writeGroupKey(sink: FrameSink, command: number, gid: number, key: number): void {
  const writer = sink.begin(command, 16);
  writer.int64(gid);
  writer.int64(key);
}

/** Version 2 reads a status. */
export function writeAck(sink: FrameSink, seq: number, status: number, flags = 0): void {
  const withStatus = sink.version >= 2;
  const writer = sink.begin(Command.ack, withStatus ? 5 : 4, flags);
  writer.int32(seq);
  if (withStatus) writer.int8(status);
}

/** Commands whose body is a sender, a receiver and what was said. */
export function writeLive(
  sink: FrameSink,
  command: number,
  said: { sender: number; receiver: number; content: Buffer },
): void {
  const writer = sink.begin(command, 16 + said.content.length);
  writer.int64(said.sender);
  writer.int64(said.receiver);
  writer.bytes(said.content);
}

/** Commands whose body is text. */
export function writeText(sink: FrameSink, command: number, content: Buffer, flags = 0): void {
  sink.begin(command, content.length, flags).bytes(content);
}

/** Version 0 knows no time. */
function writeSaid(sink: FrameSink, command: number, message: Message, flags: number): void {
  const { content } = message;
  const timed = sink.version > 0;
  const writer = sink.begin(command, (timed ? 24 : 20) + content.length, flags);
  writer.int64(message.sender);
  writer.int64(message.receiver);
  if (timed) writer.int32(secondsOf(message));
  writer.int32(message.clientId);
  writer.bytes(content);
}

function writeCustomer(sink: FrameSink, message: Message, flags: number): void {
  const { parties, content } = message;
  const writer = sink.begin(Command.customer, 36 + content.length, flags);
  writer.int64(parties?.senderApp ?? message.appid);
  writer.int64(message.sender);
  writer.int64(parties?.receiverApp ?? message.appid);
  writer.int64(message.receiver);
  writer.int32(secondsOf(message));
  writer.bytes(content);
}

function writeOldCustomer(sink: FrameSink, command: number, message: Message, flags: number): void {
  const { parties, content } = message;
  const writer = sink.begin(command, 36 + content.length, flags);
  writer.int64(parties?.customerApp ?? 0);
  writer.int64(parties?.customer ?? 0);
  writer.int64(parties?.storeId ?? 0);
  writer.int64(parties?.seller ?? 0);
  writer.int32(secondsOf(message));
  writer.bytes(content);
}

function secondsOf(message: Message): number {
  return Math.floor(message.at / 1000);
}
