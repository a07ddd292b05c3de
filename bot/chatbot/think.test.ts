import { expect, it } from 'vitest';
import { ThinkFilter } from './think.ts';

function filtered(pieces: readonly string[]): string {
  const filter = new ThinkFilter();
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
}

const cases: [text: string, shown: string][] = [
  ['<think>想想</think>\n\n答案', '答案'],
  ['<thinking>\nhm\n</thinking>yes', 'yes'],
  ['<THINK>a</Think>b', 'b'],
  ['one <think>two</think> three', 'one  three'],
  ['<think>never closed', ''],
  ['a<think>', 'a'],
  ['stray </think> close', 'stray  close'],
  ['<think>says <think> inside</think>out', 'out'],
  ['1 < 2, <b>bold</b>, <thinker>, <thi', '1 < 2, <b>bold</b>, <thinker>, <thi'],
  ['<think\n>a</think  >b', 'b'],
  ['<', '<'],
  ['  \n答', '答'],
  ['答 \n\n', '答 \n\n'],
  ['<<think>x</think>>', '<>'],
  ['<think>a<think>b</think>SECRET</think>out', 'out'],
  ['<think>a<think>b<think>c</think>S1</think>S2</think>out', 'out'],
  ['<think>a <think> b</think>one<think>c</think>two', 'onetwo'],
  ['<think foo="1">SECRET</think>out', 'out'],
  ['<thinking a=1 b=2>SECRET</thinking >out <think about it>', 'out <think about it>'],
];

it.each(cases)('%j shows %j, whatever its pieces', (text, shown) => {
  expect(filtered([text])).toBe(shown);
  expect(filtered([...text])).toBe(shown);
  for (let at = 0; at <= text.length; at += 1) {
    expect(filtered([text.slice(0, at), text.slice(at)])).toBe(shown);
  }
});

it('holds nothing back but what may become a tag', () => {
  const filter = new ThinkFilter();
  expect(filter.push('abc')).toBe('abc');
  expect(filter.push('d<')).toBe('d');
  expect(filter.push('x')).toBe('<x');
});
