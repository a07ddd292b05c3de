import { expect, test } from 'vitest';
import { toCard, toIncoming, toMiniProgram } from './message-mapping.ts';

const self = { id: 'wxid_me', names: ['小助手', '群里的我'] };
const base = {
  id: '1',
  type: 7,
  talkerId: 'wxid_other',
  roomId: '1@chatroom',
  text: '',
  timestamp: 1_700_000_000,
};
const nobody = { fromName: '', card: undefined };

test.each([
  ['@小助手', true],
  ['@小助手 在吗', true],
  ['@小助手\u2005在吗', true],
  ['你好 @群里的我 在吗', true],
  ['@小助手们 在吗', false],
  ['@小助手们 @小助手 在吗', true],
  ['小助手在吗', false],
  ['@别人 在吗', false],
])('a typed mention: %s', (text, mentionsSelf) => {
  expect(toIncoming({ ...base, text }, self, nobody).mentionsSelf).toBe(mentionsSelf);
});

test('a mention WeChat knows counts whatever the text says', () => {
  const payload = { ...base, text: '看一下', mentionIdList: ['wxid_a', 'wxid_me'] };
  expect(toIncoming(payload, self, nobody).mentionsSelf).toBe(true);
});

test('own words and private chats are no mentions', () => {
  const own = { ...base, talkerId: 'wxid_me', text: '@小助手 ' };
  expect(toIncoming(own, self, nobody)).toMatchObject({ self: true, mentionsSelf: false });
  const { roomId: _room, ...toMe } = base;
  const direct = toIncoming({ ...toMe, listenerId: 'wxid_me', text: '@小助手' }, self, nobody);
  expect(direct).toMatchObject({ roomId: undefined, toId: 'wxid_me', mentionsSelf: false });
});

test('seconds and milliseconds are the same moment; what is not known is a notification', () => {
  expect(toIncoming(base, self, nobody).at).toBe(1_700_000_000_000);
  const milliseconds = { ...base, timestamp: 1_700_000_000_123, type: 99 };
  expect(toIncoming(milliseconds, self, nobody)).toMatchObject({
    at: 1_700_000_000_123,
    kind: 'notification',
  });
});

test('a card survives the way through the puppet protocol', () => {
  const card = {
    appid: 'wx1',
    username: 'gh_1@app',
    title: '标题',
    description: '描述',
    pagePath: 'pages/a?b=1',
    thumbUrl: 'http://127.0.0.1/a.png',
    thumbKey: 'key',
  };
  expect(toCard(toMiniProgram(card))).toEqual(card);
  const { thumbKey: _none, ...plain } = card;
  // gRPC fills in empty texts for what was not said.
  expect(toCard({ ...toMiniProgram(plain), thumbKey: '', iconUrl: '' })).toEqual(plain);
});
