import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { ChatbotConnection } from '../api/chatbot/connection.ts';
import { chatbotCore } from '../scripts/chatbot.ts';
import type { Reply } from './support/chatbot-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';

// The buffers of a machine hold more than any answer: here a socket says how much waits in it.

let running: TestDaemon;

beforeAll(async () => {
  const reply = { type: 'text', text: '马上' };
  running = await startDaemon({
    bots: [],
    rules: [{ name: 'fast', kind: 'exact', pattern: '快', reply }],
  });
});
afterAll(() => running.close());

class Slow {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  terminated = false;
  readonly frames: Reply[] = [];

  send(text: string): void {
    this.frames.push(JSON.parse(text) as Reply);
  }

  terminate(): void {
    this.terminated = true;
    this.readyState = 3;
  }

  close(): void {}
}

async function asked(bufferedAmount: number): Promise<Slow> {
  const socket = new Slow();
  const core = chatbotCore(running.daemon.core, new AbortController().signal);
  const connection = new ChatbotConnection(core, socket as unknown as WebSocket, randomUUID());
  socket.bufferedAmount = bufferedAmount;
  connection.receive(JSON.stringify({ type: 'send', data: { content: '快' } }));
  await eventually('its end', () => socket.terminated || socket.frames.at(-1)?.code === 200);
  connection.gone();
  return socket;
}

test('who reads gets pieces and the whole', async () => {
  expect((await asked(0)).frames.map((one) => one.code)).toEqual([202, 100, 200]);
});

test('who reads slowly gets the whole at the end', async () => {
  const { frames } = await asked(70_000);
  expect(frames.map((one) => one.code)).toEqual([202, 200]);
  expect(frames.at(-1)?.data.content).toBe('马上');
});

test('who does not read at all is closed', async () => {
  expect(await asked(2_000_000)).toMatchObject({ terminated: true, frames: [] });
});
