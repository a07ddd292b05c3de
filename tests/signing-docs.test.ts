import { execFile, spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

/** The programs of docs/signing.md, in its order. */
const programs = [
  ...readFileSync(join(import.meta.dirname, '../docs/signing.md'), 'utf8').matchAll(
    /^```(\w+)\n([\s\S]*?)^```$/gm,
  ),
].map(([, language = '', source = '']) => ({ language, source }));

/** How a language's program is run, if its runtime is here; `java` by itself compiles and runs. */
const runtimes: Record<string, { file: string; command: string[] }> = {
  sh: { file: 'send.sh', command: ['sh'] },
  java: { file: 'SendText.java', command: ['java'] },
  python: { file: 'send.py', command: ['python3'] },
  php: { file: 'send.php', command: ['php'] },
  go: { file: 'send.go', command: ['go', 'run'] },
  js: { file: 'send.cjs', command: [process.execPath] },
};
const needed: Record<string, string[]> = { sh: ['curl', 'openssl'] };

function isHere(language: string): boolean {
  const commands = [runtimes[language]?.command[0] ?? '', ...(needed[language] ?? [])];
  const versions: Record<string, string> = { openssl: 'version', go: 'version', sh: '-c:' };
  return commands.every((command) => {
    const argument = command === 'sh' ? ['-c', ':'] : [versions[command] ?? '--version'];
    return spawnSync(command, argument, { stdio: 'ignore' }).status === 0;
  });
}

const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let folder: string;
let daemon: TestDaemon;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-signing-'));
  writeFileSync(join(folder, 'private.pem'), privateKey);
  daemon = await startDaemon({ channels: [{ chid: 'docs', key: 'schlüssel 密钥', publicKey }] });
});
afterAll(async () => {
  await daemon?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function run(language: string, source: string, extra: Record<string, string>) {
  const runtime = runtimes[language];
  if (runtime === undefined) throw new Error(`no runtime for ${language}`);
  const [command = '', ...args] = runtime.command;
  const file = join(folder, runtime.file);
  writeFileSync(file, source);
  const env = {
    ...process.env,
    // Java reads its environment in the locale's charset.
    LC_ALL: 'C.UTF-8',
    WXRC_URL: daemon.url,
    WXRC_CHID: 'docs',
    WXRC_KEY: 'schlüssel 密钥',
    WXRC_BOT: 'bot01',
    WXRC_ROOM: '维修 A 群',
    WXRC_PRIVATE_KEY: join(folder, 'private.pem'),
    ...extra,
  };
  const output = await new Promise<string>((resolve, reject) => {
    execFile(command, [...args, file], { env, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stderr}`));
    });
  });
  return (JSON.parse(output) as { resBody: Record<string, unknown> }).resBody;
}

it('has a program for every language it promises', () => {
  expect(programs.map((one) => one.language)).toEqual([
    ...['sh', 'java', 'python', 'php', 'go', 'js', 'sh', 'sh'],
  ]);
});

const senders = programs.slice(0, 6);

describe.each(['MD5', 'HMAC-SHA256'])('signed with %s', (type) => {
  it.each(senders.filter((one) => isHere(one.language)))(
    'the $language program sends its text',
    async ({ language, source }) => {
      const answer = await run(language, source, { WXRC_SIGNATURE: type });
      expect(answer).toMatchObject({ rtCode: '0', msgid: expect.any(Number), sendStatus: '0' });
    },
  );

  it('a program with another key is refused', async () => {
    const { language, source } = senders[5] ?? { language: '', source: '' };
    const answer = await run(language, source, { WXRC_SIGNATURE: type, WXRC_KEY: 'other' });
    expect(answer['rtCode']).toBe('13');
  });
});

it.skipIf(!isHere('sh'))('the GET program asks for the state', async () => {
  const answer = await run('sh', programs[6]?.source ?? '', {});
  expect(answer).toMatchObject({ rtCode: '0', botStatus: 'logout' });
});

it.skipIf(!isHere('sh'))('the RSA program needs no header and no shared key', async () => {
  const answer = await run('sh', programs[7]?.source ?? '', { WXRC_KEY: 'unused' });
  expect(answer).toMatchObject({ rtCode: '0', sendStatus: '0' });
});
