import { expect, test } from 'vitest';
import { plainOf } from './plain.ts';

const cases: [string, string][] = [
  [
    '## 步骤\n**先**执行：\n```sh\nping `x` **1**\n```\n再看 `display bgp`。',
    '步骤\n先执行：\nping `x` **1**\n再看 display bgp。',
  ],
  ['见 [手册](https://x.test/a_b)', '见 手册 https://x.test/a_b'],
  ['2 * 3 * 4 和 a_b_c 和 __init__.py', '2 * 3 * 4 和 a_b_c 和 __init__.py'],
  ['一个 ` 单独的', '一个 ` 单独的'],
  ['1. 一\n- 二\n\n\n\n三', '1. 一\n- 二\n\n三'],
];
test.each(cases)('%j', (markdown, plain) => {
  expect(plainOf(markdown)).toBe(plain);
});
