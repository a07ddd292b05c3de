import { expect, test } from 'vitest';
import { VirtualClock } from '../clock.ts';
import { LiveAnswer } from './live-answer.ts';

function made() {
  const clock = new VirtualClock();
  const told: [number, string][] = [];
  const answer = new LiveAnswer({ clock, onPiece: (seq, delta) => told.push([seq, delta]) });
  return { clock, told, answer };
}

test('the first piece is told at once, those close behind it together', async () => {
  const { clock, told, answer } = made();
  for (const letter of 'abcd') answer.delta(letter);
  expect(told).toEqual([[0, 'a']]);
  expect([answer.text, answer.told]).toEqual(['abcd', 'a']);
  await clock.advance(40);
  expect(told).toEqual([
    [0, 'a'],
    [1, 'bcd'],
  ]);
  answer.delta('e');
  answer.close();
  expect(told.at(-1)).toEqual([2, 'e']);
  answer.delta('f');
  await clock.advance(1000);
  expect([answer.text, told.length]).toEqual(['abcde', 3]);
});

test('pieces from any one on are the rest of the text', async () => {
  const { clock, told, answer } = made();
  for (let at = 0; at < 20; at += 1) {
    answer.delta(`${at},`);
    await clock.advance(50);
  }
  expect([...answer.pieces(0)]).toEqual(told);
  for (const from of [-5, 0, 7, 19, 20, 99]) {
    expect([...answer.pieces(from)]).toEqual(told.slice(Math.max(from, 0)));
  }
});

test('no piece ends within a character', async () => {
  const { clock, told, answer } = made();
  const [high = '', low = ''] = '😀'.split('');
  answer.delta(`好${high}`);
  await clock.advance(100);
  expect(told).toEqual([[0, '好']]);
  answer.delta(low);
  await clock.advance(100);
  expect(told.at(-1)).toEqual([1, '😀']);
  expect(told.every(([, delta]) => delta.isWellFormed())).toBe(true);
});

test('an answer has an end', () => {
  const { answer } = made();
  for (let at = 0; at < 100; at += 1) answer.delta('很长'.repeat(500));
  expect([answer.text.length, answer.finished]).toEqual([20_000, 'length']);
});

test('what a step found is written down with it, and with no other', () => {
  const { answer } = made();
  answer.trace({ verdict: 'miss' });
  answer.stepped({ step: 'knowledge', outcome: 'pass', ms: 1 });
  answer.trace({ note: 'its own' });
  answer.stepped({ step: 'model', outcome: 'failed', ms: 2, note: 'Error' });
  expect(answer.steps).toEqual([
    { step: 'knowledge', outcome: 'pass', ms: 1, verdict: 'miss' },
    { step: 'model', outcome: 'failed', ms: 2, note: 'its own' },
  ]);
});
