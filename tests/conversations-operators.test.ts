import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { eventually } from './support/eventually.ts';
import { ServiceScene } from './support/service-scene.ts';

// What operators see of conversations, and do with them: over HTTP, in the shell, in metrics.

let scene: ServiceScene;
let sandbox: ServiceScene['sandbox'];
let admin: ServiceScene['admin'];

beforeAll(async () => {
  scene = await ServiceScene.open();
  ({ sandbox, admin } = scene);
});
afterAll(() => scene.close());

// Each test has a desk of its own, or none.
beforeEach(() => scene.closeDesks());

test('operators look, answer, assign, release, name', async () => {
  await scene.openDesk(505, 506);
  await admin.ok('PUT', `/im/desks/${scene.storeId}/sellers/506/status`, { status: 'offline' });
  for (const other of ['oAmy', 'oBob', 'oCid', 'oDan']) await sandbox.say(other, { text: '嗨' });
  await sandbox.say('oFay', { text: '你好' });
  const found = await eventually('the conversation', async () => {
    const { items } = (await admin.ok('GET', '/im/conversations?text=oFa&via=wechat')).body;
    return items[0];
  });
  const path = `/im/conversations/${found.id}`;
  expect(found).toMatchObject({
    contact: 'oFay',
    agent: '505',
    storeId: scene.storeId,
    waiting: false,
  });
  const answered = (await admin.ok('POST', `${path}/messages`, { text: '稍等' })).body;
  expect(answered.agent).toBe('505');
  expect(await scene.seenBy('oFay', 1)).toEqual(['稍等']);
  const history = (await admin.ok('GET', `${path}/messages?limit=1`)).body;
  expect(history.items).toMatchObject([
    { by: 'agent', agent: '505', content: { type: 'text', text: '稍等' } },
  ]);
  const older = (await admin.ok('GET', `${path}/messages?cursor=${history.next}`)).body;
  expect(older).toMatchObject({ items: [{ by: 'customer', agent: null }], next: null });

  await admin.refused(400, 'PATCH', path, { agent: 'nobody' });
  await admin.refused(404, 'PATCH', path, { storeId: 99 });
  await admin.refused(404, 'GET', '/im/conversations/99999');
  await admin.refused(400, 'GET', '/im/conversations?cursor=x');
  const changed = (await admin.ok('PATCH', path, { agent: '506', name: '费' })).body;
  expect(changed).toMatchObject({ agent: '506', name: '费' });
  expect((await admin.ok('PATCH', path, { agent: null })).body.agent).toBeNull();
  expect((await admin.ok('GET', path)).body.name).toBe('费');
  await sandbox.say('oFay', { text: '喂' });
  await eventually(
    'the one on duty',
    async () => (await admin.ok('GET', path)).body.agent === '505',
  );

  const pages: string[] = [];
  for (let cursor = ''; ; ) {
    const { body } = await admin.ok('GET', `/im/conversations?limit=2${cursor}`);
    pages.push(...body.items.map((one) => one.contact));
    if (body.next === null) break;
    cursor = `&cursor=${body.next}`;
  }
  expect(pages[0]).toBe('oFay');
  expect(new Set(pages).size).toBe(pages.length);
  expect(pages.length).toBeGreaterThan(4);
});

test('the command line does the same', async () => {
  const local = { WXRC_DATA: scene.running.dataDir, LANG: 'en_US.UTF-8' };
  const says = async (...args: string[]): Promise<string[]> => {
    const { code, out, err } = await runInProcess(['conversation', ...args], local);
    expect([args, code, err]).toEqual([args, 0, '']);
    return out
      .trimEnd()
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' ').trimEnd());
  };
  await scene.openDesk(507, 508);
  await admin.ok('PUT', `/im/desks/${scene.storeId}/sellers/508/status`, { status: 'offline' });
  await sandbox.say('oGus', { text: '你好' });
  const [, line = ''] = await eventually('the list', async () => {
    const lines = await says('list', 'oGus', '--via', 'wechat', '--limit', '5');
    return lines.length > 1 && lines;
  });
  const id = line.split(' ')[0] ?? '';
  expect(line.split(' ').slice(3)).toEqual(['wechat', 'oGus', '-', `${scene.storeId}`, '507', '-']);
  const [said] = await says('say', id, '稍等');
  expect(said).toMatch(/^message \d+ sent \(as 507\)$/);
  expect(await scene.seenBy('oGus', 1)).toEqual(['稍等']);
  expect(await says('assign', id, '508')).toEqual([`${id} wechat oGus - ${scene.storeId} 508`]);
  const shown = await says('show', id);
  expect(shown.map((one) => one.replace(/\d{4}-\S+ \S+/, 'T'))).toEqual([
    `${id} wechat oGus - ${scene.storeId} 508`,
    'T > oGus 你好',
    'T < 507 稍等',
  ]);
  expect(await says('assign', id, 'none')).toEqual([`${id} wechat oGus - ${scene.storeId} -`]);
  expect(await says('list', '--waiting')).toHaveLength(1);
});

test('metrics tell who waits, and how many were answered', async () => {
  await sandbox.say('oHal', { text: '有人吗' });
  const read = async () => (await fetch(`${scene.running.url}/metrics`)).text();
  const metrics = await eventually('one waits', async () => {
    const all = await read();
    return all.includes('wxrc_conversations_waiting 1') && all;
  });
  expect(metrics).toMatch(/wxrc_conversation_answers_total\{via="wechat"\} [1-9]/);
});
