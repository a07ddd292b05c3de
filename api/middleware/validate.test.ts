import { expect, it } from 'vitest';
import { z } from 'zod';
import { AppError } from '../../bot/errors.ts';
import { validate } from './validate.ts';

const schema = z.strictObject({
  name: z.string({ error: 'must be text' }).min(2).max(4),
  count: z.int().min(1).max(9).exactOptional(),
  more: z.number().gt(0).exactOptional(),
  kind: z.enum(['a', 'b']).exactOptional(),
  list: z.array(z.boolean()).max(1).exactOptional(),
  either: z.union([z.int(), z.null()]).exactOptional(),
});

it.each([
  [{}, 'name: 缺失', 'name: is missing'],
  [{ name: 5 }, 'name: 须为文本', 'name: must be text'],
  [{ name: 'x' }, 'name: 不能少于 2 个字符', 'name: must have at least 2 characters'],
  [{ name: 'xxxxx' }, 'name: 不能超过 4 个字符', 'name: must not be longer than 4 characters'],
  [{ name: 'xx', count: '1' }, 'count: 须为数字', 'count: must be a number'],
  [{ name: 'xx', count: 1.5 }, 'count: 须为整数', 'count: must be a whole number'],
  [{ name: 'xx', count: 0 }, 'count: 不能小于 1', 'count: must be at least 1'],
  [{ name: 'xx', count: 10 }, 'count: 不能大于 9', 'count: must be at most 9'],
  [{ name: 'xx', more: 0 }, 'more: 须大于 0', 'more: must be above 0'],
  [{ name: 'xx', kind: 'c' }, 'kind: 须为以下之一：a, b', 'kind: must be one of a, b'],
  [{ name: 'xx', list: 1 }, 'list: 须为列表', 'list: must be a list'],
  [{ name: 'xx', list: [true, true] }, 'list: 不能超过 1 项', 'list: must have at most 1 item'],
  [{ name: 'xx', list: [1] }, 'list[0]: 须为true 或 false', 'list[0]: must be true or false'],
  [{ name: 'xx', either: 'a' }, 'either: 类型或取值不正确', 'either: has a wrong type or value'],
  [{ name: 'xx', other: 1 }, 'other: 未知字段', 'other: is not known here'],
  ['text', '须为对象', 'must be an object'],
])('%j: %s', (input, zh, en) => {
  let refused: unknown;
  try {
    validate(schema, input);
  } catch (error) {
    refused = error;
  }
  expect(refused).toBeInstanceOf(AppError);
  expect((refused as AppError).text).toEqual({ zh, en });
});
