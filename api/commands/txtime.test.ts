import { describe, expect, it } from 'vitest';
import { TxtimeReader } from './txtime.ts';

const shanghai = new TxtimeReader('Asia/Shanghai');
const berlin = new TxtimeReader('Europe/Berlin');
const at = (iso: string): number => Date.parse(iso);

describe('yyyymmddhhmmss', () => {
  it('is a time of the configured zone', () => {
    expect(shanghai.read('20191019120000', 0)?.at).toBe(at('2019-10-19T12:00:00+08:00'));
    expect(berlin.read('20260701003059', 0)?.at).toBe(at('2026-07-01T00:30:59+02:00'));
  });

  it('knows the day and its neighbours, across months and leap days', () => {
    expect(shanghai.read('20240229235959', 0)?.day).toEqual({
      day: '20240229',
      before: '20240228',
      after: '20240301',
    });
    expect(shanghai.read('20260101000000', 0)?.day).toEqual({
      day: '20260101',
      before: '20251231',
      after: '20260102',
    });
  });

  it.each([
    '20190229120000',
    '20191301000000',
    '20191000000000',
    '20191019240000',
    '20191019126000',
    '20191019120060',
    '00190119120000',
    '2019-10-1912:0',
    '201910191200000',
    '２０１９１０１９１２００００',
    ' 2019101912000',
    '',
  ])('refuses %j', (text) => {
    expect(shanghai.read(text, 0)).toBeUndefined();
  });

  it('refuses a time that clocks leap over', () => {
    expect(berlin.read('20260329015959', 0)?.at).toBe(at('2026-03-29T01:59:59+01:00'));
    expect(berlin.read('20260329020000', 0)).toBeUndefined();
    expect(berlin.read('20260329025959', 0)).toBeUndefined();
    expect(berlin.read('20260329030000', 0)?.at).toBe(at('2026-03-29T03:00:00+02:00'));
  });

  it('takes the nearer one of a time that comes twice', () => {
    const first = at('2026-10-25T02:30:00+02:00');
    const second = at('2026-10-25T02:30:00+01:00');
    expect(berlin.read('20261025023000', first + 5000)?.at).toBe(first);
    expect(berlin.read('20261025023000', second - 5000)?.at).toBe(second);
  });

  it('is what write makes', () => {
    for (const moment of ['2026-03-29T00:59:59Z', '2026-03-29T01:00:00Z', '2019-12-31T23:00:00Z']) {
      expect(berlin.read(berlin.write(at(moment)), at(moment))?.at).toBe(at(moment));
    }
  });
});

describe('13 digits', () => {
  it('are epoch milliseconds, on the day of the zone', () => {
    expect(shanghai.read('1574822362251', 0)).toEqual({
      at: 1574822362251,
      day: { day: '20191127', before: '20191126', after: '20191128' },
    });
    const night = String(at('2026-01-01T00:30:00+08:00'));
    expect(shanghai.read(night, 0)?.day.day).toBe('20260101');
    expect(berlin.read(night, 0)?.day.day).toBe('20251231');
  });

  it.each(['157482236225x', '-574822362251', '1574822362.51', '1e12         '])(
    'refuse %j',
    (text) => {
      expect(shanghai.read(text, 0)).toBeUndefined();
    },
  );
});

it('stays right when it was asked for more minutes than it keeps', () => {
  const reader = new TxtimeReader('Asia/Shanghai');
  for (let minute = 0; minute < 2000; minute += 1) {
    const moment = at('2026-01-01T00:00:00Z') + minute * 60_000;
    expect(reader.read(reader.write(moment), moment)?.at).toBe(moment);
  }
});
