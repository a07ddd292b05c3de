import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BotsRig, settings } from '../../../tests/support/bots-rig.ts';

const card = '{"cookies":"wxsid=plain-card-text"}';
const token = 'puppet_service_plain-token';

test('sessions and puppet tokens lie sealed on disk, and are there after a restart', async () => {
  const rig = await BotsRig.open();
  try {
    await rig.bots.applyConfig([
      settings('b', {
        driver: 'wechaty',
        puppet: 'wechaty-puppet-service',
        puppetOptions: { token },
        autoStart: false,
      }),
    ]);
    await rig.bots.start();
    await rig.bots.sessions.save('b', 'first');
    await rig.bots.sessions.save('b', card);
    for (const file of readdirSync(rig.dataDir)) {
      const bytes = readFileSync(join(rig.dataDir, file));
      expect(bytes.includes('plain-card-text'), file).toBe(false);
      expect(bytes.includes('plain-token'), file).toBe(false);
    }
    expect(rig.log).not.toMatch(/plain-card-text|plain-token/);
    await rig.restart();
    expect(await rig.bots.sessions.load('b')).toBe(card);
    expect(rig.bots.get('b')?.settings.puppetOptions).toEqual({ token });
    await rig.bots.sessions.forget('b');
    expect(await rig.bots.sessions.load('b')).toBeUndefined();

    // With another key nothing can be opened: a QR code is shown, nothing breaks.
    await rig.bots.sessions.save('b', card);
    rmSync(join(rig.dataDir, 'secret.key'));
    await rig.restart();
    expect(await rig.bots.sessions.load('b')).toBeUndefined();
  } finally {
    await rig.close();
  }
});
