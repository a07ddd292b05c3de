import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ruleSchema } from '../config/chatbot-schema.ts';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { processorMs } from './support/processor.ts';

const hours = {
  name: 'hours',
  pattern: '营业时间',
  reply: { type: 'text', text: '九点到六点' },
};
let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  running = await startDaemon({ bots: [], chatbot: { starter: false }, rules: [hours] });
  admin = new AdminClient(() => running.url);
  await admin.login();
});
afterAll(() => running.close());

interface RuleView {
  id: number;
  name: string;
  source: string;
  hits: number;
}

async function test(text: string, more: object = {}): Promise<{ hit?: string; all: string[] }> {
  const { body } = await admin.ok('POST', '/chatbot/rules/test', { text, ...more });
  const { hit, matching } = body as unknown as { hit: RuleView | null; matching: RuleView[] };
  return { ...(hit !== null && { hit: hit.name }), all: matching.map(({ name }) => name) };
}

async function add(rule: object): Promise<number> {
  const body = { reply: { type: 'text', text: 'x' }, ...rule };
  return Number((await admin.ok('POST', '/chatbot/rules', body)).body.id);
}

async function list(): Promise<RuleView[]> {
  return (await admin.ok('GET', '/chatbot/rules')).body.items as unknown as RuleView[];
}

const card = {
  ...{ appid: 'wx1', username: 'gh_1', title: '店铺', description: '' },
  ...{ pagePath: 'p', thumbUrl: 'https://x.test/a.png', thumbKey: 'k'.repeat(512) },
};
/** As `roomSendApp` spells it. */
const { pagePath: pagepath, thumbUrl: thumbnailUrl, ...asSent } = card;
const spelled = { ...asSent, pagepath, thumbnailUrl };

