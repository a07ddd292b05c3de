import { describe, expect, it } from 'vitest';
import { maskedSource } from '../config/masked-source.ts';
import { maskedAddress } from '../config/masked-text.ts';
import { sourceSchema } from '../config/report-schema.ts';
import { AppError } from './errors.ts';
import { unmaskedAddress, unmaskedSource } from './unmasked.ts';

describe('an address is shown without what opens a door', () => {
  it.each([
    ['https://erp.example/cb?day={{ day }}&x=1', 'https://erp.example/cb?day={{ day }}&x=1'],
    ['https://me:pa%2Fss@erp.example/cb', 'https://me:***@erp.example/cb'],
    ['https://sk_live_51H8@erp.example/', 'https://***@erp.example/'],
    ['https://sk_live_51H8:@erp.example/', 'https://***:@erp.example/'],
    [
      'https://oapi.dingtalk.com/robot/send?access_token=5a7f&x=1',
      'https://oapi.dingtalk.com/robot/send?access_token=***&x=1',
    ],
    [
      'https://open.feishu.cn/open-apis/bot/v2/hook/5f3c1d0e-1f4b-4c8e-9d9a-0a1b2c3d4e5f',
      'https://open.feishu.cn/open-apis/bot/v2/hook/***',
    ],
    [
      'https://hooks.example/services/T01A2B3C4/B01A2B3C4/x1Y2z3A4b5C6d7E8f9G0h1I2',
      'https://hooks.example/services/T01A2B3C4/B01A2B3C4/***',
    ],
    [
      'https://erp.example/a?key=k&key=k2&monkey=1',
      'https://erp.example/a?key=***&key=***&monkey=1',
    ],
    ['https://erp.example/#token=t', 'https://erp.example/#token=***'],
    [
      'https://erp.example/a?signkey=a&sendkey=b&passkey=c&licensekey=d&skey=e&mykey=f&appsign=g',
      'https://erp.example/a?signkey=***&sendkey=***&passkey=***&licensekey=***&skey=***&mykey=***&appsign=***',
    ],
    [
      'https://erp.example/a?monkey=1&keyboard=2&keyword=3&page=4&design=5&sortkey=6&firstMonkey=7&hotkeys=8',
      'https://erp.example/a?monkey=1&keyboard=2&keyword=3&page=4&design=5&sortkey=6&firstMonkey=7&hotkeys=8',
    ],
    [
      'https://erp.example/a?access%5Ftoken=t&%70assword=p&a%2=1',
      'https://erp.example/a?access%5Ftoken=***&%70assword=***&a%2=1',
    ],
    [
      'https://api.telegram.org/bot123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage',
      'https://api.telegram.org/bot123456789:***/sendMessage',
    ],
    [
      'https://api.telegram.org/bot123456789%3AAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/sendMessage',
      'https://api.telegram.org/bot123456789%3A***/sendMessage',
    ],
    ['https://sctapi.ftqq.com/SCT123456TabcdefGHIJKLmnop.send', 'https://sctapi.ftqq.com/***.send'],
    [
      'https://erp.example/reports/daily-report.v2.json',
      'https://erp.example/reports/daily-report.v2.json',
    ],
    ['{{ base }}/a?appkey=k', '{{ base }}/a?appkey=***'],
    ['https://erp.example/a?token={{ day }}', 'https://erp.example/a?token={{ day }}'],
    [
      'https://erp.example/daily-report-of-2026-11-22',
      'https://erp.example/daily-report-of-2026-11-22',
    ],
    // Parameters of a part of the path.
    ['https://erp.example/a;token=t;v=1/b', 'https://erp.example/a;token=***;v=1/b'],
    ['https://erp.example/a;%74oken=t?v=1', 'https://erp.example/a;%74oken=***?v=1'],
    [
      'https://erp.example/cb;jsessionid=A1b2C3d4E5f6G7h8I9j0K1L2',
      'https://erp.example/cb;jsessionid=***',
    ],
    ['https://erp.example/a;token={{ day }};b', 'https://erp.example/a;token={{ day }};b'],
    ['https://erp.example/a?x=1;token=t;y=2', 'https://erp.example/a?x=1;token=***;y=2'],
    ['https://erp.example/a?token=t;y=2&z=3', 'https://erp.example/a?token=***&z=3'],
    // Keys of Azure's functions, and codes that open a door once.
    [
      'https://f.azurewebsites.net/api/notify?code=k/Q==&clientId=x',
      'https://f.azurewebsites.net/api/notify?code=***&clientId=x',
    ],
    ['https://erp.example/a?x=1#Code=d', 'https://erp.example/a?x=1#Code=***'],
    ['https://erp.example/a?x=1#token=t', 'https://erp.example/a?x=1#token=***'],
    ['{{ base }}/a?code=k', '{{ base }}/a?code=***'],
    [
      'https://erp.example/a?zipcode=1&codes=2&shopCode=3&code={{ shop }}',
      'https://erp.example/a?zipcode=1&codes=2&shopCode=3&code={{ shop }}',
    ],
    ['postgres://reader@db.example/shop', 'postgres://reader@db.example/shop'],
    [
      'postgres://reader:x@db.example/shop?password=y&sslmode=require',
      'postgres://reader:***@db.example/shop?password=***&sslmode=require',
    ],
  ])('%s', (address, shown) => {
    expect(maskedAddress(address)).toBe(shown);
    expect(unmaskedAddress(address, undefined, 'url')).toBe(address);
    if (address.startsWith('http')) expect(unmaskedAddress(shown, address, 'url')).toBe(address);
  });
});

