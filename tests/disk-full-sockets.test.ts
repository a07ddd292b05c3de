import { afterEach, expect, test } from 'vitest';
import { answerOf, base, ChatSocket, get, post, readStream } from './support/chatbot-client.ts';
import { eventually } from './support/daemon.ts';
import { command } from './support/gobelieve-frames.ts';
import { GobelieveScene } from './support/gobelieve-scene.ts';
import { OfficialClient, push } from './support/official-client.ts';
import { noDisk, SmallDisk } from './support/small-disk.ts';

let scene: GobelieveScene | undefined;
let disk: SmallDisk | undefined;
const opened: (ChatSocket | OfficialClient)[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) one instanceof ChatSocket ? one.drop() : one.ws.terminate();
  await scene?.hangUp();
  await scene?.close();
  disk?.remove();
  [scene, disk] = [undefined, undefined];
});

/** A daemon on a small disk, and somebody who fills it up to what is reserved. */
async function start() {
  disk = SmallDisk.make(48);
  if (disk === undefined) return undefined;
  const config = { disk: { reserveMb: 8 }, chatbot: { starter: false } };
  scene = await GobelieveScene.start(config, { dataDir: disk.folder });
  const { storage } = scene.daemon.daemon.core;
  return {
    ...{ scene, url: scene.daemon.url },
    fill: async () => {
      disk?.fill(4 * 1024 * 1024);
      await storage.look();
      expect(storage.full).toBe(true);
    },
    empty: async () => {
      disk?.empty();
      await eventually(() => !storage.full, 'room');
    },
  };
}

function keep<T extends ChatSocket | OfficialClient>(one: T): T {
  opened.push(one);
  return one;
}

