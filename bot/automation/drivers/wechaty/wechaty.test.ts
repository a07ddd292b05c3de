import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { botSchema } from '../../../../config/bot-schema.ts';
import { createLogger } from '../../../../config/logger.ts';
import { RealClock } from '../../../clock.ts';
import { capabilitiesOf, readPuppetSettings, secretsIn } from './puppet-settings.ts';
import { createWechatyFactory } from './wechaty.ts';

const entry = fileURLToPath(new URL('./wechaty.ts', import.meta.url));

test('a daemon that only has simulated bots loads no puppet library', () => {
  const packages = new Set<string>();
  const files = new Set<string>();
  walk(entry, files, packages);
  expect(files.size).toBeGreaterThan(10);
  expect([...packages].filter((name) => /wechaty|grpc|file-box|memory-card/.test(name))).toEqual(
    [],
  );
});

test('capabilities come from the puppet, corrected by the settings', () => {
  const web = botSchema.parse({ botcode: 'a', puppet: 'wechaty-puppet-wechat4u' });
  expect(capabilitiesOf(web)).toMatchObject({ text: true, image: true, miniProgram: false });
  const corrected = { botcode: 'a', puppetOptions: { token: 't', capabilities: { echo: false } } };
  expect(capabilitiesOf(botSchema.parse(corrected))).toMatchObject({ echo: false, text: true });
});

test('what a puppet cannot send is unsupported, connected or not', async () => {
  const bot = botSchema.parse({ botcode: 'a', puppet: 'wechaty-puppet-wechat4u' });
  const driver = createWechatyFactory()(bot, {
    clock: new RealClock(),
    logger: createLogger('silent'),
    sessions: { load: async () => undefined, save: async () => {}, forget: async () => {} },
    dataDir: '/nowhere',
  });
  const card = {
    appid: '',
    username: '',
    title: '',
    description: '',
    pagePath: '',
    thumbUrl: '',
  };
  const to = { kind: 'room', id: 'x@chatroom' } as const;
  await expect(driver.sendMiniProgram(to, card, { ref: '1' })).rejects.toMatchObject({
    fault: 'unsupported',
  });
  await expect(driver.sendText(to, 'x', { ref: '1' })).rejects.toMatchObject({ fault: 'offline' });
  await driver.stop();
});

test('options of ours do not reach a local puppet; its own do', () => {
  const bot = botSchema.parse({
    botcode: 'a',
    puppet: 'wechaty-puppet-padlocal',
    puppetOptions: { token: 'puppet_padlocal_x', capabilities: { file: false } },
  });
  expect(readPuppetSettings(bot)).toEqual({
    kind: 'hosted',
    module: 'wechaty-puppet-padlocal',
    options: { token: 'puppet_padlocal_x' },
  });
});

test('secrets are known by their names and by their looks', () => {
  const options = {
    token: 'short',
    nested: { apiKey: 'abcd', other: 'AKIA0123456789ABCD' },
    endpoint: 'gateway.example.com:8788',
    note: 'a sentence with blanks in it',
    file: '/var/lib/puppet/cache',
  };
  expect(secretsIn(options)).toEqual(['short', 'abcd', 'AKIA0123456789ABCD']);
});

/** Follows imports that are there at run time; `import()` is what may be late. */
function walk(file: string, files: Set<string>, packages: Set<string>): void {
  if (files.has(file) || !existsSync(file)) return;
  files.add(file);
  const source = readFileSync(file, 'utf8');
  for (const [, what = '', from = ''] of source.matchAll(/^import ([^;]*?)from '([^']+)';/gms)) {
    if (what.startsWith('type ')) continue;
    if (from.startsWith('.')) walk(join(dirname(file), from), files, packages);
    else packages.add(from);
  }
}
