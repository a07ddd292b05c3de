import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runInProcess } from './support/cli.ts';
import { oneOfEach } from './support/customers.ts';
import { eventually } from './support/eventually.ts';
import { ServiceScene } from './support/service-scene.ts';

// Answers of operators whose answer was lost: asked for again, they are said once, by every way.

let scene: ServiceScene;
let admin: ServiceScene['admin'];
let customers: ReturnType<typeof oneOfEach>;

beforeAll(async () => {
  scene = await ServiceScene.open();
  ({ admin } = scene);
  await scene.openDesk(502);
  const place = () => ({ url: scene.running.url, imPort: scene.running.daemon.imPort ?? 0 });
  customers = oneOfEach(place, admin, scene.sandbox);
});
afterAll(() => scene.close());

const pathOf = async (via: keyof typeof customers): Promise<string> =>
  `/im/conversations/${await customers[via].id()}/messages`;

describe.each(['wechat', 'imbot', 'gobelieve', 'chat'] as const)('a customer by %s', (via) => {
  it('reads once what was asked for three times, over a restart', async () => {
    const customer = customers[via];
    await customer.ask('在吗');
    const path = await pathOf(via);
    const said = { text: '在的', txcode: `console:${via}` };
    const [first, second] = await Promise.all([
      admin.ok('POST', path, said),
      admin.ok('POST', path, said),
    ]);
    await scene.restart();
    const third = await admin.ok('POST', path, said);
    expect(first.body.agent).toBe('502');
    expect([second.body, third.body]).toEqual([first.body, first.body]);
    // What comes behind it shows that nothing is still on its way.
    await admin.ok('POST', path, { text: '请讲' });
    await eventually('both', async () => (await customer.heard()).length >= 2);
    expect(await customer.heard()).toEqual(['在的', '请讲']);
    const { items } = (await admin.ok('GET', path)).body;
    const answers = items.filter((one) => one.by === 'agent').map((one) => one.content['text']);
    expect(answers).toEqual(['请讲', '在的']);
  });
});

it('other words, or another customer, under the same number are refused', async () => {
  await customers.imbot.ask('多少钱');
  await customers.wechat.ask('多少钱');
  const path = await pathOf('imbot');
  await admin.ok('POST', path, { text: '九块九', txcode: 'price' });
  const before = await customers.wechat.heard();
  const refused = await admin.refused(409, 'POST', path, { text: '十块', txcode: 'price' });
  expect(refused.body).toMatchObject({ code: 'duplicate_request' });
  await admin.refused(409, 'POST', await pathOf('wechat'), { text: '九块九', txcode: 'price' });
  for (const txcode of ['', 'x'.repeat(65), 7]) {
    await admin.refused(400, 'POST', path, { text: '九块九', txcode });
  }
  // Half characters would be kept as one and the same.
  for (const half of ['s\ud800', 's\ud801', 's\0']) {
    const { body } = await admin.refused(400, 'POST', path, { text: '九块九', txcode: half });
    expect(body).toMatchObject({ field: 'txcode', detail: expect.stringMatching(/须为有效文本/) });
  }
  for (const seen of [-1, 1.5, '1']) await admin.refused(400, 'POST', path, { text: '在', seen });
  expect((await customers.imbot.heard()).filter((one) => one !== '九块九')).not.toContain('十块');
  expect(await customers.wechat.heard()).toEqual(before);
});

it('a chat that is over by now still knows what was said in it', async () => {
  const { chat } = customers;
  await chat.ask('再见');
  const path = await pathOf('chat');
  const { body } = await admin.ok('POST', path, { text: '再会', txcode: 'bye' });
  await chat.leave();
  await admin.refused(409, 'POST', path, { text: '再见' });
  expect((await admin.ok('POST', path, { text: '再会', txcode: 'bye' })).body).toEqual(body);
});

it('the command line may number its answers, too', async () => {
  const local = { WXRC_DATA: scene.running.dataDir, LANG: 'en_US.UTF-8' };
  const id = String(await customers.imbot.id());
  const say = async (): Promise<string> => {
    const args = ['conversation', 'say', id, '马上', '--txcode', 'cli-1'];
    const { code, out, err } = await runInProcess(args, local);
    expect([code, err]).toEqual([0, '']);
    return out;
  };
  expect(await say()).toBe(await say());
  expect((await customers.imbot.heard()).filter((one) => one === '马上')).toHaveLength(1);
});
