import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startDaemon, type TestDaemon } from './support/daemon.ts';
import { push } from './support/official-client.ts';

let running: TestDaemon;
let url: string;
beforeAll(async () => {
  running = await startDaemon();
  url = running.url;
});
afterAll(() => running.close());

function xml(to: string, type: string, fields: string): string {
  return `<xml><ToUserName>${to}</ToUserName><FromUserName>u</FromUserName><CreateTime>1</CreateTime><MsgType>${type}</MsgType>${fields}<MsgId>1</MsgId></xml>`;
}

describe('a bad push', () => {
  const good = { msg_type: 'text', contact_id: 'bad', msg: { content: 'x' } };
  const { msg: _msg, ...noMsg } = good;
  it.each([
    ['nothing', '', 'JSON'],
    ['no JSON', '{"data":', 'JSON'],
    ['a list', [], '须为对象'],
    ['no data', {}, 'data'],
    ['no receiver', { data: { ...good, contact_id: undefined } }, 'data.contact_id'],
    ['an empty receiver', { data: { ...good, contact_id: '' } }, 'data.contact_id'],
    [
      'a receiver of the wrong type',
      { data: { ...good, contact_id: ['a', 'b'] } },
      'data.contact_id',
    ],
    ['a name too long', { data: { ...good, contact_id: 'x'.repeat(129) } }, 'data.contact_id'],
    ['no kind', { data: { ...good, msg_type: undefined } }, 'data.msg_type'],
    [
      'a kind unknown and without text',
      { data: { ...good, msg_type: 'enim', msg: {} } },
      'data.msg_type',
    ],
    ['what only the system says', { data: { ...good, msg_type: 'system' } }, 'data.msg_type'],
    ['no msg', { data: noMsg }, 'data.msg'],
    ['no text', { data: { ...good, msg: {} } }, 'data.msg.content'],
    ['a text that is none', { data: { ...good, msg: { content: 7 } } }, 'data.msg.content'],
    ['no address', { data: { ...good, msg_type: 'image', msg: {} } }, 'data.msg.media_path'],
    ['a receiver and many', { data: { ...good, contact_ids: ['a'] } }, 'data.contact_ids'],
    [
      'nobody among many',
      { data: { ...good, contact_id: undefined, contact_ids: [] } },
      'data.contact_ids',
    ],
    [
      'a fault among many',
      { data: { ...good, contact_id: undefined, contact_ids: ['a', ''] } },
      'data.contact_ids[1]',
    ],
    [
      'too many',
      {
        data: {
          ...good,
          contact_id: undefined,
          contact_ids: Array.from({ length: 10_001 }, (_, at) => `${at}`),
        },
      },
      'data.contact_ids',
    ],
    ['no XML', '<xml><ToUserName>a</xml>', 'XML'],
    [
      'a document type',
      '<!DOCTYPE xml [<!ENTITY a "b">]><xml><ToUserName>&a;</ToUserName></xml>',
      'XML',
    ],
    ['no ToUserName', '<xml><MsgType>text</MsgType><Content>c</Content></xml>', 'ToUserName'],
    ['no MsgType', '<xml><ToUserName>a</ToUserName><Content>c</Content></xml>', 'MsgType'],
    ['no Content', '<xml><ToUserName>a</ToUserName><MsgType>text</MsgType></xml>', 'Content'],
    [
      'a MsgType unknown and without Content',
      '<xml><ToUserName>a</ToUserName><MsgType>enim</MsgType></xml>',
      'MsgType',
    ],
    ['an image that is nowhere', xml('a', 'image', ''), 'MediaId'],
    [
      'a place that is none',
      xml('a', 'location', '<Location_X>x</Location_X><Location_Y>1</Location_Y>'),
      'Location_X',
    ],
  ])('%s: 400, code -1, and the reason names it', async (_what, body, named) => {
    const before = running.daemon.core.im.log.stored;
    const reply = await push(url, body as string);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ data: {}, result: { code: -1 } });
    expect(reply.body.result.message).toContain(named);
    expect(running.daemon.core.im.log.stored).toBe(before);
  });

  it('not UTF-8, or too large', async () => {
    const bytes = await fetch(`${url}/send`, { method: 'POST', body: Buffer.from([0x7b, 0xff]) });
    expect(bytes.status).toBe(400);
    const long = { data: { ...good, msg: { content: 'x'.repeat(70_000) } } };
    expect(await push(url, long)).toMatchObject({ status: 413, body: { result: { code: -1 } } });
    const huge = 'x'.repeat(3_000_000);
    expect(await push(url, huge)).toMatchObject({ status: 413, body: { result: { code: -1 } } });
  });
});
