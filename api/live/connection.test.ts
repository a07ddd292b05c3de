import { expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { VirtualClock } from '../../bot/clock.ts';
import { LiveFeed } from '../../bot/live.ts';
import { createLogger } from '../../config/logger.ts';
import { Signals } from '../../store/signals.ts';
import { LiveConnection } from './connection.ts';

/** A clock that goes on whenever one looks at it, by so much that a rest is over when it begins. */
class RunningClock extends VirtualClock {
  #looks = 0;

  override now(): number {
    this.#looks += 1;
    return super.now() + this.#looks * 8;
  }
}

class Mute {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  paused = false;

  send(): void {}

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }
}

test('who goes on with a burst within one packet is not read from, even where the first rest was none', async () => {
  const clock = new RunningClock();
  const socket = new Mute();
  const logger = createLogger('silent');
  const connection = new LiveConnection(
    {
      ...{ live: new LiveFeed({ clock }), signals: new Signals(), clock, logger },
      events: { has: () => false, page: () => Promise.reject(new Error('not asked for')) },
      encodeBody: () => {
        throw new Error('not asked for');
      },
    },
    socket as unknown as WebSocket,
  );
  // A burst, and what comes along with its end.
  for (let said = 0; said < 2000; said += 1) connection.receive('{"type":"ping"}');
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.paused).toBe(true);
  await clock.advance(60_000);
  expect(socket.paused).toBe(false);
  connection.gone();
});
