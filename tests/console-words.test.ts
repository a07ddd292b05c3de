import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { consoleSources } from '../scripts/console-build.ts';
import { dictionariesBelow } from '../scripts/console-dictionaries.ts';
import { listed, numbered } from '../scripts/console-words.ts';

let root: string;

/** Sources as somebody may write them: a file's name, and what is in it. */
const sources = {
  'words/common.ts': `export const common = words({ save: '存', none: '无' }, { none: 'None', save: 'Save' });`,
  'screens/bots/words.ts': `
    export const w = words(
      { title: '题', count: (n: number) => n + ' 个' },
      { count: (n: number) => n + ' bots', title: 'Title' },
    );
    export const states = words({ on: '开', 'not-on': '关' }, { on: 'on', 'not-on': 'off' });`,
  'screens/bots/bots.tsx': `
    import { common as all } from '../../words/common.ts';
    import { states, w } from './words.ts';
    const made = { w: 1, title: w.title };
    export const shown = (state: 'on') => <p title={all.none}>{w.count(made.w)} {states[state]} {states.on}</p>;`,
};

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'wxrc-console-words-'));
  for (const [file, code] of Object.entries(sources)) write(file, code);
});
afterAll(() => rmSync(root, { recursive: true }));

function write(file: string, code: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), code);
}

test('words that are named are numbered, words that are looked up keep their keys', () => {
  const all = dictionariesBelow(root);
  const made = (file: keyof typeof sources) => numbered(sources[file], file, all);
  expect(made('words/common.ts')).toBe('export const common = words(2);');
  const file = 'screens/bots/words.ts';
  expect(made(file)).toContain('w = words(0);');
  expect(made(file)).toContain("states = words(1, 'on not-on');");
  const screen = made('screens/bots/bots.tsx');
  expect(screen).toContain('{ w: 1, title: w[0] }');
  expect(screen).toContain('title={all[1]}>{w[1](made.w)} {states[state]} {states.on}<');
});

test('both languages have their words in one order', () => {
  const file = 'screens/bots/words.ts';
  expect(listed(sources[file], file, 'zh')).toContain("w = ['题',(n: number) => n + ' 个'];");
  expect(listed(sources[file], file, 'en')).toContain("w = ['Title',(n: number) => n + ' bots'];");
  expect(listed(sources['words/common.ts'], 'words/common.ts', 'en')).toContain("['Save','None']");
});

// Taken for the dictionary, they would show something else: so no word is numbered then.
test.each([
  ['a parameter', 'export const shown = (all: X[]) => all.map((common) => common.save);'],
  ['a variable', 'export function shown(x: X) { const common = x; return common.none; }'],
  ['a part of something', 'export const shown = ({ common }: X) => common.none;'],
  ['the whole', 'export const shown = { common };'],
  ['a part by name', 'const { save } = common;'],
])('%s of the same name', (_what, code) => {
  const file = 'screens/odd/odd.ts';
  keptAs(file, `import { common } from '../../words/common.ts';\n${code}`);
});

test.each([
  [`import * as all from '../../words/common.ts';\nexport const text = all.common.save;`],
  [`export { common } from '../../words/common.ts';`],
  [`export * from '../../words/common.ts';`],
])('words that are said by way of others keep their keys: %s', (code) => {
  keptAs('screens/odd/odd.ts', code);
});

function keptAs(file: string, whole: string): void {
  write(file, whole);
  const all = dictionariesBelow(root);
  rmSync(join(root, 'screens/odd'), { recursive: true });
  expect(all.find(({ name }) => name === 'common')?.lookedUp).not.toEqual([]);
  expect(numbered(whole, file, all)).toBe(whole);
}

test.each([
  ['screens/odd/texts.ts', `export const t = words({ a: '一' }, { a: 'one' });`, 'gather'],
  ['words/odd.ts', `export const t = words({ a: '一' }, { b: 'one' });`, '“a”'],
  [
    'words/odd.ts',
    `export const t = words({ a() { return '' } }, { a() { return '' } });`,
    'key: word',
  ],
  ['words/odd.ts', `export const t = words({ 'a b': '一' }, { 'a b': 'one' });`, '“a b”'],
])('%s with %s is refused', (file, code, why) => {
  write(file, code);
  try {
    expect(() => dictionariesBelow(root)).toThrow(why);
  } finally {
    rmSync(join(root, file));
  }
});

test('each word is said by somebody', () => {
  const idle = dictionariesBelow(consoleSources)
    .filter(({ lookedUp }) => lookedUp.length === 0)
    .flatMap(({ file, keys, named }) =>
      keys.filter((key) => !named.has(key)).map((key) => `${file}: ${key}`),
    );
  expect(idle).toEqual([]);
});