test('the chatbot, by socket, by stream and by polls: no new question; those there are have their answers', async ({
  skip,
}) => {
  const given = await start();
  if (given === undefined) return skip(noDisk);
  const { url, fill, empty } = given;
  const socket = keep(await ChatSocket.open(url, 's'));
  const known = { messageId: 'q1', content: 'what is kept?' };
  socket.say('send', known);
  await socket.frame(200);
  const stamp = '2026/01/02 03:04:05';
  const polled = { sessionId: 'polled', content: 'and polled?', timestamp: stamp };
  expect(await post(url, '/send', polled)).toMatchObject({ code: 200 });
  const answer = await answerOf(url, 'polled', stamp);
  await fill();

  const before = socket.frames.length;
  socket.say('send', { messageId: 'q2', content: 'what is new?' });
  expect(await socket.frame(507, before)).toEqual({
    code: 507,
    message: expect.stringContaining('空间不足'),
    data: { messageId: 'q2' },
  });
  // The same one again is the same one: its answer comes.
  socket.say('send', known);
  await socket.frame(200, before);
  socket.say('ping');
  await eventually(
    () => socket.frames.slice(before).some(({ message }) => message === 'pong'),
    'pong',
  );
  expect(socket.closed).toBeUndefined();

  const refused = await fetch(`${url}${base}/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sessionId: 'streamed', content: 'new?' }),
  });
  expect([refused.status, refused.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  expect(await refused.text()).toMatch(/^event: error\ndata: \{"code":507,.*"data":\{\}\}\n\n$/);
  const again = await readStream(url, { sessionId: 's', ...known });
  expect(again.events.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['accepted', 'done']),
  );

  expect(await post(url, '/send', { ...polled, content: 'new' })).toMatchObject({
    code: 507,
    data: {},
  });
  expect(await post(url, '/send', polled)).toMatchObject({ code: 200 });
  expect(await get(url, '/receive', { sessionId: 'polled', timestamp: stamp })).toEqual(answer);
  const late = await ChatSocket.open(url, 'late');
  keep(late).say('send', { messageId: 'q3', content: 'new' });
  await late.frame(507);

  await empty();
  late.say('send', { messageId: 'q3', content: 'new' });
  await late.frame(200);
  socket.say('send', { messageId: 'q2', content: 'what is new?' });
  await eventually(
    () =>
      socket.frames.slice(before).filter(({ code, data }) => code === 200 && data.content).length >=
      2,
    'the answer to the new one',
  );
  await scene?.daemon.restart();
  const back = scene?.daemon.url ?? '';
  expect(await get(back, '/receive', { sessionId: 'polled', timestamp: stamp })).toEqual(answer);
});

test.for(['tcp', 'ws'] as const)(
  'GoBelieve over %s: no acknowledgement, so it is said again; nothing is lost or told twice',
  async (transport, { skip }) => {
    const given = await start();
    if (given === undefined) return skip(noDisk);
    const { fill, empty } = given;
    const edge = () => ({ address: given.scene[transport] });
    const [a, b] = [await given.scene.online(undefined, edge()), await given.scene.online()];
    // One comes while it is full, one when all is over.
    const [late, last] = [await given.scene.device(undefined, edge()), await given.scene.device()];
    const gid = await given.scene.group([a.uid, b.uid], true);
    for (const { uid } of [b, late, last]) {
      expect(await a.peer(uid, 'kept', 1)).toMatchObject({ status: 0 });
    }
    expect(await a.group(gid, 'kept too')).toMatchObject({ status: 0 });
    await fill();
    const seqs = [
      ...[b, late, last].map(({ uid }) =>
        a.utter(command.peer, { receiver: uid, text: 'new', clientId: 2 }),
      ),
      a.utter(command.group, { receiver: gid, text: 'new too' }),
    ];
    // What was said before a ping has been read; some turns later it would be acknowledged.
    for (let turns = 0; turns < 5; turns += 1) await a.ping();
    expect(seqs.filter((seq) => a.acks.has(seq))).toEqual([]);
    expect(a.isConnected).toBe(true);
    await late.connect();
    await late.holds(1);
    expect(late.texts).toEqual(['kept']);
    await empty();
    // As clients do with what was not acknowledged: on a new connection.
    await a.connect();
    for (const { uid } of [b, late, last]) {
      expect(await a.peer(uid, 'new', 2)).toMatchObject({ status: 0 });
    }
    expect(await a.group(gid, 'new too')).toMatchObject({ status: 0 });
    for (const one of [b, late]) {
      await one.holds(2);
      expect(one.texts.filter((text) => text !== '')).toEqual(['kept', 'new']);
    }
    await given.scene.daemon.restart();
    const back = await given.scene.device(last.uid, edge());
    await back.connect();
    await back.holds(2);
    expect(back.texts).toEqual(['kept', 'new']);
  },
);

test('the official-account socket: a fault frame with the name of what was said; repeats are what they were', async ({
  skip,
}) => {
  const given = await start();
  if (given === undefined) return skip(noDisk);
  const { url, fill, empty } = given;
  const client = keep(await OfficialClient.open(url, 'userid=anna'));
  const reader = keep(await OfficialClient.open(url, 'userid=joe'));
  const frame = (id: string, content: string, receiver = 'joe') => ({
    data: { id, contact_id: receiver, msg_type: 'text', msg: { content } },
    result: { code: 1001, message: '' },
  });
  const say = (body: object): void => client.ws.send(JSON.stringify(body));
  const told = (code: number, id: string) =>
    eventually(
      () =>
        client.frames.find(
          ({ data, result }) => Number(result.code) === code && (data.client_id ?? data.id) === id,
        ),
      `${code} ${id}`,
    );
  say(frame('a1', 'kept'));
  const done = await told(100, 'a1');
  await reader.gets(1);
  const named = {
    data: { id: 'n1', contact_id: 'joe', msg_type: 'text', msg: { content: 'named' } },
  };
  const pushed = await push(url, named);
  expect(pushed.status).toBe(200);
  await reader.gets(2);
  await fill();
  client.frames.length = 0;
  say(frame('a2', 'new'));
  // To somebody nobody has heard of; and to many.
  say(frame('a3', 'new', 'stranger'));
  say({
    ...frame('a4', 'new'),
    data: {
      id: 'a4',
      contact_ids: ['joe', 'nobody yet'],
      msg_type: 'text',
      msg: { content: 'new' },
    },
  });
  for (const id of ['a2', 'a3']) {
    expect(await told(-1, id)).toMatchObject({
      result: { message: expect.stringContaining('空间不足') },
    });
  }
  say(frame('a1', 'kept'));
  expect((await told(100, 'a1')).data.id).toBe(done.data.id);
  expect(await push(url, named)).toEqual(pushed);
  expect((await push(url, { data: { ...named.data, id: 'n2' } })).status).toBe(507);
  await client.settled();
  expect([client.closed, reader.messages.length]).toEqual([undefined, 2]);
  // Who comes while it is full gets what there is.
  const late = keep(await OfficialClient.open(url, 'userid=joe&from=0'));
  await late.settled();
  await empty();
  say(frame('a2', 'new'));
  await told(100, 'a2');
  await reader.gets(3);
  expect(reader.contents).toEqual(['kept', 'named', 'new']);
});
