import type { VirtualClock } from '../../bot/clock.ts';
import { eventually } from './eventually.ts';
import { type Asked, ScriptedIm } from './scripted-im.ts';
import { login, type RawClient, startWire, type WireRig } from './wire-rig.ts';

/** Of users 1 and 2 of application 7. */
export const tokens = { 1: 't'.repeat(30), 2: 's'.repeat(30) };

export interface WireScene {
  im: ScriptedIm;
  rig: WireRig;
  /** Logged in, as user 1 unless said; the answer is taken. */
  enter(options?: Parameters<typeof login>[2] & { uid?: 1 | 2 }): Promise<RawClient>;
  /** The next messages that wait for the disk. */
  asked(count: number): Promise<Asked[]>;
  close(): Promise<void>;
}

/** Doors for IM clients over a scripted core. */
export async function wireScene(
  options: { clock?: VirtualClock; maxPending?: number; farewellMs?: number } = {},
): Promise<WireScene> {
  const im = new ScriptedIm();
  const rig = await startWire(im, { farewellMs: 50, ...options });
  return {
    im,
    rig,
    async enter({ uid = 1, ...more } = {}) {
      const client = await rig.tcp();
      client.send(login(1, tokens[uid], more));
      await client.take(1);
      return client;
    },
    async asked(count) {
      await eventually(`${count} messages`, () => im.said.length >= count);
      return im.said.splice(0, count);
    },
    async close() {
      const stopped = rig.stop();
      await options.clock?.advance(10);
      await stopped;
    },
  };
}
