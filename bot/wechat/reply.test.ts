import { describe, expect, it } from 'vitest';
import { aesKey, wechatAccount } from '../../tests/support/wechat-pushes.ts';
import { vectors } from '../../tests/support/wechat-vectors.ts';
import { VirtualClock } from '../clock.ts';
import { parseJsonFields } from './big-json.ts';
import { textIn } from './fields.ts';
import { type Answered, acknowledgement, passiveReply, type Reply } from './reply.ts';
import { signatureOf } from './signature.ts';
import { parseXml } from './xml.ts';

const official = wechatAccount({ kind: 'official' });
const miniprogram = wechatAccount({ kind: 'miniprogram' });
const sealed = wechatAccount({ kind: 'official', encodingAesKey: aesKey });
const clock = new VirtualClock(12_345_678_900);
const push: Answered = {
  ...{ format: 'xml', mode: 'plain', kind: 'text' },
  ...{ openId: 'toUser', toUser: 'fromUser', nonce: '415670741' },
};
const { replies, handler_cases } = vectors('wechat-passive-replies');

/** Each reply of the vectors in our words. */
const ours: Record<string, Reply> = {
  text: { type: 'text', text: '你好' },
  image: { type: 'image', mediaId: 'media_id' },
  voice: { type: 'voice', mediaId: 'media_id' },
  video: { type: 'video', mediaId: 'media_id', title: 'optional', description: 'optional' },
  music: {
    ...{ type: 'music', title: 'optional', description: 'optional', url: 'optional' },
    ...{ hqUrl: 'optional', thumbMediaId: 'required' },
  },
  news: { type: 'news', articles: [{ title: 't', description: 'd', picUrl: 'p', url: 'u' }] },
  transfer_customer_service: { type: 'transfer' },
};

describe('a passive reply', () => {
  it.each(replies)('$type', ({ type, fields, xml }) => {
    const reply = ours[type];
    const text = passiveReply(push, reply, official, clock);
    if (type !== 'transfer_customer_service') {
      if (xml !== undefined) expect(text).toBe(xml);
    } else {
      const other = { ...push, openId: 'touser', toUser: 'fromuser' };
      const then = new VirtualClock(1_399_197_672_000);
      expect(passiveReply(other, reply, official, then)).toBe(xml);
    }
    const common = { ToUserName: 'toUser', FromUserName: 'fromUser', CreateTime: '12345678' };
    // A list of one is the one, in XML.
    const inXml = { ...fields, ...(type === 'news' && { Articles: { item: article } }) };
    const said = { ...common, MsgType: type };
    expect(parseXml(text)).toEqual({ ...said, ...textsOf(inXml) });

    const json = passiveReply({ ...push, format: 'json' }, reply, official, clock);
    const inJson = { ...fields, ...(type === 'news' && { Articles: [article] }) };
    expect(parseJsonFields(json)).toEqual({ ...said, ...textsOf(inJson) });
    expect(JSON.parse(json)).toMatchObject({ CreateTime: 12_345_678 });
  });

  it.each(handler_cases)('of a handler that returns $handler_returns', (vector) => {
    const { handler_returns, body, reply } = vector;
    const said: Reply | undefined =
      handler_returns === null ? undefined : { type: 'text', text: handler_returns };
    const answered = { ...push, openId: 'fromUser', toUser: 'toUser' };
    const text = passiveReply(answered, said, official, clock);
    if (body !== undefined) expect(text).toBe(body);
    else expect(parseXml(text)).toMatchObject(reply ?? {});
  });

  it('is encrypted where the push was, and signed with our own time and its nonce', () => {
    for (const [format, mode] of [
      ['xml', 'secure'],
      ['json', 'secure'],
      ['xml', 'compatible'],
    ] as const) {
      const text = passiveReply({ ...push, format, mode }, ours['text'], sealed, clock);
      const outer = format === 'xml' ? parseXml(text) : parseJsonFields(text);
      expect(Object.keys(outer)).toEqual(['Encrypt', 'MsgSignature', 'TimeStamp', 'Nonce']);
      expect([outer['TimeStamp'], outer['Nonce']]).toEqual(['12345678', '415670741']);
      const encrypted = textIn(outer, 'Encrypt');
      expect(outer['MsgSignature']).toBe(
        signatureOf(['AAAAA', '12345678', '415670741', encrypted]),
      );
      const inner = sealed.cipher?.decrypt(encrypted) ?? '';
      expect(inner).toContain('你好');
    }
    expect(passiveReply({ ...push, mode: 'secure' }, undefined, sealed, clock)).toBe('success');
  });

  it('splits the end of CDATA, and leaves out what XML cannot hold', () => {
    const text = passiveReply(push, { type: 'text', text: 'a]]>b\u0001' }, official, clock);
    expect(text).toContain('<![CDATA[a]]]]><![CDATA[>b]]>');
    expect(textIn(parseXml(text), 'Content')).toBe('a]]>b');
  });
});

describe('what WeChat does not allow is left out', () => {
  it('mini programs say nothing but that their user is handed over', () => {
    for (const [type, reply] of Object.entries(ours)) {
      const text = passiveReply(push, reply, miniprogram, clock);
      if (type === 'transfer_customer_service') expect(text).toContain(type);
      else expect(text).toBe(acknowledgement);
    }
  });

  it('events are not handed over, messages are, to one agent or any', () => {
    const event = { ...push, kind: 'event:click' };
    expect(passiveReply(event, { type: 'transfer' }, official, clock)).toBe('success');
    const text = passiveReply(push, { type: 'transfer', agent: 'test1@test' }, official, clock);
    expect(text).toContain('<TransInfo><KfAccount><![CDATA[test1@test]]></KfAccount></TransInfo>');
  });

  it('one article answers a message, up to eight an event; none is no answer', () => {
    const articles = Array.from({ length: 9 }, (_, at) => ({ title: `t${at}`, url: 'u' }));
    const count = (kind: string): string =>
      textIn(
        parseXml(passiveReply({ ...push, kind }, { type: 'news', articles }, official, clock)),
        'ArticleCount',
      );
    expect([count('text'), count('location'), count('event:click')]).toEqual(['1', '1', '8']);
    const none: Reply = { type: 'news', articles: [] };
    expect(passiveReply(push, none, official, clock)).toBe('success');
    expect(passiveReply(push, { type: 'text', text: '' }, official, clock)).toBe('success');
  });

  it('a text of more than 2048 bytes is cut between characters', () => {
    const long = passiveReply(
      push,
      { type: 'text', text: '你\u{1f600}'.repeat(400) },
      official,
      clock,
    );
    const content = textIn(parseXml(long), 'Content');
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048);
    expect(Buffer.byteLength(content)).toBeGreaterThan(2040);
    expect(content).toMatch(/^(你\u{1f600})+你?…$/u);
    const exact = 'x'.repeat(2048);
    expect(passiveReply(push, { type: 'text', text: exact }, official, clock)).toContain(exact);
  });
});

const article = { Title: 't', Description: 'd', PicUrl: 'p', Url: 'u' };

/** As fields are read: every value a text. */
function textsOf(value: unknown): Record<string, unknown> {
  return JSON.parse(
    JSON.stringify(value, (_key, one) => (typeof one === 'number' ? `${one}` : one)),
  );
}
