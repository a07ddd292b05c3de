import { afterEach, expect, test } from 'vitest';
import { createLogger } from '../../../config/logger.ts';
import { eventually } from '../../../tests/support/eventually.ts';
import { AppError } from '../../errors.ts';
import type { PictureSpec } from './picture-spec.ts';
import { Pictures, type PicturesOptions } from './pictures.ts';

let pictures: Pictures;
function build(options: Partial<PicturesOptions> = {}): Pictures {
  pictures = new Pictures({ logger: createLogger('silent'), ...options });
  return pictures;
}
afterEach(() => pictures.stop());

const small = (text: string): PictureSpec => ({ columns: [{ label: '列' }], rows: [[text]] });
/** A bar of a billion symbols: more memory than there is, and before that, more time. */
const endless: PictureSpec = {
  chart: {
    xAxis: { type: 'category' },
    yAxis: {},
    series: [
      {
        type: 'pictorialBar',
        symbol: 'rect',
        symbolRepeat: true,
        symbolSize: [0.001, 0.001],
        data: [1e9],
      },
    ],
  },
};

async function refusal(promise: Promise<unknown>): Promise<AppError> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error(`not refused: ${error}`);
}

test('begins its thread with the first picture, ends it when idle, and begins another', async () => {
  build({ idleMs: 50 });
  expect(pictures.threadId).toBeUndefined();
  const [first] = await pictures.render(small('一'));
  expect(first?.png.subarray(1, 4).toString()).toBe('PNG');
  await eventually('its thread has ended', () => pictures.threadId === undefined);
  expect(await pictures.render(small('二'))).toHaveLength(1);
});

test('the same again is answered from memory, and made once for all who ask at a time', async () => {
  build();
  const [one, other] = await Promise.all([
    pictures.render(small('同')),
    pictures.render(small('同')),
  ]);
  expect(one?.[0]?.png).toBe(other?.[0]?.png);
  expect((await pictures.render(small('同')))[0]?.png).toBe(one?.[0]?.png);
  expect((await pictures.render(small('异')))[0]?.png).not.toBe(one?.[0]?.png);
});

test('what takes too long is given up, and what waits behind it is drawn', async () => {
  // Much more than a small one takes in a new thread, however busy the machine.
  build({ limitMs: 2500 });
  await pictures.fontCheck();
  const thread = pictures.threadId;
  const slow = refusal(pictures.render(endless));
  const behind = pictures.render(small('后面的'));
  expect(await slow).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('long'),
  });
  expect(await behind).toHaveLength(1);
  expect(pictures.threadId).not.toBe(thread);
});

test('what needs too much memory costs its thread, not the daemon', async () => {
  // Memory has to run out before time does, however busy the machine.
  build({ heapMb: 48, limitMs: 60_000 });
  expect(await refusal(pictures.render(endless))).toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('memory'),
  });
  expect(await pictures.render(small('还在'))).toHaveLength(1);
});

test('fifty at once are drawn, in one thread', async () => {
  build();
  const texts = Array.from({ length: 50 }, (_, index) => `第 ${index} 张`);
  const drawn = await Promise.all(texts.map((text) => pictures.render(small(text))));
  expect(new Set(drawn.map((one) => one[0]?.png.toString('base64'))).size).toBe(50);
});

test('more than it will keep waiting are sent away, and say when to come again', async () => {
  build();
  const many = Array.from({ length: 210 }, (_, index) => pictures.render(small(`${index}`)));
  const ends = await Promise.allSettled(many);
  const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason);
  expect(refused).toHaveLength(9);
  expect(refused[0]).toMatchObject({ code: 'unavailable', retryAfter: expect.any(Number) });
});

test('who stops waiting is answered at once, and what nobody waits for is not drawn', async () => {
  build();
  const given = new AbortController();
  const first = pictures.render(small('在画'));
  const gone = pictures.render(small('没人要'), given.signal);
  given.abort(new Error('enough'));
  await expect(gone).rejects.toThrow('enough');
  await first;
  await expect(pictures.render(small('晚了'), given.signal)).rejects.toThrow('enough');
  // Asked for again, it is drawn.
  expect(await pictures.render(small('没人要'))).toHaveLength(1);
});

test('stop ends what is under way, and the thread', async () => {
  build();
  await pictures.fontCheck();
  const under = refusal(pictures.render(endless));
  await pictures.stop();
  expect(await under).toMatchObject({ code: 'unavailable' });
  expect(pictures.threadId).toBeUndefined();
  expect(await refusal(pictures.render(small('后')))).toMatchObject({ code: 'unavailable' });
});
