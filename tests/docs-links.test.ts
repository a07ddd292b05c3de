import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../scripts/cli/commands.ts';

const root = join(import.meta.dirname, '..');
const pages = ['*.md', 'docs/**/*.md', 'deploy/**/*.md'].flatMap((pattern) =>
  globSync(pattern, { cwd: root }),
);
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

describe('every link of the docs', () => {
  it.each(pages)('leads somewhere: %s', (page) => {
    expect(brokenLinks(page, read(page))).toEqual([]);
  });

  it('would be missed otherwise', () => {
    const text = '[a](nowhere.md) [b](docs/glossary.md#nothing) `[c](code.md)` docs/no-page.md';
    expect(brokenLinks('README.md', text)).toEqual([
      'nowhere.md',
      'docs/glossary.md#nothing',
      'docs/no-page.md',
    ]);
  });
});

describe('every command that the docs name', () => {
  it.each(pages)('exists: %s', (page) => {
    // What was told of former versions stays as it was.
    if (page === 'CHANGELOG.md') return;
    expect(unknownCommands(read(page))).toEqual([]);
  });

  it('would be missed otherwise', () => {
    const text = '`wxrc nothing`, `npm run -s wxrc -- bot fly`, `npm run nothing`, `wxrc bot list`';
    expect(unknownCommands(text)).toEqual(['nothing', 'bot fly', 'npm run nothing']);
  });
});

it('the index names every page', () => {
  const index = read('docs/README.md');
  const missing = globSync('docs/*.md', { cwd: root })
    .map((page) => relative('docs', page))
    .filter((page) => page !== 'README.md' && !index.includes(`](${page})`));
  expect(missing).toEqual([]);
});

function brokenLinks(page: string, text: string): string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  const bare = prose.replaceAll(/`[^`\n]*`/g, '');
  const broken = [...bare.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1] ?? '')
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? join(root, page) : join(root, dirname(page), path);
      if (!existsSync(file)) return true;
      if (anchor === undefined || statSync(file).isDirectory()) return false;
      return !anchorsOf(readFileSync(file, 'utf8')).includes(decodeURIComponent(anchor));
    });
  // Pages that are named without being linked.
  const named = [...prose.matchAll(/(?<![\w/.(-])docs\/[\w-]+\.md/g)]
    .map(([path]) => path)
    .filter((path) => !existsSync(join(root, path)));
  return [...broken, ...named];
}

/** As GitHub makes them. */
function anchorsOf(text: string): string[] {
  return [...text.replaceAll(/```[\s\S]*?```/g, '').matchAll(/^#{1,6} (.+)$/gm)].map((match) =>
    (match[1] ?? '')
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );
}

/** `wxrc help`, what the daemon says when it is there, and a process in its container. */
const other = new Set(['help', 'ready', 'node']);

function unknownCommands(text: string): string[] {
  const names = new Set(commands.map((one) => one.name));
  const groups = new Set([...names].map((name) => name.split(' ')[0]));
  const code = [...text.matchAll(/```[\s\S]*?```|`[^`\n]+`/g)].map(([piece]) => piece).join('\n');
  const unknown = [
    ...code.matchAll(/(?<![\w./@"-])wxrc (?:-- )?([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g),
  ]
    .map(([, first = '', second = '']) => ({ first, second, both: `${first} ${second}`.trim() }))
    .filter(({ first, second }) => !(groups.has(first) && second === ''))
    .filter(({ first, both }) => !names.has(first) && !names.has(both) && !other.has(first))
    .map(({ both }) => both);
  const scripts = Object.keys(
    (JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts,
  );
  const unknownScripts = [...code.matchAll(/npm run (?:-s )?([\w:-]+)/g)]
    .map((match) => match[1] ?? '')
    .filter((name) => !scripts.includes(name))
    .map((name) => `npm run ${name}`);
  return [...unknown, ...unknownScripts];
}
