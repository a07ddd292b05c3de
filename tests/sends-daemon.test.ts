import { afterAll, beforeAll, expect, test } from 'vitest';
import { sign } from '../bot/signature.ts';
import { type Answer, CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { pixel } from './support/pictures.ts';

let daemon: TestDaemon;
let client: CommandClient;
let room: { id: string; topic: string };

async function simulator<T>(path: string, body?: object): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${daemon.url}/simulator/bot01${path}`, init);
  return (await response.json()) as T;
}

const settled = (answer: Answer): Promise<Answer> =>
  eventually(async () => {
    const status = await client.call('msgStatus', { msgid: answer.msgid });
    return status['final'] === true ? status : undefined;
  }, `message ${answer.msgid} is settled`);

const ready = (): Promise<unknown> =>
  eventually(async () => {
    const { rooms } = await client.call('roomList');
    return JSON.stringify(rooms ?? '').includes('相册');
  }, 'the room is known');

beforeAll(async () => {
  daemon = await startDaemon();
  client = new CommandClient(() => daemon.url);
  await eventually(async () => {
    const { qr } = await simulator<{ qr?: object }>('');
    return qr !== undefined;
  }, 'a QR code');
  await simulator('/scan', {});
  await simulator('/confirm', {});
  room = await simulator('/rooms', { topic: '相册', members: ['张三'] });
  await ready();
});
afterAll(async () => {
  client.close();
  await daemon.close();
});

test('a channel uploads a picture with its signature, and sends it by its address', async () => {
  const upload = await fetch(`${daemon.url}/api/v1/files`, {
    method: 'POST',
    body: new Uint8Array(pixel),
    headers: { 'x-wxrc-chid': 'demo', 'x-ecaspsplus-signature': sign(pixel, 'secret') },
  });
  expect(upload.status).toBe(201);
  const { url } = (await upload.json()) as { url: string };
  for (const file of [url, `/${url}`, `${daemon.url}/${url}`]) {
    const answer = await client.call('roomSendImg', { file, roomTopic: '相册' });
    expect(await settled(answer)).toMatchObject({ sendStatus: '1' });
  }
  const { messages } = await simulator<{ messages: { kind: string; file?: object }[] }>(
    `/rooms/${room.id}/messages`,
  );
  expect(messages.map((message) => message.kind)).toEqual(['image', 'image', 'image']);
  expect(messages[0]?.file).toMatchObject({ type: 'image/png', size: pixel.length });
  const served = await fetch(`${daemon.url}/${url}`);
  expect(Buffer.from(await served.arrayBuffer())).toEqual(pixel);
});

test('nobody uploads without a right to it', async () => {
  for (const headers of [
    {},
    { 'x-wxrc-chid': 'demo', 'x-ecaspsplus-signature': sign(pixel, 'other') },
    { authorization: 'Bearer nothing' },
  ]) {
    const body = new Uint8Array(pixel);
    const response = await fetch(`${daemon.url}/api/v1/files`, { method: 'POST', body, headers });
    expect(response.status).toBe(401);
  }
});

test('what is queued when the daemon stops leaves when it is back', async () => {
  await simulator('/kick', {});
  await eventually(async () => {
    return (await client.call('botStatus'))['botStatus'] !== 'login';
  }, 'the bot is out');
  const answer = await client.call('roomSendText', { text: '稍后', roomTopic: '相册' });
  expect(answer).toMatchObject({ rtCode: '0', sendStatus: '0' });
  await daemon.restart();
  const queue = await client.call('botQueue', { msgid: answer.msgid });
  expect(queue).toMatchObject({ length: 1, position: 1 });
  expect(queue['reason']).toEqual(expect.any(String));
  await eventually(async () => {
    const { qr } = await simulator<{ qr?: object }>('');
    return qr !== undefined;
  }, 'a QR code');
  await simulator('/scan', {});
  await simulator('/confirm', {});
  expect(await settled(answer)).toMatchObject({ sendStatus: '1' });
});