const http = (part: object) =>
  sourceSchema.parse({ type: 'http', url: 'https://erp.example/a', ...part });

describe('a source is shown without what was typed into it', () => {
  it.each([
    [{ Authorization: 'Bearer HIDE' }, { Authorization: 'Bearer ***' }],
    [{ Cookie: 'sid=HIDE' }, { Cookie: '***' }],
    [{ 'X-Anything': 'HIDE' }, { 'X-Anything': '***' }],
    [{ Authorization: 'Bearer {secret:erp}' }, { Authorization: 'Bearer {secret:erp}' }],
    [{ 'X-Key': '{secret:erp}' }, { 'X-Key': '{secret:erp}' }],
    [{ 'X-Key': '{secret:erp}HIDE' }, { 'X-Key': '***' }],
    [{ Accept: 'application/json' }, { Accept: 'application/json' }],
  ])('header %j', (headers, shown) => {
    const masked = maskedSource(http({ headers }));
    expect(masked).toMatchObject({ headers: shown });
    expect(unmaskedSource(masked, http({ headers }))).toEqual(http({ headers }));
  });

  it.each([
    ['user=me&password=HIDE', 'user=me&password=***'],
    ['Server=db;Password=HIDE;Port=1', 'Server=db;Password=***;Port=1'],
    // What is a key in an address is a number of something elsewhere.
    ['code=SH01&user=me', 'code=SH01&user=me'],
    [{ code: 'SH01' }, { code: 'SH01' }],
    ['{"user":"me","password":"HI\\"DE","n":1}', '{"user":"me","password":"***","n":1}'],
    ['{"token":123456,"n":-1.5e3}', '{"token":***,"n":-1.5e3}'],
    ['{"pass\\u0077ord":"HIDE","keys": {{ n }}}', '{"pass\\u0077ord":"***","keys": {{ n }}}'],
    [
      '{"list":[{"name":"password","value":"HI}DE"},{"value":4711,"key":"token"},{"name":"page","value":"1"}]}',
      '{"list":[{"name":"password","value":"***"},{"value":***,"key":"***"},{"name":"page","value":"1"}]}',
    ],
    [
      {
        list: [
          { name: 'password', value: 'HIDE' },
          { value: 4711, key: 'token' },
          { name: 'page', value: 1 },
          { name: 'token', value: '{{ day }}' },
        ],
      },
      {
        list: [
          { name: 'password', value: '***' },
          { value: '***', key: '***' },
          { name: 'page', value: 1 },
          { name: 'token', value: '{{ day }}' },
        ],
      },
    ],
    [
      '<xml><user>me</user><password>HIDE</password><sign><![CDATA[HI]DE]]></sign></xml>',
      '<xml><user>me</user><password>***</password><sign><![CDATA[***]]></sign></xml>',
    ],
    [
      '<a:token type="x">HIDE</a:token><page>1</page><token>{{ day }}</token>',
      '<a:token type="x">***</a:token><page>1</page><token>{{ day }}</token>',
    ],
    [
      '<user name="me" password="HIDE"/><param name="token">HIDE</param><param name="pwd" value="HIDE"/>',
      '<user name="me" password="***"/><param name="token">***</param><param name="pwd" value="***"/>',
    ],
    [
      { user: 'me', password: 'HIDE', pin: { secret: ['HIDE', 4711] }, day: '{{ day }}' },
      { user: 'me', password: '***', pin: { secret: ['***', '***'] }, day: '{{ day }}' },
    ],
    [
      { token: '{{ day }}', next: 'https://a:HIDE@b/c' },
      { token: '{{ day }}', next: 'https://a:***@b/c' },
    ],
  ])('body %j', (body, shown) => {
    const masked = maskedSource(http({ body }));
    expect(masked).toMatchObject({ body: shown });
    expect(unmaskedSource(masked, http({ body }))).toEqual(http({ body }));
  });

  it('others hold none', () => {
    const source = sourceSchema.parse({ type: 'sqlite', file: 'a.db', sql: "SELECT 'token=1'" });
    expect(maskedSource(source)).toBe(source);
  });
});

