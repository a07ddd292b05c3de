import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.ts';
import { maskedConfig } from './masked.ts';

const config = parseConfig({
  admin: { password: 'HIDE-admin' },
  channels: [
    {
      chid: 'erp',
      key: 'HIDE-key',
      oldKey: 'HIDE-old',
      callbackUrl: 'https://me:HIDE-pass@erp.example/cb?token=HIDE-query&x=1',
    },
  ],
  bots: [
    {
      botcode: 'bot02',
      driver: 'wechaty',
      puppet: 'wechaty-puppet-service',
      puppetOptions: { token: 'HIDE-token', deep: { anything: 'HIDE-deep' }, list: ['HIDE-list'] },
    },
  ],
  apps: [{ appid: 7, secret: 'HIDE-app' }],
  wechat: [
    {
      appid: 'wx1234567890abcdef',
      secret: 'HIDE-wechat',
      token: 'HIDEtoken',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      kind: 'miniprogram',
    },
  ],
  chatbot: { llm: { baseUrl: 'https://api.example/v1', apiKey: 'HIDE-llm', model: 'm' } },
  access: { open: false, tokens: ['HIDE-plain', { token: 'HIDE-bound', userId: 'joe' }] },
});

it('nothing that opens a door is shown', () => {
  const shown = JSON.stringify(maskedConfig(config));
  expect(shown).not.toMatch(/HIDE|abcdefghijklmnop/);
  expect(JSON.stringify(config)).toMatch(/HIDE-admin/);
});

it('what helps to understand it is', () => {
  expect(maskedConfig(config)).toMatchObject({
    http: { port: 8080 },
    admin: { username: 'admin', password: '***' },
    channels: [
      { chid: 'erp', key: '***', callbackUrl: 'https://me:***@erp.example/cb?token=***&x=1' },
    ],
    bots: [{ puppetOptions: { token: '***', deep: { anything: '***' }, list: ['***'] } }],
    chatbot: { llm: { model: 'm', maxTokens: 1024, tokensPerDay: 0 } },
    access: { open: false, tokens: ['***', { token: '***', userId: 'joe', agent: false }] },
  });
});

describe('an address in the config', () => {
  const shownOf = (callbackUrl: string) =>
    maskedConfig(parseConfig({ channels: [{ chid: 'erp', key: 'k', callbackUrl }] }));

  // Whatever is called key, secret, token, password, or sign somewhere in its name.
  it.each(['signkey', 'skey', 'keyhash', 'presigned', 'mytokens', 'KEYID', 'passwordhint'])(
    'is shown without %s',
    (name) => {
      expect(shownOf(`https://erp.example/cb?${name}=HIDE&x=1`)).toMatchObject({
        channels: [{ callbackUrl: `https://erp.example/cb?${name}=***&x=1` }],
      });
    },
  );

  it('of a report, too; and headers and bodies', () => {
    const part = { expr: '0 9 * * *', targets: [{ botcode: 'b', roomTopic: 'r' }] };
    const shown = maskedConfig(
      parseConfig({
        reports: [
          {
            ...{ name: 'a', ...part },
            source: {
              ...{ type: 'http', url: 'https://erp.example/a?keyhash=HIDE&x=1', method: 'POST' },
              ...{ headers: { accept: 'HIDE' }, body: { cookie: 'HIDE', auth: { n: 4711 } } },
            },
          },
        ],
      }),
    );
    expect(JSON.stringify(shown)).not.toMatch(/HIDE|4711/);
  });
});
