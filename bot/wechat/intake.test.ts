import { afterEach, expect, it } from 'vitest';
import { eventually } from '../../tests/support/eventually.ts';
import { IntakeRig, type IntakeRigOptions } from '../../tests/support/wechat-intake-rig.ts';
import { aesKey, eventPush, Poster, textPush } from '../../tests/support/wechat-pushes.ts';
import type { PushQuery } from './push.ts';

let rig: IntakeRig;
afterEach(() => rig.close());

async function open(options: IntakeRigOptions = {}): Promise<IntakeRig> {
  rig = await IntakeRig.open(options);
  return rig;
}

const success = { kind: 'answer', text: 'success', format: 'text' };
const texts = async (openId?: string): Promise<unknown[]> => {
  const said = await rig.said();
  return said
    .filter((one) => openId === undefined || one.openId === openId)
    .map(({ content }) => (content.type === 'text' ? content.text : content));
};

it('answers when a push is on disk, and works it off once, however often it comes', async () => {
  await open();
  const hello = textPush('o1', 'hello');
  expect(await rig.push(hello, hello)).toEqual([success, success]);
  await rig.settled();
  expect(await rig.push(hello)).toEqual([success]);
  await rig.settled();
  expect(await texts()).toEqual(['hello']);
  expect(rig.intake.counts()).toEqual([
    { account: 'wx1', result: 'taken', count: 1 },
    { account: 'wx1', result: 'repeated', count: 2 },
  ]);
  const [row, ...others] = await rig.intake.list({ limit: 10 });
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    account: 'wx1',
    open_id: 'o1',
    kind: 'text',
    tries: 3,
    state: 'done',
  });
  expect(await rig.intake.get(row?.id ?? 0)).toMatchObject({
    ...{ answer: 'success', took_ms: 0, error: null, body: rig.poster.spell(hello) },
  });
});

it('does not start again while the first try is being handled, and survives a restart in between', async () => {
  await open();
  const photo = textPush('o1', '', { MsgType: 'image', MediaId: 'm1', PicUrl: 'http://p/1' });
  let downloads = 0;
  rig.media = () => {
    downloads += 1;
    return new Promise(() => {});
  };
  await rig.push(photo);
  await eventually('the download', () => downloads === 1);
  await rig.push(photo, photo, textPush('o1', 'behind it'));
  expect(downloads).toBe(1);
  await rig.intake.stop();
  expect(await rig.said()).toEqual([]);
  rig.media = async (id) => ({ url: `image/${id}.jpg` });
  await rig.restart();
  await rig.settled();
  await rig.push(photo);
  await rig.settled();
  expect(await texts('o1')).toEqual([
    { type: 'image', url: 'image/m1.jpg', mediaId: 'm1' },
    'behind it',
  ]);
});

it('keeps the order of each user, and lets nobody wait for another', async () => {
  await open();
  let release: (file: { url: string }) => void = () => {};
  rig.media = () => new Promise((resolve) => (release = resolve));
  await rig.push(textPush('slow', '', { MsgType: 'voice', MediaId: 'm1', Recognition: '你好' }));
  for (let at = 0; at < 30; at += 1) {
    await rig.push(textPush('slow', `s${at}`), textPush('quick', `q${at}`));
  }
  await eventually('the quick one', async () => (await texts('quick')).length === 30);
  expect(await texts('quick')).toEqual(Array.from({ length: 30 }, (_, at) => `q${at}`));
  expect(await texts('slow')).toEqual([]);
  release({ url: 'audio/m1.mp3' });
  await rig.settled();
  expect(await texts('slow')).toEqual([
    { type: 'voice', url: 'audio/m1.mp3', mediaId: 'm1', text: '你好' },
    ...Array.from({ length: 30 }, (_, at) => `s${at}`),
  ]);
});

it('loses no message whose file cannot be had, or is too slow', async () => {
  await open();
  const photo = { MsgType: 'image', MediaId: 'm1', PicUrl: 'http://p/1' };
  const left = { type: 'image', url: 'http://p/1', mediaId: 'm1' };
  rig.media = () => Promise.reject(new Error('40007'));
  await rig.push(textPush('o1', '', photo));
  rig.media = async () => undefined;
  await rig.push(textPush('o2', '', photo));
  await rig.settled();
  expect([...(await texts('o1')), ...(await texts('o2'))]).toEqual([left, left]);
  // Twenty at once, of a platform that never answers.
  rig.media = () => new Promise(() => {});
  await rig.push(...Array.from({ length: 20 }, (_, at) => textPush(`p${at}`, '', photo)));
  await eventually(
    'them to be there',
    async () => (await rig.intake.list({ limit: 30 })).length > 21,
  );
  await eventually('all to be said', async () => {
    await rig.clock.advance(5000);
    return (await rig.said()).length === 22;
  });
});

