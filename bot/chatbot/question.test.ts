import { describe, expect, it } from 'vitest';
import { soundOf, syllableOf, syllablesIn } from './pinyin.ts';
import { indexText, tokensOf } from './question.ts';
import { conceptsIn, synonymLines } from './synonyms.ts';

const weightOf = (text: string, token: string): number | undefined =>
  tokensOf(text).find((one) => one.text === token)?.weight;

describe('a question in pieces', () => {
  it('is characters, neighbours, and runs of letters and digits', () => {
    const pieces = tokensOf('BGP 配置 40').map(({ text }) => text);
    expect(pieces).toEqual(expect.arrayContaining(['bgp', '配', '置', '配置', '40']));
    expect(pieces).not.toContain('b');
  });

  it('is the same in any width and case', () => {
    expect(tokensOf('ＢＧＰ？')).toEqual(tokensOf('bgp'));
  });

  it('weighs filler down, and letters up', () => {
    const question = '请问BGP怎么办';
    expect(weightOf(question, '请')).toBe(0.2);
    expect(weightOf(question, 'bgp')).toBe(2);
    expect(weightOf('路由', '路')).toBe(1);
  });

  it('keeps eth-trunk and c++ whole for the index, and finds trunk, too', () => {
    const words = indexText(tokensOf('eth-trunk 和 c++')).split(' ');
    expect(words).toEqual(expect.arrayContaining(['ethx2dxtrunk', 'trunk', 'cx2bxx2bx']));
    for (const word of words) expect(word).toMatch(/^[\p{L}\p{N}]+$/u);
  });

  it('says what everyday words mean', () => {
    const meant = (text: string): string[] => conceptsIn(text).map(({ concept }) => concept);
    expect(meant('多少钱')).toEqual(meant('怎么收费').filter((one) => one !== '怎么'));
    expect(meant('我忘记密码了')).toEqual(['忘了', '密码']);
  });

  it('has each everyday word in one line only', () => {
    const words = synonymLines().flat();
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });

  it('is bounded, whatever comes', () => {
    expect(tokensOf('水'.repeat(100_000)).length).toBeLessThan(10);
    expect(tokensOf('\ud800 𠮷𠮷').map(({ text }) => text)).toContain('𠮷𠮷');
  });
});

describe('how characters sound', () => {
  it('is read from the order of pinyin', () => {
    const read = [...'中国取消订单女绿安二'].map(syllableOf);
    expect(read).toEqual([
      ...['zhong', 'guo', 'qu', 'xiao', 'ding', 'dan', 'nv', 'lv', 'an', 'er'],
    ]);
    expect(soundOf('曲消')).toBe(soundOf('取消'));
    expect(soundOf('登录')).toBe(soundOf('登陆'));
  });

  it('is found in letters that are pinyin', () => {
    expect(syllablesIn('quxiao')).toEqual(['qu', 'xiao']);
    expect(syllablesIn('hello')).toBeUndefined();
    expect(syllablesIn('a'.repeat(24))).toBeUndefined();
  });
});
