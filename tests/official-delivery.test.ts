import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

let running: TestDaemon;
const opened: OfficialClient[] = [];
beforeEach(async () => {
  running = await startDaemon();
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.ws.terminate();
  await running.close();
});

async function open(query: string): Promise<OfficialClient> {
  const client = await OfficialClient.open(running.url, query);
  opened.push(client);
  return client;
}

/** Texts 1 to `count` for a user, one after another. */
async function say(to: string, from: number, count: number): Promise<number[]> {
  const ids: number[] = [];
  for (let at = 0; at < count; at += 1) ids.push(await pushText(running.url, to, `${from + at}`));
  return ids;
}

const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `${from + at}`);

/** Nothing more comes: whatever the server had to say was said before the answer to a ping. */
async function hasOnly(client: OfficialClient, contents: string[]): Promise<void> {
  await client.gets(contents.length);
  await client.settled();
  expect(client.contents).toEqual(contents);
  const { ids } = client;
  expect(ids).toEqual([...ids].sort((one, other) => one - other));
}

describe('what is pushed to somebody who is not there', () => {
  it('waits, and comes in order on connect, then what is new', async () => {
    await say('u', 1, 30);
    const client = await open('userid=u');
    await client.gets(30);
    await say('u', 31, 5);
    await hasOnly(client, numbers(1, 35));
  });

  it('comes once to a client that never confirms', async () => {
    await say('u', 1, 3);
    const first = await open('userid=u');
    await hasOnly(first, numbers(1, 3));
    await first.close();
    const second = await open('userid=u');
    await say('u', 4, 1);
    await hasOnly(second, ['4']);
    // Without a goodbye too.
    await second.cut();
    const third = await open('userid=u');
    await say('u', 5, 1);
    await hasOnly(third, ['5']);
  });

  it('waits over a restart, with how far everybody is', async () => {
    await say('u', 1, 3);
    const first = await open('userid=u');
    await hasOnly(first, numbers(1, 3));
    await first.close();
    await say('u', 4, 3);
    await running.restart();
    const second = await open('userid=u');
    await hasOnly(second, numbers(4, 6));
    await say('u', 7, 1);
    await hasOnly(second, numbers(4, 7));
  });

  it('waits for those who were there when the daemon stopped', async () => {
    const client = await open('userid=u');
    await say('u', 1, 2);
    await hasOnly(client, numbers(1, 2));
    await running.restart();
    expect(client.closed).toMatchObject({ code: 1001 });
    await say('u', 3, 1);
    await hasOnly(await open('userid=u'), ['3']);
  });
});

describe('every socket of a user gets every frame', () => {
  it('whatever is said to one or to many', async () => {
    const all = await Promise.all([1, 2, 3].map(() => open('userid=u')));
    const other = await open('userid=v');
    await say('u', 1, 3);
    await push(running.url, {
      data: { msg_type: 'text', contact_ids: ['u', 'v', 'w'], msg: { content: '4' } },
    });
    await say('u', 5, 1);
    for (const client of all) await hasOnly(client, numbers(1, 5));
    await hasOnly(other, ['4']);
    await hasOnly(await open('userid=w'), ['4']);
  });

  it('one that goes takes nothing from the others', async () => {
    const [one, two] = [await open('userid=u'), await open('userid=u')];
    await say('u', 1, 2);
    await one.cut();
    await say('u', 3, 2);
    await hasOnly(two, numbers(1, 4));
  });
});

