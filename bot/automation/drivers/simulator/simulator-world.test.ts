import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger } from '../../../../config/logger.ts';
import { World, type WorldOptions } from './simulator-world.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wxrc-world-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const file = (): string => join(folder, 'bot01.jsonl');
function world(options: Partial<WorldOptions> = {}): World {
  const logger = createLogger('silent');
  return new World({ botcode: 'bot01', seed: undefined, file: file(), logger, ...options });
}
const lines = (): string[] => readFileSync(file(), 'utf8').split('\n').filter(Boolean);
const texts = (one: World, chat: string): (string | undefined)[] =>
  one.seen(chat).map(({ text }) => text);

/** Everything a world knows, to be compared before and after. */
function told(one: World): unknown {
  const rooms = one.rooms(one.mainAccount().id);
  const chats = [...rooms, ...one.contacts()].map(({ id }) => one.seen(id));
  const members = rooms.map((room) => one.membersOf(room));
  return { rooms, members, contacts: one.contacts(), session: one.session(), chats };
}

test('every account finds the first rooms with Chinese members, and ids of its own', () => {
  const one = world();
  const [test, project] = one.rooms(one.mainAccount().id);
  expect(test?.topic).toBe('测试群');
  expect(project?.topic).toBe('项目通知群');
  expect(one.mainAccount().name).toBe('模拟微信 bot01');
  const other = one.account('另一个');
  const theirs = one.rooms(other.id);
  expect(theirs.map(({ topic }) => topic)).toEqual(['测试群', '项目通知群']);
  expect(theirs[0]?.id).not.toBe(test?.id);
  const elsewhere = world({ botcode: 'bot02', file: join(folder, 'bot02.jsonl') });
  expect(elsewhere.mainAccount().id).not.toBe(one.mainAccount().id);
  expect(elsewhere.rooms(elsewhere.mainAccount().id)[0]?.id).not.toBe(test?.id);
});

test('a seed decides every id', () => {
  const ids = (seed: number | undefined, name: string): string[] => {
    const one = world({ seed, file: join(folder, `${name}.jsonl`) });
    const account = one.mainAccount();
    return [account.id, ...one.rooms(account.id).map(({ id }) => id)];
  };
  expect(ids(7, 'a')).toEqual(ids(7, 'b'));
  expect(ids(7, 'a')).not.toEqual(ids(8, 'c'));
  expect(ids(undefined, 'd')).toEqual(ids(undefined, 'e'));
});

test('a later process finds the same world', () => {
  const one = world();
  const account = one.mainAccount();
  const room = one.createRoom(account.id, '会议', ['张三', '新人', '新人']);
  one.changeRoom(room, { topic: '会议室', add: ['陈七'], remove: ['张三'] });
  const contact = one.addContact('新朋友');
  one.startSession(account);
  one.say(room.id, account, true, { kind: 'text', text: '一', ref: '1' }, 1000);
  one.say(contact.id, contact, false, { kind: 'text', text: '二' }, 2000);
  const later = world();
  expect(told(later)).toEqual(told(one));
  expect(later.room(room.id)?.topic).toBe('会议室');
  const next = later.createRoom(account.id, '会议', []);
  expect(next.id).not.toBe(room.id);
  const [first, second] = [1, 2].map(() =>
    later.say(room.id, account, true, { kind: 'text', text: '三' }, 3000),
  );
  expect(first?.seq).toBe(3);
  expect(second?.id).not.toBe(first?.id);
});

test('what is written is on file before the call returns, open or not', () => {
  const one = world();
  const account = one.mainAccount();
  const room = one.createRoom(account.id, '即时', []);
  const last = (): unknown => JSON.parse(lines().at(-1) ?? '');
  const said = one.say(room.id, account, true, { kind: 'text', text: '关' }, 1);
  expect(last()).toEqual({ t: 'message', ...said });
  one.hold();
  const more = one.say(room.id, account, true, { kind: 'text', text: '开' }, 2);
  expect(last()).toEqual({ t: 'message', ...more });
  one.release();
});

test('a torn last line is forgotten at every byte, and nothing else', () => {
  const one = world();
  const account = one.mainAccount();
  const room = one.createRoom(account.id, '断电', []);
  one.say(room.id, account, true, { kind: 'text', text: '完整' }, 1);
  const whole = readFileSync(file());
  one.say(room.id, account, true, { kind: 'text', text: '撕裂' }, 2);
  const torn = readFileSync(file());
  for (let size = whole.length; size <= torn.length; size += 7) {
    rmSync(file());
    appendFileSync(file(), torn.subarray(0, size));
    const later = world();
    const expected = size >= torn.length - 1 ? ['完整', '撕裂'] : ['完整'];
    expect(texts(later, room.id)).toEqual(expected);
    later.say(room.id, account, true, { kind: 'text', text: '之后' }, 3);
    expect(texts(world(), room.id)).toEqual([...expected, '之后']);
  }
  truncateSync(file(), torn.length - 1);
  expect(texts(world(), room.id)).toContain('完整');
});

test('lines that are not ours do no harm', () => {
  const one = world();
  const account = one.mainAccount();
  const room = one.createRoom(account.id, '杂物', []);
  one.say(room.id, account, true, { kind: 'text', text: '前' }, 1);
  appendFileSync(file(), 'null\n7\n{"t":"later-version","x":1}\n\u0000\u0001\n{"t":\n');
  const later = world();
  later.say(room.id, account, true, { kind: 'text', text: '后' }, 2);
  expect(texts(world(), room.id)).toEqual(['前', '后']);
});

test('a chat keeps its newest messages, in memory and on file', () => {
  const one = world({ keep: 100 });
  const account = one.mainAccount();
  const room = one.createRoom(account.id, '很忙', []);
  const quiet = one.createRoom(account.id, '安静', []);
  one.say(quiet.id, account, true, { kind: 'text', text: '老话' }, 1);
  for (let index = 1; index <= 1_000; index += 1) {
    one.say(room.id, account, true, { kind: 'text', text: `${index}` }, index);
  }
  expect(one.seen(room.id).length).toBeGreaterThanOrEqual(100);
  expect(one.seen(room.id).length).toBeLessThanOrEqual(125);
  expect(texts(one, room.id).at(-1)).toBe('1000');
  expect(lines().length).toBeGreaterThan(1_000);
  const later = world({ keep: 100 });
  expect(texts(later, room.id)).toEqual(texts(one, room.id));
  expect(texts(later, quiet.id)).toEqual(['老话']);
  expect(lines().length).toBeLessThan(160);
  expect(later.say(room.id, account, true, { kind: 'text', text: '新' }, 9).seq).toBe(1_002);
  expect(texts(world({ keep: 100 }), room.id).at(-1)).toBe('新');
});

test('a journal that has grown is written anew while in use', () => {
  const one = world({ keep: 10, compactAt: 5_000 });
  const account = one.mainAccount();
  one.hold();
  const room = one.createRoom(account.id, '长跑', []);
  for (let index = 1; index <= 500; index += 1) {
    one.say(room.id, account, true, { kind: 'text', text: `${index}` }, index);
  }
  one.release();
  expect(readFileSync(file()).length).toBeLessThan(15_000);
  const later = world({ keep: 10 });
  expect(texts(later, room.id).slice(-10)).toEqual(texts(one, room.id).slice(-10));
  expect(texts(later, room.id).at(-1)).toBe('500');
});

test('a world nobody asks about is not read and not written', () => {
  world();
  expect(() => readFileSync(file())).toThrow(/ENOENT/);
});