it('tries again what fails, gives it up, and goes on; an operator replays it', async () => {
  await open();
  let left = 3;
  rig.fault = ({ content }) => {
    if (content.type !== 'text' || content.text !== 'stumbles') return undefined;
    left -= 1;
    return left >= 0 ? new Error('not now') : undefined;
  };
  await rig.push(textPush('o1', 'stumbles'), textPush('o1', 'next'));
  await eventually('both', async () => {
    await rig.clock.advance(1000);
    return (await texts()).length === 2;
  });
  expect(await texts()).toEqual(['stumbles', 'next']);

  rig.fault = ({ content }) =>
    content.type === 'text' && content.text === 'poison' ? new Error('never') : undefined;
  await rig.push(textPush('o2', 'poison'), textPush('o2', 'after it'));
  await eventually('the next', async () => {
    await rig.clock.advance(1000);
    return (await texts('o2')).length > 0;
  });
  expect(await texts('o2')).toEqual(['after it']);
  const [failed] = await rig.intake.list({ state: 'failed', limit: 5 });
  expect(failed).toMatchObject({ open_id: 'o2', error: 'never' });
  const id = failed?.id ?? 0;
  rig.fault = undefined;
  await rig.intake.replay(id);
  await rig.settled();
  expect(await texts('o2')).toEqual(['after it', 'poison']);
  await expect(rig.intake.replay(id)).rejects.toMatchObject({ code: 'conflict' });
  await expect(rig.intake.replay(9999)).rejects.toMatchObject({ code: 'not_found' });
});

it('never gives up for the database', async () => {
  await open();
  const full = Object.assign(new Error('disk full'), { code: 'SQLITE_FULL' });
  let tries = 0;
  rig.fault = () => {
    tries += 1;
    return tries <= 20 ? full : undefined;
  };
  await rig.push(textPush('o1', 'patient'));
  await eventually('it to be said', async () => {
    await rig.clock.advance(30_000);
    return (await rig.said()).length === 1;
  });
  expect(tries).toBe(21);
});

it('says nothing within 4.5 s when the database is slow, and takes the next try for the same', async () => {
  await open();
  let go: () => void = () => {};
  rig.hold = new Promise<void>((resolve) => (go = resolve));
  const hello = textPush('o1', 'hello');
  const answer = rig.push(hello);
  await rig.clock.advance(4499);
  await expect(Promise.race([answer, Promise.resolve('waiting')])).resolves.toBe('waiting');
  await rig.clock.advance(1);
  expect(await answer).toEqual([{ kind: 'not now' }]);
  go();
  rig.hold = undefined;
  expect(await rig.push(hello)).toEqual([success]);
  await rig.settled();
  expect(await texts()).toEqual(['hello']);
});

it('a repeated push gets the answer that the first one got, sealed anew', async () => {
  const poster = new Poster({ encodingAesKey: aesKey });
  const settings = { kind: 'official', encodingAesKey: aesKey, welcome: '欢迎' };
  await open({ poster, settings });
  const follow = eventPush('o1', 'subscribe', { EventKey: 'qrscene_1', Ticket: 'a-ticket' });
  const [first] = await rig.push(follow);
  await rig.restart();
  const [second] = await rig.push(follow);
  for (const answer of [first, second]) {
    expect(answer).toMatchObject({ kind: 'answer', format: 'xml' });
    expect(answer?.kind === 'answer' ? answer.text : '').toContain('<Encrypt>');
  }
  const [row] = await rig.intake.list({ limit: 1 });
  const kept = await rig.intake.get(row?.id ?? 0);
  expect(kept?.answer).toContain('<![CDATA[欢迎]]>');
  // Neither what was encrypted nor the ticket is kept.
  expect(kept?.body).toContain('qrscene_1');
  expect(kept?.body).not.toMatch(/Encrypt|a-ticket/);
  await rig.settled();
  expect(await rig.said()).toHaveLength(1);
});

it('refuses what was not signed, keeps nothing of it, and says why, but not a hundred times', async () => {
  await open();
  const { body } = rig.poster.push(textPush('o1', 'forged'));
  const post = (query: PushQuery) => rig.intake.receive('wx1', query, Buffer.from(body));
  for (let at = 0; at < 100; at += 1) {
    expect(await post({ timestamp: '1', nonce: '2', signature: 'f'.repeat(40) })).toEqual({
      ...{ kind: 'refused', reason: 'wrong signature' },
    });
  }
  expect(rig.intake.verify('wx1', { echostr: 'x' })).toEqual({
    ...{ kind: 'refused', reason: 'no signature' },
  });
  expect(await rig.intake.receive('wx2', {}, Buffer.from(body))).toEqual({
    kind: 'unknown account',
  });
  expect(rig.intake.verify('wx2', {})).toEqual({ kind: 'unknown account' });
  expect(await rig.intake.list({ limit: 1 })).toEqual([]);
  const refusals = rig.lines.filter((line) => line.includes('a push was refused: wrong'));
  expect(refusals.length).toBe(20);
  expect(refusals[0]).toContain('token (5: AA…)');
  expect(refusals.join('')).not.toContain('AAAAA');
  expect(rig.lines.filter((line) => line.includes('no such account'))).toHaveLength(2);
  await rig.clock.advance(60_000);
  await post({});
  expect(rig.lines.at(-1)).toContain('"others":81');
});

it('answers the probe of cloud hosting, which nobody signs', async () => {
  await open({ settings: { encodingAesKey: aesKey } });
  for (const probe of [
    '{"action":"CheckContainerPath"}',
    '<xml><action>CheckContainerPath</action></xml>',
  ]) {
    expect(await rig.intake.receive('wx1', {}, Buffer.from(probe))).toEqual(success);
  }
  expect(await rig.intake.list({ limit: 1 })).toEqual([]);
});