describe('what is masked and comes back', () => {
  const stored = http({
    url: 'https://erp.example/a?token=HIDE',
    headers: { authorization: 'Bearer HIDE', 'x-key': 'HIDE-2' },
  });

  it('stays while the rest is changed', () => {
    const changed = http({
      url: 'https://erp.example/b?x=1&token=***',
      headers: { Authorization: 'Bearer ***', 'X-New': 'typed' },
    });
    expect(unmaskedSource(changed, stored)).toEqual(
      http({
        url: 'https://erp.example/b?x=1&token=HIDE',
        headers: { Authorization: 'Bearer HIDE', 'X-New': 'typed' },
      }),
    );
  });

  it.each([
    'https://evil.example/a',
    'http://erp.example/a',
    'https://erp.example:444/a',
    'https://erp.example.evil.example/a',
    'https://erp.example@evil.example/a',
    'https://erp.example\\@evil.example/a',
    'https://erp.example{{ ".evil.example" }}/a',
    '{{ "https://evil.example/" }}https://erp.example/a',
    ' https://evil.example/https://erp.example/a',
  ])('is not told to %s', (url) => {
    const moved = http({ url, headers: { authorization: 'Bearer ***' } });
    expect(() => unmaskedSource(moved, stored)).toThrow(AppError);
  });

  it('is refused where nothing is kept that it could stand for', () => {
    const field = (part: object, kept: typeof stored | undefined) => {
      try {
        return unmaskedSource(http(part), kept);
      } catch (error) {
        return error instanceof AppError ? error.field : error;
      }
    };
    expect(field({ headers: { authorization: '***' } }, undefined)).toBe('source');
    expect(field({ headers: { 'x-other': '***' } }, stored)).toBe('source');
    expect(field({ url: 'https://erp.example/a?token=***&token=***' }, stored)).toBe('source');
    expect(field({ url: 'https://erp.example/hook/***' }, stored)).toBe('source');
    expect(field({ headers: { authorization: '***' } }, sourceSchema.parse({ type: 'none' }))).toBe(
      'source',
    );
  });
});
