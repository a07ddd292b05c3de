import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Database, Tx } from '../store/database.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

let running: TestDaemon;
const opened: OfficialClient[] = [];
/** While it is set, statements that hold it fail. */
let failing: string | undefined;

beforeEach(async () => {
  failing = undefined;
  running = await startDaemon({}, { wrapDatabase: faulty });
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

function faulty(db: Database): Database {
  const wrapped = (tx: Tx): Tx => ({
    run: async (sql, params) => {
      if (failing !== undefined && sql.includes(failing)) throw new Error('the disk says no');
      return tx.run(sql, params);
    },
    get: tx.get.bind(tx),
    all: tx.all.bind(tx),
    onDurable: tx.onDurable.bind(tx),
    onRollback: tx.onRollback.bind(tx),
  });
  return Object.assign(Object.create(db) as Database, {
    transaction: <T>(work: (tx: Tx) => Promise<T> | T, options?: { unguarded: true }) =>
      db.transaction((tx) => work(wrapped(tx)), options),
    insert: db.insert.bind(db),
    read: db.read.bind(db),
    readLong: db.readLong.bind(db),
    backup: db.backup.bind(db),
    close: db.close.bind(db),
  });
}

const text = (content: string, extra: Record<string, unknown>) => ({
  data: { msg_type: 'text', msg: { content }, ...extra },
});

describe('a push with a name', () => {
  it('is done once, and answered with the same id again, also after a restart', async () => {
    const named = text('one', { contact_id: 'u', id: 'order-7' });
    const first = await push(running.url, named);
    expect(await push(running.url, named)).toEqual(first);
    await running.restart();
    expect(await push(running.url, named)).toEqual(first);
    const client = await open('userid=u');
    await pushText(running.url, 'u', 'two');
    await client.gets(2);
    expect(client.contents).toEqual(['one', 'two']);
  });

  it('fifty at once are one', async () => {
    const named = text('one', { contact_id: 'u', id: 'x' });
    const replies = await Promise.all(Array.from({ length: 50 }, () => push(running.url, named)));
    expect(new Set(replies.map((reply) => reply.body.data.id)).size).toBe(1);
    const client = await open('userid=u');
    await pushText(running.url, 'u', 'two');
    await client.gets(2);
    expect(client.contents).toEqual(['one', 'two']);
  });

  it('is another one for another receiver, from another sender, and after a day', async () => {
    const bodies = [
      text('1', { contact_id: 'u', id: 'x' }),
      text('2', { contact_id: 'v', id: 'x' }),
      text('3', { contact_id: 'u', from_id: 'anna', id: 'x' }),
      text('4', { contact_ids: ['u', 'v'], id: 'x' }),
      text('5', { contact_id: 'u', id: 'y' }),
      // No name at all.
      text('6', { contact_id: 'u', id: '' }),
      text('7', { contact_id: 'u', id: '' }),
    ];
    const ids = new Set<string | undefined>();
    for (const body of bodies) ids.add((await push(running.url, body)).body.data.id);
    expect(ids.size).toBe(bodies.length);
    await running.daemon.core.db.transaction((tx) =>
      tx.run('UPDATE official_keys SET at = at - 86400000'),
    );
    const [again] = bodies;
    const later = await push(running.url, again);
    expect(ids).not.toContain(later.body.data.id);
    expect(await push(running.url, again)).toEqual(later);
  });

  it('that failed may be said again', async () => {
    const named = text('one', { contact_id: 'u', id: 'x' });
    failing = 'official_keys';
    expect(await push(running.url, named)).toEqual({
      status: 500,
      body: { data: {}, result: { code: -1, message: 'error' } },
    });
    failing = undefined;
    const client = await open('userid=u');
    expect(await push(running.url, named)).toMatchObject({ status: 200 });
    await client.gets(1);
    await client.settled();
    expect(client.contents).toEqual(['one']);
  });
});

describe('a push to many', () => {
  const names = Array.from({ length: 2500 }, (_, at) => `u${at}`);

  it('is one message with one id, for those who are there and those who are not', async () => {
    const there = await Promise.all(['u0', 'u1', 'u2499'].map((name) => open(`userid=${name}`)));
    const stranger = await open('userid=stranger');
    const twice = [...names, ...names.slice(0, 10)];
    const body = text('news', { contact_ids: twice, from_id: 'desk' });
    const reply = await push(running.url, body);
    expect(reply.body.data).toEqual({ id: expect.any(String), count: 2500 });
    for (const client of there) {
      await client.gets(1);
      expect(client.messages[0]?.data).toMatchObject({
        id: reply.body.data.id,
        contact_id: 'desk',
      });
    }
    const late = await open('userid=u1700');
    await late.gets(1);
    expect(late.messages[0]?.data.id).toBe(reply.body.data.id);
    for (const client of [stranger, ...there]) {
      await client.settled();
      expect(client.messages).toHaveLength(client === stranger ? 0 : 1);
    }
    const { core } = running.daemon;
    expect(await core.db.read('SELECT * FROM im_inbox')).toEqual([]);
    expect(await core.db.read('SELECT block FROM official_many')).toHaveLength(3);
  });

  it('without a sender names none; one name is many enough', async () => {
    const client = await open('userid=only');
    await push(running.url, text('x', { contact_ids: ['only'] }));
    await client.gets(1);
    expect(client.messages[0]?.data.contact_id).toBe('');
  });

  it('is for all or for nobody', async () => {
    const client = await open('userid=u5');
    const known = await push(running.url, text('first', { contact_ids: names }));
    failing = 'official_many';
    const reply = await push(running.url, text('lost', { contact_ids: names }));
    expect(reply.status).toBe(500);
    failing = undefined;
    const next = await push(running.url, text('second', { contact_ids: names }));
    await client.gets(2);
    await client.settled();
    expect(client.contents).toEqual(['first', 'second']);
    // Of the numbers none is lost either.
    expect(Number(next.body.data.id)).toBe(Number(known.body.data.id) + 1);
  });

  it('holds up nobody', async () => {
    const all = Array.from({ length: 10_000 }, (_, at) => `n${at}`);
    const client = await open('userid=quiet');
    const ended: string[] = [];
    const note = (what: string) => () => void ended.push(what);
    const pushed = push(running.url, text('news', { contact_ids: all }));
    void pushed.then(note('push'));
    await client.settled().then(note('pong'));
    expect(ended).toEqual(['pong']);
    expect(await pushed).toMatchObject({ status: 200, body: { data: { count: 10_000 } } });
  });
});

describe('a push from a socket', () => {
  const frame = (content: string, extra: Record<string, unknown> = {}) =>
    JSON.stringify({
      data: { msg_type: 'text', contact_id: 'v', msg: { content }, ...extra },
      result: { code: 1001, message: 'common' },
    });

  it('reaches the other user, whose answer goes back; each is confirmed with its id', async () => {
    const [u, v] = [await open('userid=u'), await open('userid=v')];
    u.ws.send(frame('hello', { id: 'c1', name: 'U' }));
    const [got] = await v.gets(1);
    expect(got).toMatchObject({
      data: { contact_id: 'u', name: 'U', msg: { content: 'hello' } },
      result: { code: 1001 },
    });
    expect(await u.frame(100)).toEqual({
      data: { id: got?.data.id, client_id: 'c1' },
      result: { code: 100, message: '成功' },
    });
    v.ws.send(frame('hi', { contact_id: 'u' }));
    await u.gets(1);
    expect(u.messages[0]?.data.contact_id).toBe('v');
    expect((await v.frame(100)).data).toEqual({ id: u.messages[0]?.data.id });
  });

  it('with the same name is done once, over connections too', async () => {
    const first = await open('userid=u');
    first.ws.send(frame('one', { id: 'c1' }));
    first.ws.send(frame('one', { id: 'c1' }));
    const answer = await first.frame(100, 1);
    expect(await first.frame(100)).toEqual(answer);
    await first.cut();
    const again = await open('userid=u');
    again.ws.send(frame('one', { id: 'c1' }));
    expect(await again.frame(100)).toEqual(answer);
    const v = await open('userid=v');
    await pushText(running.url, 'v', 'two');
    await v.gets(2);
    expect(v.contents).toEqual(['one', 'two']);
  });

  it('that is wrong is refused with the reason and its own id', async () => {
    const u = await open('userid=u');
    u.ws.send(frame('x', { id: 'bad', contact_id: '' }));
    const refusal = await u.frame(-1);
    expect(refusal.data).toEqual({ id: 'bad' });
    expect(refusal.result.message).toContain('data.contact_id');
  });

  it('never speaks as somebody else', async () => {
    const [u, v] = [await open('userid=u'), await open('userid=v')];
    u.ws.send(frame('x', { from_id: 'boss' }));
    await v.gets(1);
    expect(v.messages[0]?.data.contact_id).toBe('u');
  });

  it('keeps the order, however many there are', async () => {
    const [u, v] = [await open('userid=u'), await open('userid=v')];
    const count = 400;
    for (let at = 0; at < count; at += 1) u.ws.send(frame(`${at}`, { id: `c${at}` }));
    await v.gets(count);
    expect(v.contents).toEqual(Array.from({ length: count }, (_, at) => `${at}`));
    await eventually('all answers', () => answers(u).length === count);
    expect(answers(u).map(({ data }) => Number(data.id))).toEqual(v.ids);
  });
});

it('counts what was pushed, written and closed', async () => {
  const client = await open('userid=u');
  await pushText(running.url, 'u', 'x', { id: 'm' });
  await pushText(running.url, 'u', 'x', { id: 'm' });
  await push(running.url, {});
  await client.gets(1);
  await client.close();
  await open('userid=v');
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  for (const line of [
    'wxrc_official_sockets 1',
    'wxrc_official_pushes_total{result="accepted"} 1',
    'wxrc_official_pushes_total{result="repeated"} 1',
    'wxrc_official_pushes_total{result="refused"} 1',
    'wxrc_official_frames_total 1',
    'wxrc_official_closed_total{cause="client"} 1',
    'wxrc_im_sessions{transport="websocket"} 0',
  ]) {
    expect(metrics).toContain(line);
  }
});

describe('tokens of one user', () => {
  it('push as that user, and as nobody else', async () => {
    await running.restart({
      access: { open: false, tokens: [{ token: 'anna-token-0123456789', userId: 'anna' }] },
    });
    const to = (query: string) => `/send?access_token=anna-token-0123456789${query}`;
    const client = await open('userid=anna&access_token=anna-token-0123456789');
    await push(running.url, text('own', { contact_id: 'anna' }), to(''));
    await client.gets(1);
    expect(client.messages[0]?.data.contact_id).toBe('anna');
    const forged = await push(running.url, text('x', { contact_id: 'u', from_id: 'bea' }), to(''));
    expect(forged).toMatchObject({ status: 403, body: { result: { code: -1 } } });
  });
});

function answers(client: OfficialClient) {
  return client.frames.filter(({ result }) => result.code === 100);
}
