import { describe, expect, test } from 'vitest';
import { Stamps } from './stamps.ts';

const shanghai = new Stamps('Asia/Shanghai');
const newYork = new Stamps('America/New_York');

describe('stamps', () => {
  test('are read and written in their zone', () => {
    const at = Date.UTC(2023, 10, 3, 7, 30);
    expect(shanghai.read('2023/11/03 15:30:00')).toBe(at);
    expect(shanghai.write(at + 999)).toBe('2023/11/03 15:30:00');
    expect(newYork.read('2023/11/03 03:30:00')).toBe(at);
    expect(new Stamps('UTC').write(0)).toBe('1970/01/01 00:00:00');
  });

  test.each(['0001/01/01', '2023/02/29', '2023/13/01', '2023/00/10', '2023/04/31'])(
    'there is no %s',
    (day) => {
      expect(shanghai.read(`${day} 00:00:00`)).toBeUndefined();
    },
  );

  test.each(['24:00:00', '00:60:00', '00:00:60', '0:00:00', '00:00'])('there is no %s', (time) => {
    expect(shanghai.read(`2023/11/03 ${time}`)).toBeUndefined();
  });

  test('where clocks go on there is no such time; where they go back it is always the first', () => {
    expect(newYork.read('2026/03/08 02:30:00')).toBeUndefined();
    expect(newYork.read('2026/03/08 03:30:00')).toBe(Date.UTC(2026, 2, 8, 7, 30));
    expect(newYork.read('2026/11/01 01:30:00')).toBe(Date.UTC(2026, 10, 1, 5, 30));
  });

  test('a leap day, and every hour of a year back and forth', () => {
    expect(shanghai.read('2024/02/29 23:59:59')).toBe(Date.UTC(2024, 1, 29, 15, 59, 59));
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2027, 0, 1); at += 3_600_000) {
      expect(shanghai.read(shanghai.write(at))).toBe(at);
    }
  });
});
