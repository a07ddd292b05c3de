import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { VirtualClock } from '../bot/clock.ts';
import { codeAt } from '../bot/operators/totp.ts';
import { BrowserClient } from './support/browser-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let running: TestDaemon;
let browser: BrowserClient;
let clock: VirtualClock;

beforeEach(async () => {
  clock = new VirtualClock();
  addresses = 0;
  running = await startDaemon({}, { clock });
  browser = new BrowserClient(() => running.url);
});
afterEach(() => running.close());

let addresses: number;

/** Anna with the right password, from another address of this machine each time. */
async function knock(totp?: string): Promise<{ status: number; field: string | undefined }> {
  addresses += 1;
  const { status, body } = await browser.call('POST', '/session', {
    from: `127.0.${Math.floor(addresses / 250) + 1}.${(addresses % 250) + 1}`,
    body: {
      ...{ username: 'anna', password: 'correct horse', cookie: true },
      ...(totp !== undefined && { totp }),
    },
  });
  return { status, field: body.field };
}

describe('codes of an authenticator', () => {
  /** Turns them on for a new user. */
  async function enrol(): Promise<{ secret: string; recoveryCodes: string[]; url: string }> {
    await browser.login();
    const added = await browser.call('POST', '/users', {
      body: { username: 'anna', role: 'operator', password: 'correct horse' },
    });
    expect(added.status).toBe(201);
    const anna = new BrowserClient(() => running.url);
    await anna.login('correct horse', 'anna');
    const wrong = await anna.call('POST', '/profile/totp', { body: { current: 'guess guess' } });
    expect([wrong.status, wrong.body.field]).toEqual([400, 'current']);
    const offer = await anna.call('POST', '/profile/totp', { body: { current: 'correct horse' } });
    const { secret, url, qrSvg } = offer.body;
    expect(qrSvg).toMatch(/^<svg /);
    const early = await anna.call('POST', '/profile/totp/confirm', { body: { code: '000000' } });
    expect(early.status).toBe(400);
    const code = codeAt(secret, Math.floor(clock.now() / 30_000));
    const done = await anna.call('POST', '/profile/totp/confirm', { body: { code } });
    expect(done.status).toBe(200);
    return { secret, url, recoveryCodes: done.body.recoveryCodes };
  }
  const now = () => Math.floor(clock.now() / 30_000);

  test('are asked for after the password, and each counts once', async () => {
    const { secret, url } = await enrol();
    expect(url).toBe(
      `otpauth://totp/wxrc:anna?secret=${secret}&issuer=wxrc&algorithm=SHA1&digits=6&period=30`,
    );
    expect(await knock()).toMatchObject({ status: 401, field: 'totp' });
    // The code that turned them on is used up.
    expect(await knock(codeAt(secret, now()))).toMatchObject({ status: 401, field: 'totp' });
    await clock.advance(30_000);
    const code = codeAt(secret, now());
    expect((await knock(code)).status).toBe(201);
    expect(await knock(code)).toMatchObject({ status: 401, field: 'totp' });
    // Nor one before it, though its time is not quite over.
    expect((await knock(codeAt(secret, now() - 1))).status).toBe(401);
    await clock.advance(120_000);
    expect((await knock(codeAt(secret, now() - 2))).status).toBe(401);
    expect((await knock(codeAt(secret, now() + 2))).status).toBe(401);
    // A telephone that is half a minute late.
    expect((await knock(codeAt(secret, now() - 1))).status).toBe(201);
    const at = codeAt(secret, now());
    expect((await knock(`${at.slice(0, 3)} ${at.slice(3)}`)).status).toBe(201);
    await running.restart();
    expect((await knock(at)).status).toBe(401);
  });

  test('of two who show the same one at once let one in', async () => {
    const { secret } = await enrol();
    await clock.advance(30_000);
    const code = codeAt(secret, now());
    const all = await Promise.all([knock(code), knock(code), knock(code)]);
    expect(all.map((one) => one.status).sort()).toEqual([201, 401, 401]);
  });

  test('cannot be guessed', async () => {
    const { secret } = await enrol();
    await clock.advance(30_000);
    let looked = 0;
    for (let code = 0; code < 100; code += 1) {
      const { status } = await knock(String(code).padStart(6, '0'));
      if (status === 401) looked += 1;
    }
    expect(looked).toBeLessThanOrEqual(11);
    expect((await knock(codeAt(secret, now()))).status).toBe(429);
  });

  test('cannot be guessed while they are turned on either', async () => {
    await browser.login();
    const current = { current: 'test-password' };
    const { secret } = (await browser.call('POST', '/profile/totp', { body: current })).body;
    const confirm = (code: string) =>
      browser.call('POST', '/profile/totp/confirm', { body: { code } });
    const all = await Promise.all(
      Array.from({ length: 30 }, (_none, code) => confirm(String(code).padStart(6, '0'))),
    );
    expect(all.filter(({ status }) => status === 400)).toHaveLength(4);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(26);
    expect((await confirm(codeAt(secret, now()))).status).toBe(429);
    await clock.advance(60_000);
    expect((await confirm(codeAt(secret, now()))).status).toBe(200);
  });

  test('have recovery codes, each of which counts once, and new ones end those before', async () => {
    const { secret, recoveryCodes } = await enrol();
    expect(recoveryCodes).toHaveLength(10);
    const [first = '', second = '', third = ''] = recoveryCodes;
    expect((await knock(first)).status).toBe(201);
    expect(await knock(first)).toMatchObject({ status: 401, field: 'totp' });
    expect((await knock(second.toUpperCase().replaceAll('-', ' '))).status).toBe(201);
    await clock.advance(30_000);
    const anna = new BrowserClient(() => running.url);
    await anna.login('correct horse', 'anna', codeAt(secret, now()));
    expect((await anna.call('GET', '/profile')).body).toMatchObject({
      recoveryCodesLeft: 8,
      user: { totp: true },
    });
    const current = { body: { current: 'correct horse' } };
    const renewed = await anna.call('POST', '/profile/recovery-codes', current);
    expect((await knock(third)).status).toBe(401);
    expect((await knock(renewed.body.recoveryCodes[0])).status).toBe(201);
    // Nothing of it lies on disk in clear.
    const tables = await running.daemon.core.db.read(
      'SELECT * FROM operator_users AS u LEFT JOIN operator_recovery_codes AS c ON c.user_id = u.id',
    );
    const stored = Buffer.from(JSON.stringify(tables)).toString();
    expect(stored).not.toContain(secret);
    expect(stored).not.toContain(renewed.body.recoveryCodes[1].replaceAll('-', ''));
  });

  test('can be turned off by oneself with the password, and by an admin', async () => {
    const { secret } = await enrol();
    await clock.advance(30_000);
    const anna = new BrowserClient(() => running.url);
    await anna.login('correct horse', 'anna', codeAt(secret, now()));
    const { id } = (await anna.call('GET', '/session')).body.user;
    const body = { current: 'wrong password' };
    expect((await anna.call('POST', '/profile/totp/remove', { body })).status).toBe(400);
    expect((await browser.call('DELETE', `/users/${id}/totp`)).status).toBe(204);
    expect((await knock()).status).toBe(201);
  });
});
