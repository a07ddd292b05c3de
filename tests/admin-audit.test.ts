import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminOperations } from '../api/admin/operations.ts';
import { VirtualClock } from '../bot/clock.ts';
import type { Database } from '../store/database.ts';
import { AdminClient } from './support/admin-client.ts';
import { BrowserClient } from './support/browser-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { pixel } from './support/pictures.ts';

interface Row {
  id: number;
  at: number;
  user: string;
  userId: number | null;
  role: string | null;
  via: string;
  address: string;
  operation: string;
  target: string;
  fields: string[];
  status: number | null;
}

let running: TestDaemon;
let admin: AdminClient;
const clock = new VirtualClock();

beforeAll(async () => {
  running = await startDaemon({}, { clock });
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

async function rows(query = ''): Promise<Row[]> {
  // The client checked them against the schema.
  return (await admin.ok('GET', `/audit?limit=200${query}`)).body.items as unknown as Row[];
}

/** What was written since the row before. */
async function since(work: () => Promise<unknown>): Promise<Row[]> {
  const [before] = await rows();
  await work();
  return (await rows()).filter((row) => row.id > (before?.id ?? 0));
}

describe('the audit tells', () => {
  test('who changed what, when, from where, and how it was answered', async () => {
    const { body } = await admin.ok('POST', '/tokens', { name: 'deployer', role: 'operator' });
    const program = new AdminClient(() => running.url);
    program.token = body.token;
    const written = await since(async () => {
      await program.ok('POST', '/bots/bot01/login');
      await clock.advance(1000);
      await admin.ok('PATCH', '/channels/demo', { name: 'Demo', ratePerMinute: 5 });
    });
    expect(written).toEqual([
      {
        ...{ id: expect.any(Number), at: clock.now(), user: 'admin', userId: 1, role: 'admin' },
        ...{ via: 'session', address: '127.0.0.1', operation: 'changeChannel', target: 'demo' },
        ...{ fields: ['name', 'ratePerMinute'], status: 200 },
      },
      {
        ...{ id: expect.any(Number), at: clock.now() - 1000, user: 'deployer', userId: null },
        ...{ role: 'operator', via: 'api', address: '127.0.0.1', operation: 'loginBot' },
        ...{ target: 'bot01', fields: [], status: 200 },
      },
    ]);
  });

  test('what was made, by its name', async () => {
    const written = await since(async () => {
      await admin.ok('POST', '/channels', { chid: 'fresh' });
      await admin.ok('POST', '/users', { username: 'carl', role: 'viewer' });
    });
    expect(written.map((row) => [row.operation, row.target, row.fields])).toEqual([
      ['addOperator', expect.stringMatching(/^\d+$/), ['username=carl', 'role=viewer']],
      ['addChannel', 'fresh', ['chid']],
    ]);
  });

  test('who got which role, by name; secrets never', async () => {
    const { body } = await admin.ok('POST', '/users', {
      username: 'Vera',
      password: 'S3CRET-pass-1',
    });
    const { id } = Object(body).user as { id: number };
    const written = await since(async () => {
      await admin.ok('PATCH', `/users/${id}`, { role: 'admin' });
      await admin.ok('PATCH', `/users/${id}`, { disabled: true });
      await admin.ok('POST', `/users/${id}/password`, { password: 'S3CRET-pass-2' });
      await admin.ok('DELETE', `/users/${id}`);
      await admin.ok('POST', '/tokens', { name: 'till' });
      await admin.ok('POST', '/users', { username: 'plain', password: 'S3CRET-pass-3' });
    });
    expect(written.map((row) => [row.operation, row.fields]).reverse()).toEqual([
      ['changeOperator', ['username=Vera', 'role=admin']],
      ['changeOperator', ['username=Vera', 'disabled=true']],
      ['resetOperatorPassword', ['username=Vera', 'password']],
      ['removeOperator', ['username=Vera']],
      ['createToken', ['name=till', 'role=operator']],
      // A role that was not named is one, too.
      ['addOperator', ['username=plain', 'role=viewer', 'password']],
    ]);
    expect(JSON.stringify(written)).not.toContain('S3CRET');
  });

  test('what was refused: for the role, for the body, for what is not there', async () => {
    const { body } = await admin.ok('POST', '/tokens', { name: 'looker', role: 'viewer' });
    const viewer = new AdminClient(() => running.url);
    viewer.token = body.token;
    const written = await since(async () => {
      await viewer.refused(403, 'DELETE', '/bots/bot01');
      await admin.refused(400, 'PATCH', '/channels/demo', { nonsense: 'S3CRET' });
      await admin.refused(404, 'POST', '/bots/none/login');
    });
    expect(written.map((row) => [row.user, row.operation, row.target, row.status])).toEqual([
      ['admin', 'loginBot', 'none', 404],
      ['admin', 'changeChannel', 'demo', 400],
      ['looker', 'removeBot', 'bot01', 403],
    ]);
    expect(await since(() => viewer.ok('GET', '/bots'))).toEqual([]);
    // A flood of refusals is written down so far, and no further.
    const flood = await since(async () => {
      for (let time = 0; time < 80; time += 1) await viewer.refused(403, 'POST', '/reload');
    });
    expect(flood.length).toBeGreaterThan(50);
    expect(flood.length).toBeLessThanOrEqual(61);
  });

  test('who came in, and who did not, never what was typed', async () => {
    const browser = new BrowserClient(() => running.url);
    const written = await since(async () => {
      await browser.login('S3CRET guess');
      await browser.login('S3CRET guess', 'S3CRET typed as a name');
      await browser.login();
      await browser.call('DELETE', '/session');
    });
    expect(written.map((row) => [row.user, row.operation, row.status])).toEqual([
      ['admin', 'closeSession', 204],
      ['admin', 'openSession', 201],
      ['', 'openSession', 401],
      ['admin', 'openSession', 401],
    ]);
  });
});

test('files that operators upload are in it too', async () => {
  const { body } = await admin.ok('POST', '/tokens', { name: 'uploader', role: 'operator' });
  const upload = (bytes: Uint8Array<ArrayBuffer>) =>
    fetch(`${running.url}/api/v1/files`, {
      method: 'POST',
      headers: { authorization: `Bearer ${body.token}` },
      body: bytes,
    });
  const written = await since(async () => {
    const answer = await upload(new Uint8Array(pixel));
    expect(answer.status).toBe(201);
    expect((await upload(new Uint8Array())).status).toBe(400);
  });
  expect(written.map((row) => [row.user, row.operation, row.target, row.status])).toEqual([
    ['uploader', 'uploadFile', '', 400],
    ['uploader', 'uploadFile', expect.stringMatching(/^[0-9a-f]{64}$/), 201],
  ]);
});

test('every operation that changes something leaves a row, whatever becomes of it', async () => {
  const changing = adminOperations.filter((one) => one.method !== 'get' && !one.open);
  // The last of them end our own session, or take long.
  const last = ['closeSession', 'changePassword', 'reload', 'createBackup'];
  const seen = new Set<string>();
  for (const one of changing.filter((each) => !last.includes(each.id))) {
    const path = one.path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
      /id$/i.test(name) ? '987654' : 'S0ME',
    );
    const body = one.method === 'delete' ? undefined : { unknown: 'S3CRET in a body' };
    const written = await since(() => admin.call(one.method.toUpperCase(), path, body));
    expect([one.id, written.map((row) => row.operation)]).toEqual([one.id, [one.id]]);
    expect([one.id, written[0]?.status]).toEqual([one.id, expect.any(Number)]);
    seen.add(one.id);
    // Refusals of one operator are bounded by the minute.
    await clock.advance(2000);
  }
  expect(seen.size).toBeGreaterThan(60);
});

test('no secret is in it, nor in the log', async () => {
  const secrets = ['S3CRET-key-of-a-channel', 'S3CRET-password-of-dora', 'S3CRET-new-password'];
  await admin.ok('POST', '/channels', { chid: 'secretive', key: secrets[0] });
  const { body } = await admin.ok('POST', '/users', {
    ...{ username: 'dora', role: 'operator', password: secrets[1] },
  });
  const dora = new BrowserClient(() => running.url);
  await dora.login(secrets[1], 'dora');
  const change = { current: secrets[1], password: secrets[2] };
  expect((await dora.call('POST', '/profile/password', { body: change })).status).toBe(204);
  const offer = await dora.call('POST', '/profile/totp', { body: { current: secrets[2] } });
  const made = await admin.ok('POST', '/tokens', { name: 'another' });
  const stored = JSON.stringify(await running.daemon.core.db.read('SELECT * FROM audit'));
  const told = JSON.stringify(await rows());
  for (const secret of [
    ...[...secrets, offer.body.secret, made.body.token, dora.cookie ?? '', dora.csrf ?? ''],
    ...['S3CRET', admin.token ?? '', String(body.password ?? 'S3CRET')],
  ]) {
    expect(secret.length).toBeGreaterThan(5);
    for (const where of [stored, told, running.log()]) expect(where).not.toContain(secret);
  }
});

test('it is narrowed, paged, and open to admins only', async () => {
  const all = await rows();
  const narrowed = await rows('&operation=changeChannel&target=demo&user=admin');
  expect(narrowed.length).toBeGreaterThan(1);
  expect(narrowed).toEqual(
    all.filter((row) => row.operation === 'changeChannel' && row.target === 'demo'),
  );
  const failed = await rows('&failed=true');
  expect(failed.length).toBeGreaterThan(3);
  expect(failed.every((row) => (row.status ?? 500) >= 400)).toBe(true);
  const middle = all[Math.floor(all.length / 2)]?.at ?? 0;
  expect((await rows(`&from=${middle}`)).every((row) => row.at >= middle)).toBe(true);
  expect((await rows(`&to=${middle}`)).every((row) => row.at < middle)).toBe(true);
  const paged: number[] = [];
  for (let cursor = ''; ; ) {
    const query = cursor === '' ? '' : `&cursor=${cursor}`;
    const { body } = await admin.ok('GET', `/audit?limit=7${query}`);
    paged.push(...body.items.map((row) => Number(row.id)));
    if (body.next === null || paged.length > 50) break;
    cursor = body.next;
  }
  expect(paged.slice(0, 40)).toEqual(all.slice(0, 40).map((row) => row.id));
  await admin.refused(400, 'GET', '/audit?nonsense=1');
  const { body } = await admin.ok('POST', '/tokens', { name: 'op', role: 'operator' });
  const program = new AdminClient(() => running.url);
  program.token = body.token;
  await program.refused(403, 'GET', '/audit');
});

test('a row stands on disk before anything is done: without one, nothing is', async () => {
  let full = false;
  const seen: unknown[] = [];
  const wrapDatabase = (db: Database): Database =>
    Object.create(db, {
      transaction: {
        value: (work: Parameters<Database['transaction']>[0], options?: { unguarded: true }) =>
          db.transaction(async (tx) => {
            if (!full) return work(tx);
            return work({
              ...tx,
              get: async (sql, params) => {
                seen.push(sql);
                if (/INTO audit/.test(sql)) throw new Error('disk full');
                return tx.get(sql, params);
              },
              run: (sql, params) => tx.run(sql, params),
              all: (sql, params) => tx.all(sql, params),
              onDurable: (done) => tx.onDurable(done),
              onRollback: (done) => tx.onRollback(done),
            });
          }, options),
      },
      read: { value: db.read.bind(db) },
      readLong: { value: db.readLong.bind(db) },
      insert: { value: db.insert.bind(db) },
      backup: { value: db.backup.bind(db) },
      close: { value: db.close.bind(db) },
    }) as Database;
  const other = await startDaemon({}, { wrapDatabase });
  try {
    const client = new AdminClient(() => other.url);
    await client.login();
    full = true;
    const answer = await client.call('POST', '/channels', { chid: 'unseen' });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    full = false;
    expect(seen.length).toBeGreaterThan(0);
    await client.refused(404, 'GET', '/channels/unseen');
  } finally {
    await other.close();
  }
});

test('what was under way when the daemon died is there, without an outcome', async () => {
  const { core } = running.daemon;
  const operator = await core.operators.identify(admin.token ?? '');
  if (operator === undefined) throw new Error('the session is over');
  const deed = { operator, address: '127.0.0.1', operation: 'removeBot', target: 'bot09' };
  await core.audit.begin(deed, []);
  await running.restart();
  const [row] = await rows('&failed=true&target=bot09');
  expect(row).toMatchObject({ operation: 'removeBot', status: null });
});
