import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { endStrayHosts } from '../bot/automation/drivers/wechaty/wechaty.ts';
import { CommandClient } from './support/command-client.ts';
import { eventually, startDaemon, type TestDaemon } from './support/daemon.ts';
import { type ServedPuppet, servePuppet } from './support/puppet-farm.ts';

let running: TestDaemon | undefined;
let served: ServedPuppet | undefined;

afterEach(async () => {
  if (running !== undefined) await endStrayHosts(join(running.dataDir, 'wechaty'), new Set());
  await running?.close();
  await served?.close();
  running = undefined;
  served = undefined;
});

describe('the daemon on a puppet service', () => {
  test('QR code, login, command, message, restart: logged in again and nothing repeated', async () => {
    served = await servePuppet();
    const { puppet } = served;
    const room = puppet.addRoom('验收群', ['张三']);
    running = await startDaemon({
      bots: [
        {
          botcode: 'bot01',
          driver: 'wechaty',
          puppet: 'wechaty-puppet-service',
          puppetOptions: served.options,
        },
      ],
    });
    const client = new CommandClient(() => running?.url ?? '');
    await eventually(() => stateIs('scan'), 'a QR code');
    puppet.scan();
    puppet.enter();
    await eventually(() => stateIs('ready'), 'ready');
    const answer = await client.call('roomSendText', { text: '你好', roomTopic: '验收群' });
    expect(answer.rtCode).toBe('0');
    await eventually(() => puppet.seenIn(room.id).length === 1, 'the message');
    await eventually(async () => {
      const { sendStatus } = await client.call('msgStatus', { msgid: answer.msgid });
      return sendStatus === '1';
    }, 'sent');

    await running.restart();
    await eventually(() => stateIs('ready'), 'ready again');
    await client.call('roomSendText', { text: '又来', roomTopic: '验收群' });
    await eventually(() => puppet.seenIn(room.id).length === 2, 'the second message');
    expect(puppet.seenIn(room.id).map(({ text }) => text)).toEqual(['你好', '又来']);
    expect(running.log()).not.toContain(served.token);
  });

  test('its server dies and comes back: what was accepted meanwhile leaves once', async () => {
    served = await servePuppet();
    const { puppet } = served;
    puppet.keepLogin();
    const room = puppet.addRoom('断线群', ['张三']);
    running = await startDaemon({
      bots: [
        {
          botcode: 'bot01',
          driver: 'wechaty',
          puppet: 'wechaty-puppet-service',
          puppetOptions: served.options,
        },
      ],
    });
    const client = new CommandClient(() => running?.url ?? '');
    await eventually(() => stateIs('ready'), 'ready');
    await served.down();
    await eventually(async () => !(await stateIs('ready')), 'not ready');
    const answer = await client.call('roomSendText', { text: '等着', roomTopic: '断线群' });
    expect(answer).toMatchObject({ rtCode: '0', sendStatus: '0' });
    await served.up();
    await eventually(() => puppet.seenIn(room.id).length > 0, 'the message', 20_000);
    await eventually(() => stateIs('ready'), 'ready again', 20_000);
    expect(puppet.seenIn(room.id)).toHaveLength(1);
  });
});

describe('the daemon on a local puppet', () => {
  test('its host outlives the daemon; the next daemon has the bot ready without a QR code', async () => {
    running = await startDaemon({ bots: [] });
    const journal = join(running.dataDir, 'journal');
    const config = {
      bots: [
        {
          botcode: 'bot01',
          driver: 'wechaty',
          puppet: fileURLToPath(new URL('./support/card-puppet.ts', import.meta.url)),
          puppetOptions: { account: { id: 'wxid_host', name: '宿主' }, journal, room: '宿主群' },
        },
      ],
    };
    await running.restart(config);
    await eventually(() => stateIs('ready'), 'ready', 20_000);
    const record = join(running.dataDir, 'wechaty', 'hosts', 'bot01.json');
    await eventually(() => existsSync(record), 'the host');
    const hostPid = Number(JSON.parse(readFileSync(record, 'utf8')).pid);
    await running.restart(config);
    await eventually(() => stateIs('ready'), 'ready again', 20_000);
    expect(JSON.parse(readFileSync(record, 'utf8')).pid).toBe(hostPid);
    const lines = readFileSync(journal, 'utf8').split('\n');
    expect(lines.filter((line) => line === 'scan')).toHaveLength(1);
    expect(lines).not.toContain('stop');
    expect(lines).not.toContain('logout');
  });
});

/** The bot's state as the admin API tells it. */
async function stateIs(state: string): Promise<boolean> {
  return running?.daemon.core.bots.get('bot01')?.view().state === state;
}