describe('a confirmation', () => {
  it('counts for everything up to it, and only that comes no more', async () => {
    const ids = await say('u', 1, 5);
    const first = await open('userid=u');
    await hasOnly(first, numbers(1, 5));
    first.ack(ids[1] ?? 0);
    await first.settled();
    await first.close();
    const second = await open('userid=u');
    await hasOnly(second, numbers(3, 5));
    // The reader is known to confirm: what it does not confirm comes again.
    await second.cut();
    const third = await open('userid=u');
    await hasOnly(third, numbers(3, 5));
    third.ack(ids[4] ?? 0);
    await third.settled();
    await third.close();
    const last = await open('userid=u');
    await say('u', 6, 1);
    await hasOnly(last, ['6']);
  });

  it('is understood with numbers as ids and codes as texts, late or too far', async () => {
    const ids = await say('u', 1, 3);
    const first = await open('userid=u');
    await first.gets(3);
    first.ws.send(JSON.stringify({ data: { id: ids[2] }, result: { code: '103' } }));
    first.ack(ids[0] ?? 0);
    await first.settled();
    await first.close();
    await say('u', 4, 1);
    const second = await open('userid=u');
    await hasOnly(second, ['4']);
    // Nobody can confirm what was not given.
    second.ack(9_000_000_000);
    await second.settled();
    await second.close();
    await say('u', 5, 1);
    await hasOnly(await open('userid=u'), ['5']);
  });

  it('that comes before anything was given counts too', async () => {
    const ids = await say('u', 1, 4);
    const first = await open('userid=u&ack=1');
    first.ack(ids[1] ?? 0);
    await first.gets(4);
    await first.settled();
    await first.close();
    await hasOnly(await open('userid=u&ack=1'), numbers(3, 4));
  });

  it('of no frame is refused, and the connection stays', async () => {
    const client = await open('userid=u');
    for (const id of [undefined, '', 'x', -1, 1.5, '9'.repeat(20)]) {
      client.ws.send(JSON.stringify({ data: { id }, result: { code: 103 } }));
    }
    await eventually('six refusals', () => refusals(client).length >= 6);
    expect(refusals(client)[0]?.result.message).toContain('data.id');
    await client.settled();
  });

  it('is waited for from the beginning by who says ack=1, and never by who says ack=0', async () => {
    await say('u', 1, 2);
    const first = await open('userid=u&ack=1');
    await hasOnly(first, numbers(1, 2));
    await first.close();
    const second = await open('userid=u&ack=0');
    await hasOnly(second, numbers(1, 2));
    await second.close();
    await say('u', 3, 1);
    await hasOnly(await open('userid=u'), ['3']);
  });

  it('counts over a restart', async () => {
    const ids = await say('u', 1, 4);
    const first = await open('userid=u');
    await first.gets(4);
    first.ack(ids[2] ?? 0);
    await first.settled();
    await running.restart();
    await hasOnly(await open('userid=u'), ['4']);
    // That it confirms is remembered too.
    await running.restart();
    await hasOnly(await open('userid=u'), ['4']);
  });
});

describe('devices', () => {
  it('have each a cursor of their own', async () => {
    const ids = await say('u', 1, 4);
    const phone = await open('userid=u&device_id=phone');
    const desk = await open('userid=u&device_id=desk');
    await hasOnly(phone, numbers(1, 4));
    await hasOnly(desk, numbers(1, 4));
    phone.ack(ids[3] ?? 0);
    desk.ack(ids[1] ?? 0);
    await phone.settled();
    await desk.settled();
    await phone.close();
    await desk.close();
    await say('u', 5, 1);
    await running.restart();
    await hasOnly(await open('userid=u&device_id=phone'), ['5']);
    await hasOnly(await open('userid=u&device_id=desk'), numbers(3, 5));
    await hasOnly(await open('userid=u'), numbers(1, 5));
  });

  it('one seen first begins where those without a device are', async () => {
    const ids = await say('u', 1, 3);
    const plain = await open('userid=u');
    await plain.gets(3);
    plain.ack(ids[1] ?? 0);
    await plain.settled();
    const phone = await open('userid=u&device_id=phone');
    await hasOnly(phone, ['3']);
    // And keeps that, though others go on.
    await phone.cut();
    const again = await open('userid=u&device_id=phone&ack=1');
    await say('u', 4, 1);
    await hasOnly(again, ['4']);
    plain.ack(9_999_999);
    await again.cut();
    await hasOnly(await open('userid=u&device_id=phone&ack=1'), ['4']);
  });
});

describe('since', () => {
  it.each(['since', 'last_id'])(
    '%s: what came after that frame, whatever was confirmed',
    async (name) => {
      const ids = await say('u', 1, 6);
      const first = await open('userid=u');
      await hasOnly(first, numbers(1, 6));
      first.ack(ids[5] ?? 0);
      await first.settled();
      await first.close();
      await hasOnly(await open(`userid=u&${name}=${ids[2]}`), numbers(4, 6));
      await hasOnly(await open(`userid=u&${name}=0`), numbers(1, 6));
      const none = await open(`userid=u&${name}=${ids[5]}`);
      const future = await open(`userid=u&${name}=${(ids[5] ?? 0) + 1000}`);
      await none.settled();
      expect(none.contents).toEqual([]);
      await say('u', 7, 1);
      await hasOnly(none, ['7']);
      await hasOnly(future, ['7']);
    },
  );

  it('finds the place among frames of others, and between what was said to many', async () => {
    const many = (content: string): Promise<unknown> =>
      push(running.url, { data: { msg_type: 'text', contact_ids: ['u', 'x'], msg: { content } } });
    const ids: number[] = [];
    for (let at = 1; at <= 40; at += 1) {
      if (at % 3 === 0) await many(`${at}`);
      else ids[at] = await pushText(running.url, 'u', `${at}`);
      await pushText(running.url, 'other', 'x');
    }
    for (const at of [1, 2, 17, 20, 38, 40]) {
      const client = await open(`userid=u&since=${ids[at]}`);
      await hasOnly(client, numbers(at + 1, 40));
      await client.close();
    }
  });
});

function refusals(client: OfficialClient) {
  return client.frames.filter(({ result }) => result.code === -1);
}
