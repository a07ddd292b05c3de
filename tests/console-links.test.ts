import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

it('every way inside the console leads to a screen that reads what it is given', () => {
  const table = readFileSync(join(root, 'console/screens.ts'), 'utf8');
  const screens = [...table.matchAll(/path: '([^']+)'.*import\('\.\/screens\/([\w-]+)\//g)].map(
    ([, path = '', folder = '']) => ({
      pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`),
      folder,
    }),
  );
  expect(screens.length).toBeGreaterThan(15);
  const faults: string[] = [];
  let seen = 0;
  for (const file of globSync('console/**/*.tsx', { cwd: root })) {
    const source = readFileSync(join(root, file), 'utf8');
    for (const [, way = ''] of source.matchAll(/["'`](?:#|)(\/[a-z][\w$?=&{}()./-]*|#\/)["'`]/g)) {
      if (!source.includes(`#${way}`) || !source.includes('href')) continue;
      seen += 1;
      const [path = '', query = ''] = way.replaceAll(/\$\{[^}]*\}+/g, 'x').split('?');
      const screen = screens.find(({ pattern }) => pattern.test(path));
      if (screen === undefined) {
        faults.push(`${file}: ${way} leads nowhere`);
        continue;
      }
      const code = globSync(`console/screens/${screen.folder}/*.tsx`, { cwd: root })
        .map((one) => readFileSync(join(root, one), 'utf8'))
        .join('\n');
      for (const name of new URLSearchParams(query).keys()) {
        const isRead = name === 'tab' ? code.includes('<Tabs') : code.includes(`get('${name}')`);
        if (!isRead) faults.push(`${file}: ${way}: ${screen.folder} knows no ${name}`);
      }
    }
  }
  expect(seen).toBeGreaterThan(15);
  expect(faults).toEqual([]);
});
