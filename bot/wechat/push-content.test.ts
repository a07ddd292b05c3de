import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textPush } from '../../tests/support/wechat-pushes.ts';
import { parseJsonFields } from './big-json.ts';
import type { WechatFields } from './fields.ts';
import { kindOf, readFields } from './push.ts';
import { choicesOf, contentOfPush, outcomesOf } from './push-content.ts';
import { redacted } from './redact.ts';
import { buildXml, parseXml } from './xml.ts';

function contentOf(fields: Record<string, unknown>) {
  const read = parseJsonFields(JSON.stringify(fields));
  return contentOfPush({ kind: kindOf(read), fields: read });
}

const message = (MsgType: string, more: object) =>
  contentOf({ ...textPush('o1', ''), MsgType, ...more });
const event = (Event: string, more: object) =>
  contentOf({ ...textPush('o1', ''), Content: undefined, MsgType: 'event', Event, ...more });

describe('the content of a push', () => {
  it.each([
    ['text', { Content: '/:8-)' }, { type: 'text', text: '/:8-)' }],
    ['image', { PicUrl: 'p', MediaId: 'm' }, { type: 'image', url: 'p', mediaId: 'm' }],
    [
      ...['voice', { MediaId: 'm', Format: 'amr', Recognition: '你好' }],
      { type: 'voice', url: '', mediaId: 'm', format: 'amr', text: '你好' },
    ],
    ['voice', { MediaId: 'm', Recognition: '' }, { type: 'voice', url: '', mediaId: 'm' }],
    ['video', { MediaId: 'm', ThumbMediaId: 't' }, { type: 'video', url: '', mediaId: 'm' }],
    [
      ...['shortvideo', { MediaId: 'm', ThumbMediaId: 't' }],
      { type: 'video', url: '', mediaId: 'm', format: 'shortvideo' },
    ],
    [
      ...['location', { Location_X: '23.134521', Location_Y: 113.358803, Scale: '20', Label: 'l' }],
      { type: 'location', latitude: 23.134_521, longitude: 113.358_803, scale: 20, label: 'l' },
    ],
    ['location', {}, { type: 'location', latitude: 0, longitude: 0, label: '' }],
    [
      ...['link', { Title: 't', Description: 'd', Url: 'u' }],
      { type: 'link', title: 't', description: 'd', url: 'u' },
    ],
    [
      ...['miniprogrampage', { Title: 't', AppId: 'a', PagePath: 'p', ThumbMediaId: 'm' }],
      { type: 'miniProgram', title: 't', appid: 'a', path: 'p', thumbMediaId: 'm' },
    ],
  ] as [string, object, object][])('%s', (type, more, expected) => {
    expect(message(type, more)).toEqual(expected);
  });

  it('of an event keeps its name as it was written, and every field of its own', () => {
    expect(event('CLICK', { EventKey: 'k', MenuId: 5 })).toEqual({
      ...{ type: 'event', event: 'CLICK', data: { EventKey: 'k', MenuId: '5' } },
    });
    const pictures = { Count: 1, PicList: { item: { PicMd5Sum: 'x' } } };
    expect(event('pic_weixin', { SendPicsInfo: pictures })).toMatchObject({
      data: { SendPicsInfo: { Count: '1', PicList: { item: { PicMd5Sum: 'x' } } } },
    });
  });

  it('of a kind that is new is kept', () => {
    expect(message('hologram', { Depth: { Layers: [1, 2] } })).toEqual({
      ...{ type: 'unknown', kind: 'hologram' },
      data: { Content: '', Depth: { Layers: ['1', '2'] } },
    });
    expect(contentOf({ ToUserName: 'gh_1', InfoType: 'new' })).toEqual({
      ...{ type: 'unknown', kind: '', data: { InfoType: 'new' } },
    });
  });

  it('is found whatever the fields are', () => {
    const names = fc.constantFrom(
      ...['MsgType', 'Event', 'Content', 'MediaId', 'List', 'Location_X', 'Scale', 'Ticket'],
      ...['SubscribeMsgPopupEvent', 'TemplateId', 'ErrorCode', 'constructor', 'toString', 'x'],
    );
    const values = fc.oneof(
      fc.constantFrom('text', 'event', 'location', 'subscribe_msg_popup_event', '', 'NaN', '1e999'),
      fc.string(),
    );
    const { fields } = fc.letrec<{ fields: WechatFields }>((tie) => ({
      fields: fc.dictionary(
        names,
        fc.oneof(
          { depthSize: 'small' },
          values,
          tie('fields'),
          fc.array(fc.oneof(values, tie('fields'))),
        ),
        { maxKeys: 6 },
      ),
    }));
    fc.assert(
      fc.property(fields, (given) => {
        const push = { kind: kindOf(given), fields: given };
        expect(contentOfPush(push)).toHaveProperty('type');
        for (const one of choicesOf(push)) expect(typeof one.accepted).toBe('boolean');
        for (const one of outcomesOf(push)) expect(Number.isFinite(one.errorCode)).toBe(true);
        const text = JSON.stringify(given);
        const kept = redacted({ format: 'json', fields: given, text });
        expect(kept).not.toContain('"Ticket":');
        if (!text.includes('"Ticket":')) expect(kept).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('what is kept of a push', () => {
  it('is the text as it came, unless it holds a secret', () => {
    const said =
      '<xml><ToUserName>a</ToUserName>\n<Content><![CDATA[<Ticket>x</Ticket>]]></Content></xml>';
    const keep = (text: string): string => {
      const read = readFields(text);
      if (read === undefined) throw new Error('not read');
      return redacted({ ...read, text });
    };
    expect(keep(said)).toBe(said);
    const scanned = buildXml({
      Event: 'SCAN',
      EventKey: '5',
      Ticket: 'secret',
      Inner: { Encrypt: 'x', A: 1 },
    });
    expect(parseXml(keep(scanned))).toEqual({ Event: 'SCAN', EventKey: '5', Inner: { A: '1' } });
    const verify = '{"InfoType":"component_verify_ticket","ComponentVerifyTicket":"ticket@@@x"}';
    expect(keep(verify)).toBe('{"InfoType":"component_verify_ticket"}');
  });
});
