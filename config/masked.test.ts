import { expect, it } from 'vitest';
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
