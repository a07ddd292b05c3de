import { afterEach, expect, test } from 'vitest';
import type { Database } from '../store/database.ts';
import { AdminClient } from './support/admin-client.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { noDisk, SmallDisk } from './support/small-disk.ts';

let running: TestDaemon | undefined;
let disk: SmallDisk | undefined;
afterEach(async () => {
  await running?.close();
  running = undefined;
  disk?.remove();
  disk = undefined;
});

/** What comes with the product would be taken in while a test counts bytes. */
const chatbot = { starter: false };

/** Every family that takes work, and what it says while there is no room. */
async function askAll(url: string): Promise<Record<string, unknown>> {
  const post = async (path: string, body: object | string, headers = {}): Promise<string> => {
    const response = await fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = await response.text();
    expect(text).not.toMatch(/SQLITE|ENOSPC|database or disk/);
    return `${response.status} ${text}`;
  };
  const client = new CommandClient(() => url);
  const command = await client.call('roomSendText', { roomTopic: '测试群', text: 'new' });
  client.close();
  return {
    command: command.rtCode,
    imbot: await post('/api/imbot/msg', {
      fromUserId: 'a',
      toUserId: 'b',
      msg: { type: 'text', reply: 'x', timestamp: 1 },
    }),
    imbotUser: await post('/api/imbot/user', { id: 'a', role: 'C' }),
    official: await post('/im_component/wx_official_account/send', {
      data: { contact_id: 'a', msg_type: 1001, msg: { content: 'x' } },
    }),
    chatbot: await post('/mpweixin/chatbot/send', {
      sessionId: 's',
      content: 'x',
      timestamp: '2026/01/01 00:00:00',
    }),
    gobelieve: await post('/auth/grant', { uid: 1 }),
  };
}

test('a disk that fills up: new work is refused in every family, what was accepted is kept, and it opens again by itself', async ({
  skip,
}) => {
  disk = SmallDisk.make(48);
  if (disk === undefined) return skip(noDisk);
  running = await startDaemon({ disk: { reserveMb: 8 }, chatbot }, { dataDir: disk.folder });
  const { url } = running;
  const client = new CommandClient(() => url);
  const head = { txcode: 'kept' };
  const kept = await client.call('roomSendText', { roomTopic: '测试群', text: 'kept' }, { head });
  expect(kept.rtCode).toBe('0');
  disk.fill(4 * 1024 * 1024);
  await eventually(() => running?.daemon.core.storage.full, 'full');
  const refused = await askAll(url);
  expect(refused).toEqual({
    command: '22',
    imbot: expect.stringMatching(/^507 \{"error":/),
    imbotUser: expect.stringMatching(/^507 \{"error":/),
    official: expect.stringMatching(/^507 .*"code":-1/),
    chatbot: expect.stringMatching(/^200 \{"code":507,.*"data":\{\}/),
    gobelieve: expect.stringMatching(/^507 \{"meta":\{"code":507/),
  });
  // Asked again, what was accepted is answered as it was; and it goes on: its end is written.
  const again = await client.call('roomSendText', { roomTopic: '测试群', text: 'kept' }, { head });
  expect([again.rtCode, again.msgid]).toEqual(['0', kept.msgid]);
  const admin = new AdminClient(() => url);
  await admin.login();
  for (const act of ['scan', 'confirm']) {
    await eventually(
      async () => (await fetch(`${url}/simulator/bot01/${act}`, { method: 'POST' })).ok,
      act,
    );
  }
  await eventually(
    async () => (await admin.ok('GET', `/sends/${kept.msgid}`)).body.state === 'sent',
    'it leaves',
  );
  disk.empty();
  await eventually(async () => {
    const answer = await client.call('roomSendText', { roomTopic: '测试群', text: 'after' });
    return answer.rtCode === '0';
  }, 'room');
  client.close();
});

test('to the last byte: nothing acknowledged is lost, and it goes on when there is room', async ({
  skip,
}) => {
  disk = SmallDisk.make(40);
  if (disk === undefined) return skip(noDisk);
  running = await startDaemon({ disk: { reserveMb: 0 }, chatbot }, { dataDir: disk.folder });
  const { url } = running;
  const client = new CommandClient(() => url);
  disk.fill(0);
  const accepted: number[] = [];
  let refused = 0;
  const text = '长'.repeat(600);
  for (let i = 0; i < 400 && refused < 5; i += 1) {
    const answer = await client.call('roomSendText', { roomTopic: '测试群', text: `${i}${text}` });
    if (answer.rtCode === '0') accepted.push(Number(answer.msgid));
    else {
      expect(answer.rtCode).toBe('22');
      refused += 1;
    }
  }
  expect(refused).toBe(5);
  expect((await fetch(`${url}/ready`)).status).toBe(503);
  disk.empty();
  await eventually(async () => {
    const answer = await client.call('roomSendText', { roomTopic: '测试群', text: 'after' });
    return answer.rtCode === '0';
  }, 'room');
  await eventually(async () => (await fetch(`${url}/ready`)).status === 200, 'ready');
  for (const msgid of accepted) {
    expect((await client.call('msgStatus', { msgid })).rtCode).toBe('0');
  }
  client.close();
});

test('a database that refuses: every family says so in its own form, and nothing inner', async () => {
  let broken = false;
  const full = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' }));
  running = await startDaemon(
    {},
    {
      wrapDatabase: (db) =>
        Object.assign(Object.create(db) as Database, {
          transaction: ((work, options) =>
            broken ? full() : db.transaction(work, options)) as Database['transaction'],
          insert: ((row, unless, onDurable) =>
            broken ? full() : db.insert(row, unless, onDurable)) as Database['insert'],
          read: db.read.bind(db),
          readLong: db.readLong.bind(db),
          backup: db.backup.bind(db),
          close: db.close.bind(db),
        }),
    },
  );
  broken = true;
  const answers = await askAll(running.url);
  broken = false;
  expect(answers).toMatchObject({
    command: '22',
    imbot: expect.stringMatching(/^507 \{"error":/),
    imbotUser: expect.stringMatching(/^507 \{"error":/),
    official: expect.stringMatching(/^507 .*"code":-1/),
    chatbot: expect.stringMatching(/^200 \{"code":507/),
  });
});
