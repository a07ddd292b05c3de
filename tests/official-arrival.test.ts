import type { Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, pushText } from './support/official-client.ts';

let running: TestDaemon;
const opened: OfficialClient[] = [];
beforeEach(async () => {
  running = await startDaemon({ official: { heartbeatMs: 1000 } });
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.ws.terminate();
  await running.close();
});

async function open(query: string, options = {}): Promise<OfficialClient> {
  const client = await OfficialClient.open(running.url, query, options);
  opened.push(client);
  return client;
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}`);

async function say(from: number, to: number): Promise<void> {
  for (const text of numbers(from, to)) await pushText(running.url, 'u', text);
}

/** Nothing more comes than this. */
async function hasOnly(client: OfficialClient, contents: string[]): Promise<void> {
  await client.gets(contents.length);
  await client.settled();
  expect(client.contents).toEqual(contents);
}

/** The server has read the answer to the ping behind what the client has. */
async function answered(client: OfficialClient): Promise<void> {
  const newest = client.ids.at(-1) ?? 0;
  await eventually('a ping behind it', () => client.asked >= newest);
  await client.settled();
}

function socketOf(client: OfficialClient): Socket {
  return Reflect.get(client.ws, '_socket') as Socket;
}

const connected = (): number => running.daemon.core.im.hub.count;

describe('frames written to a client that never confirms come again', () => {
  it('where the client fell silent before it could read them, and was given up', async () => {
    const silent = await open('userid=u');
    await say(1, 1);
    await hasOnly(silent, ['1']);
    await answered(silent);
    silent.ws.pause();
    await say(2, 21);
    await eventually('the end', () => connected() === 0, 10_000);
    expect(running.log()).toContain('no answer to heartbeats');
    await hasOnly(await open('userid=u'), numbers(2, 21));
  });

  it('where its connection broke', async () => {
    const broken = await open('userid=u');
    await say(1, 1);
    await hasOnly(broken, ['1']);
    await answered(broken);
    broken.ws.pause();
    await say(2, 21);
    socketOf(broken).resetAndDestroy();
    await eventually('the end', () => connected() === 0);
    await hasOnly(await open('userid=u'), numbers(2, 21));
  });

  it('where it said goodbye, or spoke, without having read them', async () => {
    const leaving = await open('userid=u', { autoPong: false });
    await say(1, 5);
    await hasOnly(leaving, numbers(1, 5));
    // Of no ping in particular.
    leaving.ws.pong();
    leaving.ws.pong('x');
    leaving.ws.pong('-1');
    leaving.ws.pong('9'.repeat(40));
    await leaving.settled();
    await leaving.close();
    await hasOnly(await open('userid=u'), numbers(1, 5));
  });

  it('where it was closed by an operator and did not answer that', async () => {
    const silent = await open('userid=u');
    await silent.frame('102');
    silent.ws.pause();
    await say(1, 3);
    const [session] = [...running.daemon.core.im.hub.all()];
    session?.close('kicked by an operator');
    socketOf(silent).resetAndDestroy();
    await hasOnly(await open('userid=u'), numbers(1, 3));
  });
});

describe('frames come no more to a client that never confirms', () => {
  it('once it has answered the ping behind them, as browsers do', async () => {
    await say(1, 40);
    const first = await open('userid=u');
    await hasOnly(first, numbers(1, 40));
    await answered(first);
    await first.cut();
    await say(41, 41);
    const second = await open('userid=u');
    await hasOnly(second, ['41']);
    // A stream is asked about now and then, and once more when it ends.
    await say(42, 80);
    await second.gets(40);
    await answered(second);
    expect(second.pings).toBeLessThan(20);
    await second.close();
    await say(81, 81);
    await hasOnly(await open('userid=u'), ['81']);
  });

  it('once it has answered our goodbye', async () => {
    const client = await open('userid=u', { autoPong: false });
    await say(1, 3);
    await hasOnly(client, numbers(1, 3));
    await running.restart({ official: { heartbeatMs: 1000 } });
    expect(client.closed).toMatchObject({ code: 1001 });
    await say(4, 4);
    await hasOnly(await open('userid=u'), ['4']);
  });

  it('where another connection of the user has got them', async () => {
    const [dead, alive] = [await open('userid=u'), await open('userid=u')];
    const device = await open('userid=u&device_id=dead');
    await device.frame('102');
    for (const one of [dead, device]) one.ws.pause();
    await say(1, 20);
    await alive.gets(20);
    await answered(alive);
    for (const one of [dead, device]) socketOf(one).resetAndDestroy();
    await alive.cut();
    await eventually('the end', () => connected() === 0);
    await say(21, 21);
    await hasOnly(await open('userid=u'), ['21']);
    await hasOnly(await open('userid=u&device_id=dead'), numbers(1, 21));
  });
});

it('who confirms is not asked', async () => {
  const client = await open('userid=u&ack=1');
  await say(1, 3);
  await client.frame(101, 1);
  expect(client.asked).toBe(0);
  expect(client.pings).toBeGreaterThan(0);
});
