import { afterEach, describe, expect, it } from 'vitest';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let client: CommandClient;
let room: string;
afterEach(async () => {
  client.close();
  await running.close();
});

const png =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const gif = 'data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

async function post(path: string, body: unknown = {}): Promise<Response> {
  return fetch(`${running.url}/simulator/bot01/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

async function begin(): Promise<void> {
  running = await startDaemon();
  client = new CommandClient(() => running.url);
  await eventually(async () => (await post('scan')).ok, 'scan');
  await eventually(async () => (await post('confirm')).ok, 'confirm');
  await eventually(async () => (await client.call('botStatus'))['state'] === 'ready', 'ready');
  const made = await post('rooms', { topic: 'rivals', members: ['甲', '乙'] });
  room = ((await made.json()) as { id: string }).id;
}

const stateOf = async (msgid: unknown): Promise<unknown> =>
  (await client.call('msgStatus', { msgid }))['state'];

/** The first hangs and never leaves; the second, a rival, leaves and is echoed. */
async function rivals(
  command: string,
  on: string,
  first: Record<string, unknown>,
  second: Record<string, unknown>,
): Promise<void> {
  await begin();
  await post('faults', { kind: 'hang', on, ms: 100 });
  const lost = await client.call(command, { roomId: room, ...first });
  await eventually(async () => (await stateOf(lost.msgid)) === 'unknown', 'unknown');
  const sent = await client.call(command, { roomId: room, ...second });
  await eventually(async () => (await stateOf(sent.msgid)) === 'sent', 'sent');
  // Its echo proves nothing about the other.
  expect(await stateOf(lost.msgid)).toBe('unknown');
  const seen = await fetch(`${running.url}/simulator/bot01/rooms/${room}/messages`);
  expect(((await seen.json()) as { messages: unknown[] }).messages).toHaveLength(1);
}

describe('an echo is never taken for the proof of another message', () => {
  it('of the same text', () => rivals('roomSendText', 'text', { text: 'x' }, { text: 'x' }));

  it('of a text that ends alike, to somebody else', () =>
    rivals(
      'roomSendText',
      'text',
      { text: 'x', atList: ['甲'] },
      { text: 'matrix x', atList: ['乙'] },
    ));

  it('of another picture', () => rivals('roomSendImg', 'image', { file: png }, { file: gif }));
});
