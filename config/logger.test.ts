import { expect, test } from 'vitest';
import { createLogger, forPeople, setLogLevel } from './logger.ts';

function capture() {
  const lines: string[] = [];
  const logger = createLogger('info', { write: (line: string) => lines.push(line) });
  return { logger, text: () => lines.splice(0).join('') };
}

test('a level that is changed holds for every logger that was made before', () => {
  const { logger, text } = capture();
  const child = logger.child({ area: 'bot:sends' });
  const grandchild = child.child({ botcode: 'bot01' });
  for (const one of [logger, child, grandchild]) one.debug('hidden');
  expect(text()).toBe('');
  setLogLevel(logger, 'debug');
  for (const one of [logger, child, grandchild]) one.debug('shown');
  expect(text().match(/shown/g)).toHaveLength(3);
  expect(grandchild.child({}).isLevelEnabled('debug')).toBe(true);
  setLogLevel(logger, 'error');
  for (const one of [logger, child, grandchild]) one.warn('hidden');
  expect(text()).toBe('');
});

test('secrets are not written, at the top and two levels down', () => {
  const { logger, text } = capture();
  logger.info({ key: 'S3CRET', channel: { oldKey: 'S3CRET' }, a: { b: { token: 'S3CRET' } } }, 'x');
  logger.error({ err: new Error('Invalid Wechaty TOKEN "puppet_S3CRET"') }, 'x');
  const written = text();
  expect(written).toContain('[redacted]');
  expect(written).not.toContain('S3CRET');
});

test('writes lines for people: time, level, area, words, facts', () => {
  const line = JSON.stringify({
    level: 40,
    time: 0,
    area: 'bot:sends',
    msg: 'paused',
    botcode: 'b1',
    tries: 2,
  });
  expect(forPeople(line)).toMatch(/^\d\d:\d\d:\d\d warn bot:sends paused botcode=b1 tries=2\n$/);
  const { logger, text } = capture();
  logger.warn({ name: 'x\x1b[2J\n12:00:00 info\u202e' }, 'said\x9b');
  expect(forPeople(text())).toMatch(/ warn said\\x9b name=x\\x1b\[2J 12:00:00 info\\u202e\n$/);
});
