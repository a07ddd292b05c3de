import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { eventually } from './support/eventually.ts';
import { OfficialClient, push, pushText } from './support/official-client.ts';

let running: TestDaemon;
let url: string;
beforeAll(async () => {
  running = await startDaemon();
  url = running.url;
});
afterAll(() => running.close());

/** All that somebody gets who has nothing; what is pushed now is the last of it. */
async function contentsOf(userid: string): Promise<unknown[]> {
  const last = await pushText(url, userid, 'last');
  const client = await OfficialClient.open(url, `userid=${userid}&since=0`);
  await eventually('the last', () => client.ids.includes(last));
  client.ws.terminate();
  return client.contents.slice(0, -1);
}

describe('a name that was given already', () => {
  const said = (contact: object, more: object = {}) => ({
    data: { msg_type: 'text', id: 'n1', msg: { content: 'one', to: 1 }, ...contact, ...more },
  });

  it('refuses whatever says something else, and names the message', async () => {
    const first = await push(url, said({ contact_id: 'u' }));
    const id = first.body.data.id;
    for (const more of [
      { msg: { content: 'two', to: 1 } },
      { msg: { content: 'one' } },
      { name: 'N' },
      { avatar: 'a' },
      { company_id: 'c' },
      { msg_type: 'link', msg: { content: 'one', to: 1, url: 'http://u' } },
    ]) {
      const refused = await push(url, said({ contact_id: 'u' }, more));
      expect(refused).toMatchObject({ status: 400, body: { data: {}, result: { code: -1 } } });
      expect(refused.body.result.message).toContain('data.id');
      expect(refused.body.result.message).toContain(String(id));
    }
    // The same, in other words.
    const same = said({ contact_id: 'u' }, { msg: { to: 1, content: 'one' }, name: '' });
    expect(await push(url, same)).toEqual(first);
    expect(await contentsOf('u')).toEqual(['one']);
  });

  it('is for the same receivers too', async () => {
    const first = await push(url, said({ contact_ids: ['x', 'y'] }));
    expect(await push(url, said({ contact_ids: ['y', 'x'] }))).toMatchObject({ body: first.body });
    expect((await push(url, said({ contact_ids: ['x', 'z'] }))).status).toBe(400);
    expect(await contentsOf('z')).toEqual([]);
  });

  it('is refused on a socket, with the name', async () => {
    const client = await OfficialClient.open(url, 'userid=alice');
    const say = (content: string): void =>
      client.ws.send(
        JSON.stringify({
          data: { id: '1', msg_type: 'text', contact_id: 'bob', msg: { content } },
        }),
      );
    for (const content of ['first', 'second', 'first']) say(content);
    const done = await client.frame(100, 1);
    expect(done).toEqual(await client.frame(100));
    const refused = await client.frame(-1);
    expect(refused.data).toEqual({ id: '1' });
    expect(refused.result.message).toContain(String(done.data.id));
    client.ws.terminate();
    expect(await contentsOf('bob')).toEqual(['first']);
  });
});

describe('XML that comes again', () => {
  const xml = (to: string, time: string | number, more: Record<string, string> = {}): string => {
    const fields = {
      ...{ ToUserName: to, FromUserName: 'openid', CreateTime: String(time), MsgType: 'text' },
      ...{ Content: 'hi', MsgId: '23456789012345678', ...more },
    };
    const inner = Object.entries(fields).map(([name, value]) => `<${name}>${value}</${name}>`);
    return `<xml>${inner.join('')}</xml>`;
  };
  const send = async (body: string): Promise<string | undefined> =>
    (await push(url, body, '/send')).body.data.id;
  const now = Math.floor(Date.now() / 1000);

  it('to the letter, as WeChat says it again, is the same message', async () => {
    const ids = await Promise.all([1, 2, 3].map(() => send(xml('retry', now - 5))));
    expect(new Set(ids).size).toBe(1);
    expect(await contentsOf('retry')).toEqual(['hi']);
  });

  it('is another one with anything else in it', async () => {
    const bodies = [
      xml('other', now),
      xml('other', now - 1),
      xml('other', now, { MsgId: '23456789012345679' }),
      xml('other', now, { Content: 'ho' }),
      xml('other', now, { FromUserName: 'somebody' }),
      xml('other', now, { MsgId: '' }),
    ];
    const ids = [];
    for (const body of bodies) ids.push(await send(body));
    expect(new Set(ids).size).toBe(bodies.length);
    expect(await contentsOf('other')).toHaveLength(bodies.length);
  });

  it('comes each time as in the examples of the document, which are of years ago', async () => {
    for (const time of ['1976-04-10 12:21:47', 1_348_831_860, now - 90_000]) {
      const ids = [await send(xml('example', time)), await send(xml('example', time))];
      expect(new Set(ids).size, String(time)).toBe(2);
    }
    const nobody = xml('example', now, { FromUserName: '' });
    expect(await send(nobody)).not.toBe(await send(nobody));
  });
});
