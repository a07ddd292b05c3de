import { afterEach, describe, expect, test } from 'vitest';
import { Simulators } from '../bot/automation/drivers/simulator/simulator.ts';
import type {
  FaultOrder,
  SeenMessage,
} from '../bot/automation/drivers/simulator/simulator-types.ts';
import type { SimulatedWeChat } from '../bot/automation/drivers/simulator/simulator-wechat.ts';
import { createLogger } from '../config/logger.ts';
import { echoTruths } from './support/echo-truth.ts';
import { MemorySessions } from './support/memory-sessions.ts';
import { SendRig, type SendRigOptions } from './support/send-rig.ts';

let rig: SendRig;
afterEach(async () => {
  expect(rig.log).not.toMatch(/"level":(50|60)/);
  await rig.close();
});

/** Sends over the simulator's driver; rooms are those of the simulated WeChat. */
async function simulated(options: SendRigOptions = {}): Promise<SimulatedWeChat> {
  rig = await SendRig.open(options);
  const logger = createLogger('silent');
  const { clock, dataDir } = rig;
  const simulators = new Simulators({ clock, logger });
  const bot = { botcode: 'bot01', driver: 'simulator', autoStart: true, autoScan: false } as const;
  const tools = { clock, logger, sessions: new MemorySessions(), dataDir };
  const driver = simulators.factory(bot, tools);
  await driver.start(new AbortController().signal);
  const wechat = simulators.get('bot01');
  if (wechat === undefined) throw new Error('no WeChat');
  wechat.scan();
  await wechat.confirm();
  wechat.createRoom('club', []);
  await rig.bot.use(driver);
  return wechat;
}

function seenIn(wechat: SimulatedWeChat): SeenMessage[] {
  const room = wechat.rooms().find((one) => one.topic === 'club');
  return wechat.world.seen(room?.id ?? '').filter((message) => message.self);
}

function addFaults(wechat: SimulatedWeChat, faults: readonly FaultOrder[]): void {
  for (const fault of faults) wechat.addFault(fault);
}

describe('the truth of a send and what becomes of it', () => {
  test.each(echoTruths)('$name', async (truth) => {
    const wechat = await simulated();
    addFaults(wechat, truth.faults);
    const msgid = await rig.text('words', 'club');
    await rig.pass(truth.endsAfter + 1);
    const heardBefore = truth.echoAfter !== undefined && truth.echoAfter <= truth.endsAfter;
    const known = truth.call !== 'unknown' || heardBefore;
    expect((await rig.view(msgid)).state).toBe(
      known ? (truth.call === 'refused' ? 'failed' : 'sent') : 'unknown',
    );
    expect(rig.told(msgid)).toHaveLength(known ? 1 : 0);
    await rig.pass(30_000);
    const proven = truth.call === 'receipt' || truth.echoAfter !== undefined;
    if (proven) expect((await rig.view(msgid)).state).toBe('sent');
    await rig.pass(3_600_000);
    const { state, reason, attempts } = await rig.view(msgid);
    expect(state).toBe(proven ? 'sent' : 'failed');
    if (!known && !proven) expect(reason).toMatch(/outcome unknown, and no echo within 120 s/);
    expect(attempts).toBe(1);
    expect(rig.told(msgid).map((event) => event.sendStatus)).toEqual([proven ? '1' : '-1']);
    expect(seenIn(wechat)).toHaveLength(truth.delivered ? 1 : 0);
  });

  test.each(echoTruths.filter((truth) => truth.call === 'unknown'))(
    '$name, where the channel wants it sent again',
    async (truth) => {
      const wechat = await simulated({ onUnknown: { demo: 'resend' } });
      addFaults(wechat, truth.faults);
      const msgid = await rig.text('words', 'club');
      const after = await rig.text('after', 'club');
      await rig.pass(3_600_000);
      const proven = truth.echoAfter !== undefined;
      expect(await rig.view(msgid)).toMatchObject({ state: 'sent', attempts: proven ? 1 : 2 });
      expect(rig.told(msgid).map((event) => event.sendStatus)).toEqual(['1']);
      expect((await rig.view(after)).state).toBe('sent');
      const words = seenIn(wechat).map((message) => message.text);
      const copies = (truth.delivered ? 1 : 0) + (proven ? 0 : 1);
      // Sent again or not: what came after it never overtook it.
      expect(words).toEqual([...Array<string>(copies).fill('words'), 'after']);
      if (!proven) expect(await rig.steps(msgid)).toContain('resend');
    },
  );

  test.each(echoTruths)('$name, and WeChat tells everything twice', async (truth) => {
    const wechat = await simulated();
    addFaults(wechat, truth.faults);
    wechat.addFault({ kind: 'duplicate', on: 'echo', times: 'always' });
    const first = await rig.text('words', 'club');
    await rig.pass(600_000);
    wechat.clearFaults();
    addFaults(wechat, [{ kind: 'hang', ms: 0 }]);
    const second = await rig.text('words', 'club');
    await rig.pass(600_000);
    expect((await rig.view(first)).settledAt).toBeDefined();
    expect((await rig.view(second)).state).toBe('failed');
    expect(seenIn(wechat)).toHaveLength(truth.delivered ? 1 : 0);
  });
});
