import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../store/database.ts';
import { type Answer, CommandClient } from './support/command-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

const text = { text: '你好', roomTopic: '测试群' };
const channel = (chid: string, extra: object = {}): object => ({ chid, key: 'secret', ...extra });

let daemon: TestDaemon;
let client: CommandClient;
/** What the next transaction of a command runs into. */
let failure: Error | undefined;

/** Lets transactions fail as a full or broken disk would. */
function breakable(db: Database): Database {
  return new Proxy(db, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      const writes = name === 'transaction' || name === 'insert';
      if (writes && failure !== undefined) return () => Promise.reject(failure);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

beforeAll(async () => {
  daemon = await startDaemon(
    {
      channels: [
        channel('demo'),
        channel('one-bot', { bots: ['bot01'] }),
        channel('no-bot', { bots: [] }),
        channel('texts', { commands: ['roomSendText', 'roomSendImage'] }),
        channel('elsewhere', { addresses: ['10.0.0.0/8', '2001:db8::/32'] }),
        channel('here', { addresses: ['192.0.2.1', '127.0.0.0/8'] }),
        channel('slow', { ratePerMinute: 2 }),
      ],
      bots: ['bot01', 'bot02'].map((botcode) => ({
        ...{ botcode, driver: 'simulator', autoStart: false },
      })),
    },
    { wrapDatabase: breakable },
  );
  client = new CommandClient(() => daemon.url);
});
afterAll(async () => {
  failure = undefined;
  client?.close();
  await daemon?.close();
});

const call = (chid: string, name = 'roomSendText', head: object = {}): Promise<Answer> =>
  client.call(name, name === 'roomSendText' ? text : {}, { head: { chid, ...head } });

describe('rights', () => {
  it('cover bots: 21 for one that is there but not for this channel', async () => {
    expect((await call('one-bot')).rtCode).toBe('0');
    expect((await call('one-bot', 'roomSendText', { botcode: 'bot02' })).rtCode).toBe('21');
    expect((await call('one-bot', 'roomList', { botcode: 'bot02' })).rtCode).toBe('21');
    expect((await call('one-bot', 'roomSendText', { botcode: 'bot03' })).rtCode).toBe('11');
    expect((await call('no-bot')).rtCode).toBe('21');
  });

  it('cover commands, under each of their names', async () => {
    expect((await call('texts')).rtCode).toBe('0');
    const image = { file: 'https://example.com/a.png', roomTopic: '测试群' };
    for (const name of ['roomSendImg', 'roomSendImage']) {
      const answer = await client.call(name, image, { head: { chid: 'texts' } });
      expect(answer.rtCode).toBe('0');
    }
    for (const name of ['login', 'logout', 'botStatus', 'roomSendApp', 'msgStatus']) {
      expect((await call('texts', name)).rtCode).toBe('21');
    }
  });

  it('cover source addresses, told only to who has the key', async () => {
    expect((await call('here')).rtCode).toBe('0');
    expect((await call('elsewhere')).rtCode).toBe('21');
    const options = { head: { chid: 'elsewhere' }, key: 'wrong' };
    expect((await client.call('roomSendText', text, options)).rtCode).toBe('13');
  });

  it('are looked at before the body', async () => {
    const answer = await client.call('roomSendText', {}, { head: { chid: 'no-bot' } });
    expect(answer.rtCode).toBe('21');
  });

  it('end at messages of other channels and bots', async () => {
    const { msgid } = await call('demo');
    for (const head of [{ chid: 'here' }, { botcode: 'bot02' }]) {
      for (const name of ['msgStatus', 'msgCancel', 'botQueue']) {
        expect((await client.call(name, { msgid }, { head })).rtCode).toBe('32');
      }
    }
    expect((await client.call('msgStatus', { msgid })).rtCode).toBe('0');
  });
});

it('too many commands a minute: 34, saying how long to wait', async () => {
  expect((await call('slow', 'botStatus')).rtCode).toBe('0');
  expect((await call('slow', 'botStatus')).rtCode).toBe('0');
  const third = await call('slow', 'botStatus');
  expect(third).toMatchObject({ rtCode: '34', rtMsg: expect.stringMatching(/\d+ 秒/) });
  // Who cannot sign does not use the channel's turns up.
  expect((await call('demo', 'botStatus')).rtCode).toBe('0');
});

describe('when the daemon is at fault', () => {
  const broken = (error: Error): Promise<Answer> => {
    failure = error;
    return call('demo').finally(() => {
      failure = undefined;
    });
  };

  it('database: 22, and the same request is good once it is well again', async () => {
    const full = Object.assign(new Error('database or disk is full: /var/lib/wxrc.db'), {
      code: 'SQLITE_FULL',
    });
    const answer = await broken(full);
    expect(answer.rtCode).toBe('22');
    expect(JSON.stringify(answer)).not.toMatch(/full|SQLITE|var/);
    const request = client.request('roomSendText', text);
    failure = full;
    expect(JSON.parse((await client.raw(request)).text)).toMatchObject({
      resBody: { rtCode: '22' },
    });
    failure = undefined;
    expect(JSON.parse((await client.raw(request)).text)).toMatchObject({
      resBody: { rtCode: '0' },
    });
  });

  it('anything else: 23, of which only the log knows more', async () => {
    const answer = await broken(new TypeError('undefined is not a function, /opt/wxrc/bot.ts:1'));
    expect(answer.rtCode).toBe('23');
    expect(JSON.stringify(answer)).not.toMatch(/undefined|opt|TypeError/);
    expect(daemon.log()).toContain('undefined is not a function');
  });
});

it('answers in the language of the config', async () => {
  expect((await call('demo', 'botStatus')).rtMsg).toBe('成功');
  await daemon.restart({ language: 'en' });
  expect((await call('demo', 'botStatus')).rtMsg).toBe('success');
  expect((await call('demo', 'roomSendText', { txtime: '1' })).rtMsg).toMatch(
    /^reqHead field illegal/,
  );
});
