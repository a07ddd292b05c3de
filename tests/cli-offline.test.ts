import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runInProcess, spawnCli } from './support/cli.ts';
import { WebhookSink } from './support/webhook-sink.ts';

// What the command line does without a daemon.
let folder: string;
const sink = new WebhookSink();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-cli-'));
  await sink.start();
});
afterAll(async () => {
  await sink.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function fails(code: number, said: RegExp, ...args: string[]): Promise<void> {
  const result = await runInProcess(args, { LANG: 'en_US.UTF-8' });
  expect([result.code, result.out]).toEqual([code, '']);
  expect(result.err).toMatch(said);
}

test('sign works offline with a key, and on bytes as they are', async () => {
  const file = join(folder, 'body.json');
  writeFileSync(file, '{"reqHead": {}, "reqBody": {} }\n');
  const nowhere = { WXRC_DATA: join(folder, 'nothing-here') };
  const { code, out } = await spawnCli(
    ['sign', '--chid', 'demo', '--key', 'k', '--body-exact', file, '--json'],
    nowhere,
  );
  expect(code).toBe(0);
  // md5sum of the bytes of the file followed by "k".
  expect(JSON.parse(out)).toMatchObject({ signature: 'cb5b8d2fe37d081994db9af52b432efd' });
  const keyless = await runInProcess(['sign', 'login', '--chid', 'demo', '--bot', 'b'], nowhere);
  expect([keyless.code, keyless.out]).toEqual([1, '']);
});

test('without a daemon: exit 3, also when one was killed and left its note', async () => {
  const data = mkdtempSync(join(folder, 'data-'));
  const none = await runInProcess(['bot', 'list'], { WXRC_DATA: data, LANG: 'en_US' });
  expect([none.code, none.err]).toEqual([3, expect.stringMatching(/no daemon runs on/)]);
  writeFileSync(join(data, 'daemon.json'), JSON.stringify({ url: 'http://127.0.0.1:1', pid: 1 }));
  const gone = await runInProcess(['bot', 'list', '--json'], { WXRC_DATA: data, LANG: 'en_US' });
  expect(gone.code).toBe(3);
  expect(JSON.parse(gone.err)).toEqual({
    error: { exitCode: 3, message: expect.stringMatching(/does not answer/) },
  });
});

test('a faulty config: every fault, exit 78; doctor goes on with what it can', async () => {
  const file = join(folder, 'faulty.json');
  writeFileSync(file, '{ "http": { "port": 99999 }, "colour": 1, "bots": [{}] }');
  const checked = await spawnCli(['config', 'check', '--config', file, '--lang', 'en']);
  expect([checked.code, checked.out]).toEqual([78, '']);
  for (const fault of ['http.port', 'colour', 'bots[0].botcode']) {
    expect(checked.err).toContain(fault);
  }
  const asJson = await runInProcess(['config', 'check', '--config', file, '--json']);
  expect(asJson.code).toBe(78);
  expect(JSON.parse(asJson.out).faults.length).toBeGreaterThanOrEqual(3);
  const doctor = await runInProcess(['doctor', '--config', file, '--json']);
  expect(doctor.code).toBe(1);
  const failed = JSON.parse(doctor.out).findings.filter(
    (one: { status: string }) => one.status === 'fail',
  );
  expect(failed.every((one: { check: string }) => one.check === 'config')).toBe(true);
  const example = new URL('../config/example.jsonc', import.meta.url).pathname;
  expect((await runInProcess(['config', 'check', '--config', example])).code).toBe(0);
});

test('doctor names peers that cannot be reached and puppets that are not there', async () => {
  const file = join(folder, 'peers.json');
  writeFileSync(
    file,
    JSON.stringify({
      dataDir: './doctor-data',
      channels: [
        { chid: 'up', key: 'k', callbackUrl: sink.url },
        { chid: 'down', key: 'k', callbackUrl: 'http://127.0.0.1:1/cb' },
      ],
      bots: [
        {
          botcode: 'real',
          driver: 'wechaty',
          puppet: 'wechaty-puppet-none',
          puppetOptions: { endpoint: '127.0.0.1:1', token: 'T0KEN' },
        },
      ],
    }),
  );
  const { code, out } = await runInProcess(['doctor', '--config', file, '--json', '--lang', 'en']);
  const findings = JSON.parse(out).findings as { check: string; status: string; detail: string }[];
  const status = (check: string) =>
    findings.filter((one) => one.check === check).map((one) => one.status);
  expect(code).toBe(1);
  expect([status('channel up'), status('channel down')]).toEqual([['ok'], ['warn']]);
  expect(status('bot real')).toEqual(['fail', 'warn']);
  expect(out).not.toContain('T0KEN');
});

test('help in both languages; unknown words and options are exit 2', async () => {
  const help = await spawnCli(['help'], { LANG: 'en_US.UTF-8' });
  expect(help.code).toBe(0);
  for (const name of [
    'start',
    'doctor',
    'channel add',
    'bot login',
    'send text',
    'sign',
    'events tail',
    'dead redrive',
    'trace',
    'backup',
    'restore',
    'migrate',
    'config check',
  ]) {
    expect(help.out).toContain(`  ${name} `);
  }
  expect(help.out).toContain('Exit codes: 0 done');
  expect((await runInProcess([], { LANG: 'zh_CN.UTF-8' })).out).toContain('退出码');
  expect((await runInProcess(['help', 'sign', '--lang', 'en'])).out).toContain('--body-exact');
  expect((await runInProcess(['channel', '--help', '--lang', 'en'])).out).toContain(
    'channel rotate',
  );
  expect((await runInProcess(['channel', 'add', '-h', '--lang', 'en'])).out).toContain(
    'Usage: wxrc channel add CHID',
  );
  await fails(2, /no command “fly away”/, 'fly', 'away');
  await fails(2, /there is no option/, 'bot', 'list', '--bogus');
  const config = join(folder, 'english.json');
  writeFileSync(config, '{ "language": "en" }');
  const english = await runInProcess(['config', 'check', '--config', config], { LANG: 'zh_CN' });
  expect(english.out).toBe('the config is good\n');
  // Help, and what is said of words that are no command, as well; options may stand anywhere.
  for (const line of [
    ['help', '--config', config],
    ['--config', config, 'help'],
    ['--config', config],
    ['help', 'channel', `--config=${config}`],
  ]) {
    expect((await runInProcess(line, { LANG: 'zh_CN' })).out).toContain('Usage: ');
  }
  const unknown = await runInProcess(['--config', config, 'bogus'], { LANG: 'zh_CN' });
  expect(unknown.err).toContain('there is no command');
});
