import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ScriptedIm } from '../../../tests/support/scripted-im.ts';
import { frame, hex, i32, i64, login, type WireRig } from '../../../tests/support/wire-rig.ts';
import { type WireScene, wireScene } from '../../../tests/support/wire-scene.ts';

let scene: WireScene;
let im: ScriptedIm;
let rig: WireRig;
let enter: WireScene['enter'];
let asked: WireScene['asked'];

beforeEach(async () => {
  scene = await wireScene();
  ({ im, rig, enter, asked } = scene);
});
afterEach(() => scene.close());

const hi = Buffer.from('hi');
const ok = Buffer.from([0]);

describe('a customer message', () => {
  const seconds = i32(0);

  it('goes to the application whose desk the customers reach, and back', async () => {
    const client = await enter();
    client.send(frame({ seq: 2, command: 64 }, i64(7), i64(1), i64(8), i64(9), seconds, hi));
    const [one] = await asked(1);
    expect(one?.say).toMatchObject({
      kind: 'customer',
      to: { appid: 8, uid: 9 },
      parties: { senderApp: 7, receiverApp: 8 },
      content: hi,
    });
    if (one !== undefined) im.store(one, 2);
    expect((await client.take(2))[1]).toBe(hex({ seq: 3, command: 5 }, i32(2), ok));
  });

  it.each([2, 1])(
    'is refused where no desk is reached, and in another name: %i',
    async (version) => {
      const [nobody, notYourself] = [71, 67];
      const refused: [status: number, command: number, ...ids: number[]][] = [
        [nobody, 64, 7, 1, 3, 9],
        [nobody, 64, 7, 1, 8, 0],
        [nobody, 64, 7, 1, 8, -9],
        [nobody, 24, 7, 1, 41, 9],
        [nobody, 24, 7, 1, 40, 5],
        [nobody, 25, 7, 5, 40, 1],
        [notYourself, 64, 7, 2, 8, 9],
        [notYourself, 24, 8, 1, 40, 9],
      ];
      const client = await enter({ version });
      for (const [at, [status, command, ...ids]] of refused.entries()) {
        const seq = at + 2;
        client.send(frame({ seq, command, version }, ...ids.map(i64), seconds, hi));
        const body = version === 2 ? [i32(seq), Buffer.from([status])] : [i32(seq)];
        expect(await client.take(1)).toEqual([hex({ seq, command: 5, version }, ...body)]);
      }
      expect(im.said).toEqual([]);
    },
  );

  it('to whom another one answers is refused', async () => {
    im.tokens.set('9'.repeat(30), { appid: 8, uid: 9 });
    im.others.add(1);
    const seller = await rig.tcp();
    seller.send(login(1, '9'.repeat(30)));
    await seller.take(1);
    seller.send(
      frame({ seq: 2, command: 64 }, i64(8), i64(9), i64(7), i64(1), seconds, hi),
      frame({ seq: 3, command: 25 }, i64(7), i64(1), i64(40), i64(9), seconds, hi),
    );
    const refused = Buffer.from([70]);
    expect(await seller.take(2)).toEqual([
      hex({ seq: 2, command: 5 }, i32(2), refused),
      hex({ seq: 3, command: 5 }, i32(3), refused),
    ]);
    expect(im.said).toEqual([]);
  });

  it('of old clients goes to the desk and comes from there', async () => {
    im.tokens.set('9'.repeat(30), { appid: 8, uid: 9 });
    const customer = await enter();
    const seller = await rig.tcp();
    seller.send(login(1, '9'.repeat(30)));
    await seller.take(1);
    const body = [i64(7), i64(1), i64(40), i64(9), seconds, hi];
    customer.send(frame({ seq: 2, command: 24 }, ...body));
    const parties = { customerApp: 7, customer: 1, storeId: 40, seller: 9 };
    const [there] = await asked(1);
    expect(there?.say).toMatchObject({ kind: 'toDesk', to: { appid: 8, uid: 9 }, parties });
    seller.send(frame({ seq: 2, command: 25 }, ...body));
    const [back] = await asked(1);
    expect(back?.say).toMatchObject({ kind: 'fromDesk', to: { appid: 7, uid: 1 }, parties });
    // Not stored on demand.
    customer.send(frame({ seq: 3, command: 24, flags: 0x02 }, ...body));
    expect(await customer.take(1)).toEqual([hex({ seq: 2, command: 5 }, i32(3), ok)]);
    const [live] = await seller.take(1);
    expect(live?.slice(0, 24)).toBe(hex({ seq: 2, command: 24 }, ...body).slice(0, 24));
  });
});
