import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEnv } from '../config/env.ts';
import { runCli } from '../scripts/cli/main.ts';
import { AdminClient } from './support/admin-client.ts';
import { answerOf, post } from './support/chatbot-client.ts';
import { runInProcess } from './support/cli.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

/** A title, a wiped screen, both ranges of control characters, a turned line, a line of its own. */
const escapes = '\x1b]0;OWNED\x07\x1b[2J\x9b2K\u202e\u2066\x7f\rx\nbot01  ready';
const obeyed = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

let running: TestDaemon;
let local: Record<string, string>;
let chat = '';

beforeAll(async () => {
  running = await startDaemon({ apps: [{ appid: 7, secret: 'secret' }], chatbot: {} });
  local = { WXRC_DATA: running.dataDir, LANG: 'en_US.UTF-8' };
  const sessionId = randomUUID();
  const timestamp = '2026/11/22 15:30:00';
  await post(running.url, '/send', { sessionId, content: `zzqq ${escapes}`, timestamp });
  await answerOf(running.url, sessionId);
  const word = `7:${createHash('md5').update('secret').digest('hex')}`;
  await fetch(`${running.url}/auth/grant`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(word).toString('base64')}` },
    body: JSON.stringify({ uid: 1, user_name: `Anna${escapes}` }),
  });
  const { core } = running.daemon;
  await core.db.transaction((tx) =>
    core.events.record(tx, {
      ...{ type: 'botStatus', botcode: 'bot01', status: 'off', accountId: undefined },
      reason: `hi${escapes}`,
    }),
  );
  const admin = new AdminClient(() => running.url);
  await admin.login();
  const { body } = await admin.ok('GET', '/chatbot/chats');
  chat = String(body.items[0]?.id);
});
afterAll(() => running.close());

async function says(...args: string[]): Promise<string> {
  const { code, out, err } = await runInProcess(args, local);
  expect([args, code, err]).toEqual([args, 0, '']);
  return out;
}

const tail = ['events', 'tail', '--chid', 'demo', '--after', '0', '--types', 'botStatus'];

test.each([
  [['unanswered', 'list']],
  [['im', 'users']],
  [['im', 'user', '7', '1']],
  [['chat', 'show', 'CHAT']],
  [[...tail, '--count', '1']],
])(
  '%j shows what a terminal would obey, and no line of a stranger looks like ours',
  async (given) => {
    const out = await says(...given.map((word) => (word === 'CHAT' ? chat : word)));
    expect(out).toContain('OWNED');
    expect(out.replaceAll('\n', '')).not.toMatch(obeyed);
    expect(out).not.toMatch(/^bot01 {2}ready/m);
  },
);

test.each([
  [['unanswered', 'list', '--json']],
  [['im', 'user', '7', '1', '--json']],
  [[...tail, '--count', '1', '--json']],
])('%j says it to the letter', async (given) => {
  const out = await says(...given);
  expect(out.trimEnd()).not.toMatch(obeyed);
  expect(JSON.stringify(JSON.parse(out))).toContain(JSON.stringify(escapes).slice(1, -1));
});

test('what is refused is shown, too', async () => {
  for (const json of [[], ['--json']]) {
    const { code, err } = await runInProcess(['im', 'user', '7', escapes, ...json], local);
    expect(code).not.toBe(0);
    expect(err.replaceAll('\n', '')).not.toMatch(obeyed);
  }
});

test('a file goes to another program to the letter, and to a terminal shown', async () => {
  const admin = new AdminClient(() => running.url);
  await admin.login();
  await admin.ok('POST', '/chatbot/kb/entries', {
    title: 'Q\u202e',
    answer: 'one\x9btwo',
    kb: 'own',
  });
  const exported = async (isTTY: boolean): Promise<string> => {
    let out = '';
    const streams = { out: { write: (text: string) => (out += text), isTTY }, err: { write() {} } };
    await runCli(['kb', 'export', '--kb', 'own'], readEnv(local), streams);
    return out;
  };
  expect(await exported(false)).toContain('one\x9btwo');
  const shown = await exported(true);
  expect(shown).toContain('one\\x9btwo');
  expect(shown.replaceAll(/[\r\n]/g, '')).not.toMatch(obeyed);
});
