import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AdminClient } from './support/admin-client.ts';
import { startDaemon, type TestDaemon } from './support/daemon.ts';

let folder: string;
let file: string;
let running: TestDaemon;
let admin: AdminClient;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-knowledge-'));
  file = join(folder, 'shop.csv');
  writeFileSync(file, 'q,a,indexes\n怎么退货,七天内可退,我要退货\n几点开门,九点,\n');
  running = await startDaemon({ bots: [], chatbot: { knowledge: [file], starter: true } });
  admin = new AdminClient(() => running.url);
  await admin.login();
  await settled();
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

async function settled(): Promise<void> {
  await running.daemon.core.chatbot.knowhow.sources.settled;
}

interface Trial {
  verdict: string;
  corrected: string | null;
  found: { entry: number; kb: string; title: string; score: number }[];
  words: string[];
}

async function ask(question: string, kb?: string): Promise<Trial> {
  const body = { question, ...(kb !== undefined && { kb }) };
  return (await admin.ok('POST', '/chatbot/kb/test', body)).body as unknown as Trial;
}

async function bases(): Promise<string[]> {
  const { body } = await admin.ok('GET', '/chatbot/kb');
  return (body.items as unknown as { kb: string }[]).map(({ kb }) => kb);
}

async function upload(query: string, bytes: string | Uint8Array<ArrayBuffer>, type?: string) {
  const response = await fetch(`${running.url}/api/v1/chatbot/kb/import?${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${admin.token}`,
      ...(type !== undefined && { 'content-type': type }),
    },
    body: bytes,
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('knowledge that comes with the product, and from files', () => {
  it("answers the document's own question", async () => {
    const trial = await ask('请问BGP协议实验ping不通怎么办?');
    expect(trial.verdict).toBe('direct');
    expect(trial.found[0]).toMatchObject({ kb: 'network-lab', title: 'BGP实验中两端ping不通' });
    expect((await ask('今天天气怎么样')).verdict).toBe('miss');
    expect((await ask('给我讲个笑话')).verdict).toBe('miss');
  });

  it('is taken again when it has changed, and only then', async () => {
    const [before] = (await ask('我要退货')).found;
    expect(before).toMatchObject({ kb: 'shop', title: '怎么退货' });
    await admin.ok('PATCH', `/chatbot/kb/entries/${before?.entry}`, { answer: '改过' });
    await running.restart();
    await settled();
    const kept = await admin.ok('GET', `/chatbot/kb/entries/${before?.entry}`);
    expect(kept.body).toMatchObject({ answer: '改过' });

    writeFileSync(file, 'q,a,indexes\n怎么退货,三天内可退,我要退货\n停车收费吗,不收,\n');
    await running.restart();
    await settled();
    const changed = await admin.ok('GET', `/chatbot/kb/entries/${before?.entry}`);
    expect(changed.body).toMatchObject({ answer: '三天内可退' });
    expect((await ask('几点开门', 'shop')).verdict).not.toBe('direct');
    expect((await ask('停车要收费吗')).found[0]).toMatchObject({ title: '停车收费吗' });
  });

  it('answers nobody once there is an entry of one’s own, but trials that want it', async () => {
    const question = '请问BGP协议实验ping不通怎么办?';
    const verdict = async (more = {}): Promise<string> => {
      const body = { question, ...more };
      const { body: trial } = await admin.ok('POST', '/chatbot/kb/test', body);
      return (trial as unknown as Trial).verdict;
    };
    const resting = async () => {
      const { items } = (await admin.ok('GET', '/chatbot/kb')).body;
      return (items as unknown as { resting: number }[]).map((one) => one.resting > 0);
    };
    await running.restart({ chatbot: {} });
    await settled();
    expect([await verdict(), await resting()]).toEqual(['direct', [false, false]]);
    const own = { kb: 'own', title: '怎么退货', answer: '七天内' };
    const { id } = (await admin.ok('POST', '/chatbot/kb/entries', own)).body;
    expect([await verdict(), await resting()]).toEqual(['miss', [true, false, true]]);
    expect(await verdict({ starter: true })).toBe('direct');
    expect(await verdict({ kb: 'network-lab' })).toBe('direct');
    await running.restart({ chatbot: { starter: true } });
    await settled();
    expect(await verdict()).toBe('direct');
    await running.restart({ chatbot: {} });
    await settled();
    expect(await verdict()).toBe('miss');
    await admin.ok('PATCH', `/chatbot/kb/entries/${id}`, { enabled: false });
    expect(await verdict()).toBe('direct');
    await admin.ok('PATCH', `/chatbot/kb/entries/${id}`, { enabled: true });
    expect(await verdict()).toBe('miss');
    await admin.ok('DELETE', `/chatbot/kb/entries/${id}`);
    expect(await verdict()).toBe('direct');
    await running.restart();
    await settled();
  });

  it('goes when it is named no more', async () => {
    expect(await bases()).toEqual(['network-lab', 'shop', 'wxrc']);
    await running.restart({ chatbot: { starter: false } });
    await settled();
    expect(await bases()).toEqual([]);
    await running.restart();
    await settled();
    expect(await bases()).toEqual(['network-lab', 'shop', 'wxrc']);
  });
});

describe('operators', () => {
  it('add, read, change, find and remove an entry', async () => {
    const entry = { kb: 'desk', title: '怎么申请门禁卡', answer: '找前台', phrases: ['办门禁'] };
    const added = (await admin.ok('POST', '/chatbot/kb/entries', entry)).body;
    expect(added).toMatchObject({ kb: 'desk', source: 'admin', enabled: true, hits: 0 });
    expect((await ask('门禁怎么办呀')).found[0]).toMatchObject({ entry: added.id });
    const path = `/chatbot/kb/entries/${added.id}`;
    const phrase = { text: '刷卡进门的卡丢了' };
    expect((await admin.ok('POST', `${path}/phrases`, phrase)).body).toEqual({ added: true });
    expect((await admin.ok('POST', `${path}/phrases`, phrase)).body).toEqual({ added: false });
    expect((await ask('刷卡进门的卡')).found[0]).toMatchObject({ entry: added.id });
    const changed = await admin.ok('PATCH', path, { title: '怎么申请工牌', enabled: false });
    expect(changed.body).toMatchObject({ id: added.id, title: '怎么申请工牌', answer: '找前台' });
    expect((await ask('申请工牌', 'desk')).found).toEqual([]);
    const list = await admin.ok('GET', '/chatbot/kb/entries?kb=desk');
    expect(list.body.items).toMatchObject([
      { id: added.id, phrases: [{ text: '办门禁' }, { text: '刷卡进门的卡丢了' }] },
    ]);
    await admin.ok('DELETE', path);
    await admin.refused(404, 'GET', path);
  });

  it('are told what is wrong with an entry', async () => {
    const entry = { kb: 'desk', title: '？', answer: '好' };
    const refused = await admin.refused(400, 'POST', '/chatbot/kb/entries', entry);
    expect(refused.body).toMatchObject({ field: 'title' });
    await admin.refused(400, 'POST', '/chatbot/kb/entries', { ...entry, kb: 'a b' });
    const asked = { kb: 'desk', question: '几点上班', answer: '九点' };
    const { body } = await admin.ok('POST', '/chatbot/kb/entries', asked);
    expect(body).toMatchObject({ title: '几点上班' });
    await admin.ok('DELETE', `/chatbot/kb/entries/${body.id}`);
    const nameless = await admin.refused(400, 'POST', '/chatbot/kb/entries', {
      ...asked,
      question: undefined,
    });
    expect(nameless.body).toMatchObject({ field: 'title' });
    await admin.refused(404, 'PATCH', '/chatbot/kb/entries/99999', { answer: 'x' });
  });

  it('import files in any spelling, again without change, with the lines at fault', async () => {
    const query = 'format=csv&kb=imported&source=one';
    const csv = '\uFEFFq,a,indexes\r\n"问题 ""一""",答一,"甲\n乙"\r\n,无题\r\n问题二,答二,\r\n';
    const first = await upload(query, csv);
    expect(first).toMatchObject({ status: 200, body: { added: 2, faulty: 1 } });
    expect(first.body['faults']).toEqual([{ line: 4, reason: '没有问题' }]);
    expect((await upload(query, csv)).body).toMatchObject({ added: 0, unchanged: 2 });
    const markdown = '# 安装\n先装 Node。\n## 升级\n先备份再升级。';
    const document = await upload('format=markdown&kb=book&name=book', markdown);
    expect(document.body).toMatchObject({ added: 2, faulty: 0 });
    expect((await ask('升级前要做什么', 'book')).found[0]).toMatchObject({ title: '安装 › 升级' });
    const replaced = await upload(`${query}&replace=true`, 'q,a\n问题二,答二\n');
    expect(replaced.body).toMatchObject({ removed: 1 });
    expect((await upload('format=exe&kb=x', '')).status).toBe(400);
  });

  it('need not name the format; the same twice is told; all of a source goes at once', async () => {
    const csv = await upload('kb=guess', 'q,a\n怎么充值,前台\n');
    expect(csv.body).toMatchObject({ added: 1, faulty: 0, repeated: [] });
    const again = await upload('kb=guess&source=two', '[{"q":"怎么充值","a":"前台"}]');
    const repeated = [{ source: 'import/guess', entries: 1 }];
    expect(again.body).toMatchObject({ added: 1, repeated });
    const typed = await upload('kb=guess&source=three', '充值\n# 一\n二', 'text/markdown');
    expect(typed.body).toMatchObject({ added: 2, faulty: 0 });
    expect((await upload('kb=guess', '# 一\n二')).body).toMatchObject({ added: 1 });
    const unknown = await upload('kb=goods', '产品,价格,说明\n茶,10,绿的\n');
    expect(unknown.body).toMatchObject({ added: 0, faulty: 1 });
    expect(JSON.stringify(unknown.body['faults'])).toContain('产品,价格,说明');
    const removed = await admin.ok('DELETE', '/chatbot/kb/entries?source=two');
    expect(removed.body).toEqual({ removed: 1 });
    expect((await admin.ok('DELETE', '/chatbot/kb/entries?kb=guess')).body).toEqual({ removed: 4 });
    await admin.refused(400, 'DELETE', '/chatbot/kb/entries');
  });

  it('answer what nobody could, in one call', async () => {
    const { unanswered } = running.daemon.core.chatbot.knowhow.knowledge;
    await unanswered.note('宠物可以带进来吗', 'chat-1');
    await unanswered.note('宠物可以带进来吗？', 'chat-2');
    await unanswered.note('有没有充电宝', 'chat-2');
    const list = (await admin.ok('GET', '/chatbot/unanswered?limit=1')).body;
    expect(list.items).toMatchObject([{ question: '宠物可以带进来吗', count: 2 }]);
    const rest = (await admin.ok('GET', `/chatbot/unanswered?cursor=${list.next}`)).body;
    expect(rest.items).toMatchObject([{ question: '有没有充电宝' }]);
    const path = `/chatbot/unanswered/${list.items[0]?.id}`;
    await admin.refused(400, 'POST', `${path}/answer`, {});
    await admin.ok('POST', `${path}/answer`, { kb: 'desk', answer: '可以，请牵绳' });
    expect((await ask('宠物能带进来不')).verdict).toBe('direct');
    await admin.refused(404, 'POST', `${path}/answer`, { kb: 'desk', answer: 'x' });
    await admin.ok('DELETE', `/chatbot/unanswered/${rest.items[0]?.id}`);
    expect((await admin.ok('GET', '/chatbot/unanswered')).body.items).toEqual([]);
    await admin.refused(400, 'GET', '/chatbot/unanswered?cursor=x');
  });
});
