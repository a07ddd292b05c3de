import { afterEach, describe, expect, test } from 'vitest';
import { DriverError } from '../bot/automation/driver.ts';
import { echoWindow } from '../bot/automation/sends/reconcile.ts';
import { SendRig } from './support/send-rig.ts';

let rig: SendRig;
afterEach(async () => {
  expect(rig.log).not.toMatch(/"level":(50|60)/);
  await rig.close();
});

describe('an unknown send', () => {
  const lose = (): void => {
    rig.bot.answer = () => Promise.reject(new DriverError('unknown', 'time-out'));
  };

  test('the window begins anew when the connection was interrupted', async () => {
    rig = await SendRig.open();
    lose();
    const msgid = await rig.text('x');
    await rig.pass(echoWindow - 1000);
    rig.bot.setReady(false);
    await rig.pass(echoWindow);
    expect((await rig.view(msgid)).state).toBe('unknown');
    rig.bot.setReady(true);
    await rig.pass(echoWindow - 1);
    expect((await rig.view(msgid)).state).toBe('unknown');
    await rig.pass(1);
    expect(await rig.view(msgid)).toMatchObject({
      state: 'failed',
      reason: expect.stringMatching(/interrupted.*may have been sent/),
    });
  });

  test('a bot that never comes back: failed when it expires, not before', async () => {
    rig = await SendRig.open();
    lose();
    const msgid = await rig.text('x', 'hall', { expiresAt: rig.clock.now() + 3_600_000 });
    await rig.settle();
    rig.bot.setReady(false);
    await rig.pass(3_599_000);
    expect((await rig.view(msgid)).state).toBe('unknown');
    await rig.pass(1000);
    expect(await rig.view(msgid)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('did not come back'),
    });
  });

  test('where nothing is echoed: failed after the window, and it says so', async () => {
    rig = await SendRig.open();
    rig.bot.can = { ...rig.bot.can, echo: false };
    lose();
    const msgid = await rig.text('x');
    await rig.pass(echoWindow);
    expect(await rig.view(msgid)).toMatchObject({
      state: 'failed',
      reason: expect.stringContaining('does not show its own messages'),
    });
  });

  test('of two equal ones the oldest gets the first echo, and the trace says so', async () => {
    rig = await SendRig.open();
    lose();
    const first = await rig.text('same');
    const second = await rig.text('same');
    await rig.settle();
    const [call] = rig.bot.seen;
    if (call === undefined) throw new Error('nothing sent');
    rig.bot.echo(call);
    await rig.settle();
    expect((await rig.view(first)).state).toBe('sent');
    expect((await rig.view(second)).state).toBe('unknown');
    expect(await rig.sends.trace(first)).toContainEqual(
      expect.objectContaining({
        step: 'echo',
        detail: expect.stringContaining('2 equal messages'),
      }),
    );
    rig.bot.echo(call);
    await rig.settle();
    expect((await rig.view(second)).state).toBe('sent');
  });

  test('an echo that is told again later counts for no other', async () => {
    rig = await SendRig.open();
    lose();
    const first = await rig.text('same');
    await rig.settle();
    const [call] = rig.bot.seen;
    if (call === undefined) throw new Error('nothing sent');
    rig.bot.echo(call, { id: 'e1' });
    await rig.settle();
    expect((await rig.view(first)).state).toBe('sent');
    const second = await rig.text('same');
    await rig.settle();
    rig.bot.echo(call, { id: 'e1' });
    await rig.settle();
    expect((await rig.view(second)).state).toBe('unknown');
    rig.bot.echo(call, { id: 'e2' });
    await rig.settle();
    expect((await rig.view(second)).state).toBe('sent');
  });

  test('the late echo of an acknowledged one is not taken for it', async () => {
    rig = await SendRig.open();
    for (const messageIds of [true, false]) {
      rig.bot.answer = messageIds
        ? () => undefined
        : () => Promise.resolve({ messageId: undefined });
      const first = await rig.text('same');
      await rig.settle();
      lose();
      const second = await rig.text('same');
      await rig.settle();
      const call = rig.bot.seen.at(-1);
      if (call === undefined) throw new Error('nothing sent');
      rig.bot.echo(call, messageIds ? { id: `m-${first}` } : {});
      await rig.settle();
      expect((await rig.view(second)).state).toBe('unknown');
      rig.bot.echo(call);
      await rig.settle();
      expect((await rig.view(second)).state).toBe('sent');
    }
  });

  test('words said before, elsewhere, by others or of another kind prove nothing', async () => {
    rig = await SendRig.open();
    lose();
    rig.bot.room('attic');
    const msgid = await rig.text('x');
    await rig.settle();
    const [call] = rig.bot.seen;
    if (call === undefined) throw new Error('nothing sent');
    rig.bot.echo(call, { at: rig.clock.now() - 5001 });
    rig.bot.echo(call, { roomId: 'attic@chatroom' });
    rig.bot.echo(call, { self: false });
    rig.bot.echo(call, { kind: 'image' });
    rig.bot.echo({ ...call, text: 'y' });
    await rig.settle();
    expect((await rig.view(msgid)).state).toBe('unknown');
  });

  test('a part of a long text is found again, and the next part follows', async () => {
    rig = await SendRig.open();
    let calls = 0;
    rig.bot.answer = () => {
      calls += 1;
      return calls === 2 ? Promise.reject(new DriverError('unknown', 'time-out')) : undefined;
    };
    const parts = ['a', 'b', 'c'].map((letter) => letter.repeat(1500));
    const msgid = await rig.text(parts.join('\n'));
    await rig.settle();
    const call = rig.bot.seen[1];
    if (call === undefined) throw new Error('no second part');
    expect((await rig.view(msgid)).state).toBe('unknown');
    rig.bot.echo(call);
    await rig.settle();
    expect(rig.bot.seen.map((one) => one.text)).toEqual(parts);
    expect((await rig.view(msgid)).state).toBe('sent');
    expect(rig.told(msgid)).toHaveLength(1);
  });

  test('cards are known by what they show, texts by their words behind an @', async () => {
    rig = await SendRig.open();
    lose();
    const card = {
      appid: 'wx1',
      username: 'gh_1',
      title: 'T',
      description: '',
      pagePath: 'p',
      thumbUrl: '',
    };
    const sent = await rig.send({ content: { kind: 'miniProgram', card } });
    const text = await rig.send({ content: { kind: 'text', text: 'look', mentions: ['Ann'] } });
    await rig.settle();
    const to = { kind: 'room', id: 'hall@chatroom' } as const;
    rig.bot.echo({ to, kind: 'miniProgram', text: '', card: { ...card, title: 'other' } });
    await rig.settle();
    expect((await rig.view(sent)).state).toBe('unknown');
    rig.bot.echo({ to, kind: 'miniProgram', text: '', card });
    rig.bot.echo({ to, kind: 'text', text: '@Ann\u2005look' });
    await rig.settle();
    expect((await rig.view(sent)).state).toBe('sent');
    expect((await rig.view(text)).state).toBe('sent');
  });

  test('it does not hold up its room where it is only reported', async () => {
    rig = await SendRig.open();
    lose();
    await rig.text('x');
    await rig.settle();
    rig.bot.answer = () => undefined;
    const next = await rig.text('y');
    await rig.settle();
    expect((await rig.view(next)).state).toBe('sent');
    expect(rig.sends.queue('bot01').unknown).toBe(1);
  });

  test('a driver that never answers at all loses no place for ever', async () => {
    rig = await SendRig.open();
    rig.bot.answer = () => new Promise(() => {});
    const msgid = await rig.text('x');
    await rig.pass(30_000);
    expect((await rig.view(msgid)).state).toBe('unknown');
    expect(rig.sends.queue('bot01').onTheWay).toBe(0);
  });
});
