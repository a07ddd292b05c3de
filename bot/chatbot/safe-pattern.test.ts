import { describe, expect, it } from 'vitest';
import { PatternFault, parsePattern } from '../../config/pattern.ts';
import { processorMs } from '../../tests/support/processor.ts';
import { charactersOf, SafePattern, StepBudget } from './safe-pattern.ts';

const plenty = 1e9;

function matches(pattern: string, text: string): boolean | undefined {
  return new SafePattern(pattern).matches(charactersOf(text), new StepBudget(plenty));
}

function reasonOf(pattern: string): string {
  try {
    parsePattern(pattern);
  } catch (error) {
    if (error instanceof PatternFault) return error.message;
    throw error;
  }
  return '';
}

describe('a pattern', () => {
  it.each([
    ['^退(货|款)', '退款多久到账', true],
    ['^退(货|款)', '我要退款', false],
    ['\\d{3,4}', '订单 12', false],
    ['\\d{3,4}', '订单 1234', true],
    ['[^\\d\\s]+$', '12 ab', true],
    ['a.c', 'a\nc', false],
    ['(?:ab)+?c', 'ababc', true],
    ['^$', '', true],
    ['x{0}y', 'y', true],
    ['\\[\\u4e2d\\]', '[中]', true],
    ['[A-C]', 'b', true],
    ['😀+$', '啊😀😀', true],
  ])('%s on %s: %s', (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it('matches what the runtime matches, whatever it is made of', () => {
    const pieces = [
      'a',
      'b',
      'c',
      '.',
      '[ab]',
      '[^a]',
      '(a|b)',
      '(ab|c)',
      '(?:a|)',
      'a|c',
      '^',
      '$',
    ];
    const bounds = ['', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,1}', '*?'];
    const pick = random(11);
    const of = <T>(list: readonly T[]): T => list[pick(list.length)] as T;
    let compared = 0;
    for (let round = 0; round < 3000; round++) {
      let pattern = '';
      for (let count = 1 + pick(5); count > 0; count--) {
        const piece = of(pieces);
        const bound = of(bounds);
        pattern += /^[\^$]$/.test(piece) || piece === 'a|c' ? piece : `${piece}${bound}`;
        if (pick(6) === 0) pattern = `(${pattern})${of(bounds)}`;
      }
      const machine = new SafePattern(pattern);
      const usual = new RegExp(pattern, 'u');
      for (let texts = 0; texts < 5; texts++) {
        const text = Array.from({ length: pick(7) }, () => of(['a', 'b', 'c'])).join('');
        expect([
          pattern,
          text,
          machine.matches(charactersOf(text), new StepBudget(plenty)),
        ]).toEqual([...[pattern, text, usual.test(text)]]);
        compared += 1;
      }
    }
    expect(compared).toBe(15_000);
  });

  it.each([
    ['(a)\\1', 'back references'],
    ['(?=a)b', 'looking around'],
    ['(?<!a)b', 'looking around'],
    ['(?<name>a)', 'looking around'],
    ['\\bword', '\\b is not supported'],
    ['(a', 'not closed'],
    ['a)', 'a bracket without its other'],
    ['[a', 'not closed'],
    ['[]', 'empty'],
    ['[b-a]', 'cannot be read'],
    ['*a', 'nothing to repeat'],
    ['a**', 'a quantifier after another'],
    ['a{5,2}', 'out of order'],
    ['a\\', 'a backslash at the end'],
    ['\\q', 'not supported'],
    ['(((a{30}){30}){30})', 'too large'],
    ['a{9999}', 'too large'],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 'too many brackets'],
  ])('%s is refused, and why', (pattern, reason) => {
    expect(reasonOf(pattern)).toContain(reason);
  });
});

describe('evil patterns', () => {
  const evil = [
    '(a+)+$',
    '(a|aa)*$',
    '(a|a)*b',
    '((a*)*)*$',
    '(.*)*x',
    '(a?){30}a{30}b',
    '([a-zA-Z]+)*$',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(x+x+)+y',
    '(.*a){12}$',
  ];

  it.each(evil)('%s takes a step or so for each character and state', (pattern) => {
    const machine = new SafePattern(pattern);
    const stepsFor = (length: number): number => {
      const budget = new StepBudget(plenty);
      machine.matches(charactersOf(`${'a'.repeat(length)}!`), budget);
      return plenty - budget.left;
    };
    const [short, long] = [stepsFor(1000), stepsFor(10_000)];
    expect(long).toBeLessThan(short * 11);
    expect(long).toBeLessThan(10_000 * 1000);
  });

  it.each(evil)('%s on 100 kB ends with its budget', (pattern) => {
    const machine = new SafePattern(pattern);
    const budget = new StepBudget(300_000);
    const took = processorMs(() => {
      machine.matches(charactersOf(`${'a'.repeat(100_000)}!`), budget);
    });
    expect(300_000 - budget.left).toBeLessThan(302_000);
    expect(took).toBeLessThan(500);
  });
});

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}