describe('a rule', () => {
  it('answers with a card, spelled as we or as roomSendApp do', async () => {
    const reply = { type: 'card', ...card };
    for (const given of [reply, { type: 'card', ...spelled }]) {
      const body = { name: 'card', pattern: '店铺', reply: given };
      const added = await admin.ok('POST', '/chatbot/rules', body);
      const { id } = added.body;
      expect(added.body).toMatchObject({ reply });
      const changed = await admin.ok('PATCH', `/chatbot/rules/${id}`, { reply: given });
      expect(changed.body).toMatchObject({ reply });
      await admin.ok('DELETE', `/chatbot/rules/${id}`);
    }
    const entry = {
      kb: 'k',
      title: '店铺在哪',
      answer: '这里',
      reply: { type: 'card', card: spelled },
    };
    const { body } = await admin.ok('POST', '/chatbot/kb/entries', entry);
    expect(body).toMatchObject({ reply: { type: 'card', card } });
    expect(
      ruleSchema.parse({ name: 'n', pattern: 'p', reply: { type: 'card', ...spelled } }),
    ).toMatchObject({ reply });
    const none = { name: 'none', pattern: 'x', reply: { type: 'card', ...asSent, thumbnailUrl } };
    const refused = await admin.call('POST', '/chatbot/rules', none);
    expect(refused).toMatchObject({ status: 400, body: { field: 'reply.pagePath' } });
  });

  it('matches in its way, in any width and case', async () => {
    const ids = [
      await add({ name: 'exact', kind: 'exact', pattern: 'VIP' }),
      await add({ name: 'prefix', kind: 'prefix', pattern: '查询' }),
      await add({ name: 'regex', kind: 'regex', pattern: '^订单\\d{4,}$' }),
    ];
    expect(await test('ｖｉｐ！')).toEqual({ hit: 'exact', all: ['exact'] });
    expect(await test('vip 多少钱')).toEqual({ all: [] });
    expect((await test('查询余额')).hit).toBe('prefix');
    expect((await test('我要查询')).hit).toBeUndefined();
    expect((await test('订单12345')).hit).toBe('regex');
    expect((await test('我的订单12345')).hit).toBeUndefined();
    expect((await test('你们营业时间是？')).hit).toBe('hours');
    for (const id of ids) await admin.ok('DELETE', `/chatbot/rules/${id}`);
  });

  it('of the highest priority answers; then the oldest', async () => {
    const low = await add({ name: 'low', pattern: '价', priority: -1 });
    const first = await add({ name: 'first', pattern: '价' });
    const second = await add({ name: 'second', pattern: '价格' });
    const high = await add({ name: 'high', kind: 'regex', pattern: '价.', priority: 9 });
    expect((await test('价格')).all).toEqual(['high', 'first', 'second', 'low']);
    await admin.ok('PATCH', `/chatbot/rules/${high}`, { enabled: false });
    await admin.ok('PATCH', `/chatbot/rules/${low}`, { priority: 5 });
    expect((await test('价格')).all).toEqual(['low', 'first', 'second']);
    for (const id of [low, first, second, high]) await admin.ok('DELETE', `/chatbot/rules/${id}`);
  });

  it('answers where it is meant to', async () => {
    const scope = { channels: ['room'], rooms: ['r1'], mentioned: true };
    const id = await add({ name: 'there', pattern: '签到', scope });
    const at = { channel: 'room', roomId: 'r1', mentioned: true };
    expect((await test('签到', at)).hit).toBe('there');
    expect((await test('签到', { ...at, roomId: 'r2' })).hit).toBeUndefined();
    expect((await test('签到', { ...at, mentioned: false })).hit).toBeUndefined();
    expect((await test('签到')).hit).toBeUndefined();
    await admin.ok('DELETE', `/chatbot/rules/${id}`);
  });

  it('never takes the word that the product answers itself', async () => {
    const id = await add({ name: 'all', kind: 'regex', pattern: '.' });
    expect((await test('Help')).hit).toBeUndefined();
    expect((await test('help me')).hit).toBe('all');
    const exact = { name: 'x', kind: 'exact', pattern: 'HELP', reply: hours.reply };
    const refused = await admin.refused(400, 'POST', '/chatbot/rules', exact);
    expect(refused.body).toMatchObject({ field: 'pattern' });
    await admin.ok('DELETE', `/chatbot/rules/${id}`);
  });

  it.each([
    ['(a)\\1', '反向引用'],
    ['(?=a)', '环视'],
    ['(((a{30}){30}){30})', '状态'],
  ])('%s is refused, and why', async (pattern, reason) => {
    const rule = { name: 'evil', kind: 'regex', pattern, reply: hours.reply };
    const refused = await admin.refused(400, 'POST', '/chatbot/rules', rule);
    expect(refused.body).toMatchObject({ field: 'pattern' });
    expect(refused.body.detail).toContain(reason);
  });

  it('that would ruin others takes a few milliseconds of the daemon', async () => {
    const evil = ['(a+)+$', '(a|aa)*$', '(.*)*x', '((a*)*)*$', '(a?){30}a{30}b'];
    const ids: number[] = [];
    for (const pattern of evil) ids.push(await add({ name: pattern, kind: 'regex', pattern }));
    const { rules } = running.daemon.core.chatbot.knowhow;
    const took = processorMs(() => {
      for (let round = 0; round < 10; round++) {
        rules.test({ text: `${'a'.repeat(100_000)}!`, channel: 'room' });
      }
    });
    expect(took / 10).toBeLessThan(150);
    for (const id of ids) await admin.ok('DELETE', `/chatbot/rules/${id}`);
  });
});

describe('rules of the config', () => {
  it('are changed in the file; they keep their number and their hits', async () => {
    const [rule] = await list();
    expect(rule).toMatchObject({ name: 'hours', source: 'config', hits: 0 });
    await admin.refused(409, 'PATCH', `/chatbot/rules/${rule?.id}`, { priority: 1 });
    await admin.refused(409, 'DELETE', `/chatbot/rules/${rule?.id}`);
    const mine = await add({ name: 'mine', pattern: '地址' });
    const { rules } = running.daemon.core.chatbot.knowhow;
    expect(rules.match({ text: '营业时间', channel: 'mpweixin' })?.rule.id).toBe(rule?.id);
    rules.answered(Number(rule?.id));
    await expect.poll(async () => (await list())[0]?.hits).toBe(1);

    const changed = { ...hours, reply: { type: 'text', text: '全天' } };
    await running.restart({ rules: [changed, { ...hours, name: 'new', priority: -1 }] });
    expect(await list()).toMatchObject([
      { id: rule?.id, reply: { text: '全天' }, hits: 1 },
      { id: mine, name: 'mine', source: 'admin' },
      { name: 'new', source: 'config' },
    ]);
    await running.restart({ rules: [] });
    expect((await list()).map(({ name }) => name)).toEqual(['mine']);
  });
});
