import fc from 'fast-check';
import { expect, it } from 'vitest';
import { faultyField as sandboxFault } from '../../scripts/wechat-sandbox/field-rules.ts';
import { faultyField, subscribeBody } from './subscribe.ts';
import { fillFields, fitField, timeText } from './subscribe-fields.ts';

const zone = 'Asia/Shanghai';
const at = Date.UTC(2019, 11, 25, 1, 42, 7);
const cut = (kind: string, text: string): string => fitField(kind, text, at, zone);

it('cuts each kind of field to its rule', () => {
  expect(cut('thing', '一二三四五六七八九十一二三四五六七八九十更多')).toBe(
    '一二三四五六七八九十一二三四五六七八九十',
  );
  expect(cut('thing', ' 两行\n\t文字\u0000\u200b ')).toBe('两行 文字');
  expect(cut('thing', `${'x'.repeat(19)}😀`)).toBe('x'.repeat(19));
  expect(cut('thing', '')).toBe('消息');
  expect(cut('number', '共 12.50 元')).toBe('12.50');
  expect(cut('number', '没有')).toBe('0');
  expect(cut('number', `${'9'.repeat(31)}.5`)).toBe('9'.repeat(31));
  expect(cut('letter', 'Order A-17 已付')).toBe('OrderA');
  expect(cut('symbol', '好！！？？？？abc')).toBe('！！？？？');
  expect(cut('character_string', '订单  No.42 已发')).toBe('No.42');
  expect(cut('amount', '合计￥18.50元')).toBe('￥18.50元');
  expect(cut('phone_number', '电话 +86-010 8888 9999 转 12345')).toBe('+86-010 8888 9999');
  expect(cut('car_number', '粤A·8Z888挂')).toBe('粤A8Z888挂');
  expect(cut('name', '欧阳Tom')).toBe('欧阳');
  expect(cut('name', '一二三四五六七八九十百')).toBe('一二三四五六七八九十');
  expect(cut('name', 'A very long name of somebody')).toBe('A very long name of');
  expect(cut('name', '😀')).toBe('匿名');
  expect(cut('phrase', '审核通过 ok 了吗')).toBe('审核通过了');
  expect(cut('phrase', 'ok')).toBe('新消息');
  expect(cut('enum', '待付款')).toBe('待付款');
  expect(cut('time', '15:01~18:00')).toBe('15:01~18:00');
  expect(cut('time', '2019年10月1日 15:01')).toBe('2019年10月1日 15:01');
  expect(cut('time', '你好')).toBe('2019-12-25 09:42');
  expect(cut('date', '2019-10-01')).toBe('2019-10-01');
  expect(cut('date', '15:01')).toBe('2019-12-25 09:42');
});

it('tells times in the zone of the config', () => {
  expect(timeText(at, 'Asia/Shanghai')).toBe('2019-12-25 09:42');
  expect(timeText(at, 'America/New_York')).toBe('2019-12-24 20:42');
  expect(timeText(Date.UTC(2026, 0, 1, 16), 'Asia/Shanghai')).toBe('2026-01-02 00:00');
});

it('whatever is said, a platform that checks every rule takes it', () => {
  const kinds = [
    ...['thing', 'number', 'letter', 'symbol', 'character_string', 'time', 'date', 'amount'],
    ...['phone_number', 'car_number', 'name', 'phrase', 'enum'],
  ];
  const facts = fc.record({
    sender: fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })),
    content: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.string({ maxLength: 80 })),
    at: fc.integer({ min: 0, max: 4_000_000_000_000 }),
  });
  const source = fc.constantFrom('sender' as const, 'content' as const, 'time' as const);
  fc.assert(
    fc.property(facts, fc.array(source, { minLength: 13, maxLength: 13 }), (given, sources) => {
      const map = Object.fromEntries(
        kinds.map((kind, place) => [`${kind}${place + 1}`, sources[place] ?? 'content']),
      );
      expect(sandboxFault(fillFields(map, given, zone), undefined)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

it('names the field that WeChat names', () => {
  expect(faultyField('argument invalid! data.thing2.value invalid rid: 1-2')).toBe('thing2');
  expect(faultyField('argument invalid!')).toBeUndefined();
});

it('leaves out the page where none is configured', () => {
  const settings = { templateId: 'T', state: 'formal', language: 'zh_CN', fields: {} } as const;
  expect(Object.keys(subscribeBody('o', settings, { sender: '', content: '', at }, zone))).toEqual([
    ...['touser', 'template_id', 'miniprogram_state', 'lang', 'data'],
  ]);
});
