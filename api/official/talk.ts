import { AppError } from '../../bot/errors.ts';
import type { Speaker } from '../../bot/official/pushes.ts';
import { storageRefusal } from '../../bot/storage.ts';
import type { OfficialConnection } from './connection.ts';
import { contentOfPush } from './content.ts';
import { doneText, faultText } from './envelope.ts';
import { textMessage } from './frame.ts';
import { Code } from './kinds.ts';
import { jsonIn, pushOf } from './push-json.ts';
import { keyOfPush } from './push-key.ts';

/** Frames a client may say in a second, and at once. */
const perSecond = 1000;
const burst = 2000;
/** Pushes of one connection that are not stored yet; then it is not read any more. */
const storingLimit = 64;
const pong = textMessage('pong');

/** What a client says, and what of it is still under way. */
export class Talk implements Speaker {
  readonly #connection: OfficialConnection;
  #budget = burst;
  #countedAt: number;
  #storing = 0;
  /** Too much is on its way to the disk. */
  #crowded = false;
  /** Too much was said at once. */
  #resting = false;
  /** Confirmed before it was known who reads. */
  #confirmed = 0;
  /** Answers said here that lie in the own inbox, and have not come by there yet. */
  readonly #said = new Set<number>();

  constructor(connection: OfficialConnection) {
    this.#connection = connection;
    this.#countedAt = connection.wire.clock.now();
  }

  /** Nothing more is read for now. */
  get held(): boolean {
    return this.#crowded || this.#resting;
  }

  rested(): void {
    this.#resting = false;
  }

  hear(bytes: Buffer): void {
    this.#count();
    const text = bytes.toString('utf8');
    if (text === 'pong') return;
    if (text === 'ping') this.#connection.put(pong);
    else this.#read(text);
  }

  said(id: number): void {
    this.#said.add(id);
  }

  unsaid(id: number): void {
    this.#said.delete(id);
  }

  /** It was said here: clients of the document would take it for the words of the other side. */
  isOwn(id: number): boolean {
    return this.#said.delete(id);
  }

  /** It is known who reads: what was confirmed before counts now. */
  begin(): void {
    if (this.#confirmed > 0) this.#confirm(this.#confirmed);
  }

  #read(text: string): void {
    let id: string | undefined;
    try {
      const frame = jsonIn(text);
      id = idIn(frame);
      switch (codeIn(frame)) {
        case Code.heartbeat:
        case Code.done:
        case Code.fault:
          return;
        case Code.ack:
          this.#confirm(numberIn(id));
          return;
        default:
          this.#push(frame, id);
      }
    } catch (error) {
      this.#refuse(error, id);
    }
  }

  /** Everything up to a frame; never more than there is. */
  #confirm(id: number): void {
    const connection = this.#connection;
    if (!connection.begun) {
      this.#confirmed = Math.max(this.#confirmed, id);
      return;
    }
    const { reader, sent, wire } = connection;
    const { readers, frames } = wire.official;
    if (id <= sent) {
      readers.acked(reader, id);
      return;
    }
    // It knows it from another connection, and what waits is still being read out here.
    readers.expectAcks(reader);
    frames.within(id).then(
      (known) => readers.acked(reader, known),
      (error: unknown) => connection.failed(error),
    );
  }

  /** @throws AppError */
  #push(frame: unknown, id: string | undefined): void {
    const connection = this.#connection;
    const { wire, name: sender } = connection;
    const push = pushOf(frame);
    const content = contentOfPush(push, sender, wire.clock.now());
    const { receivers, toMany } = push;
    const order = { receivers, toMany, sender, content, key: keyOfPush(push) };
    const { pushes } = wire.official;
    this.#storing += 1;
    if (this.#storing >= storingLimit) {
      this.#crowded = true;
      connection.pause();
    }
    const said = toMany ? pushes.push(order) : pushes.say(order, this);
    said.then(
      ({ id: made, repeated }) => {
        this.#stored();
        wire.meter.pushed(repeated ? 'repeated' : 'accepted');
        const extra = id === undefined ? {} : { client_id: id };
        connection.put(textMessage(doneText(made, extra)));
      },
      (error: unknown) => {
        this.#stored();
        this.#refuse(error, id);
      },
    );
  }

  #stored(): void {
    this.#storing -= 1;
    if (!this.#crowded || this.#storing > storingLimit / 2) return;
    this.#crowded = false;
    this.#connection.readOn();
  }

  #refuse(thrown: unknown, id: string | undefined): void {
    const { wire } = this.#connection;
    const error = storageRefusal(thrown, wire.logger);
    const known = error instanceof AppError;
    wire.meter.pushed(known ? 'refused' : 'failed');
    if (!known) wire.logger.error({ err: error }, 'push failed');
    const reason = known ? error.text[wire.language] : 'error';
    this.#connection.put(textMessage(faultText(reason, id)));
  }

  /** A client that says too much at once has to wait for a moment. */
  #count(): void {
    const connection = this.#connection;
    const now = connection.wire.clock.now();
    const grown = (Math.max(0, now - this.#countedAt) * perSecond) / 1000;
    this.#budget = Math.min(burst, this.#budget + grown) - 1;
    this.#countedAt = now;
    if (this.#budget >= 0 || this.#resting) return;
    this.#resting = true;
    connection.pause();
    connection.wire.connections.rest(connection);
  }
}

function codeIn(frame: unknown): number | undefined {
  const code = fieldIn(fieldIn(frame, 'result'), 'code');
  return typeof code === 'number' || typeof code === 'string' ? Number(code) : undefined;
}

function idIn(frame: unknown): string | undefined {
  const id = fieldIn(fieldIn(frame, 'data'), 'id');
  const text = typeof id === 'number' ? String(id) : id;
  return typeof text === 'string' && text !== '' ? text.slice(0, 128) : undefined;
}

/** @throws AppError field_missing, field_value */
function numberIn(id: string | undefined): number {
  const number = Number(id);
  if (id !== undefined && /^\d+$/.test(id) && Number.isSafeInteger(number)) return number;
  throw new AppError(
    id === undefined ? 'field_missing' : 'field_value',
    { zh: 'data.id 应为收到的消息 id', en: 'data.id: must be the id of a frame' },
    { field: 'data.id' },
  );
}

function fieldIn(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
