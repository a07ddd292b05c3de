import { existsSync, readFileSync } from 'node:fs';

export interface Cited {
  file: string;
  name: string;
}

/** Tests that a page cites as `file` › `test`. */
export function citedIn(text: string): Cited[] {
  return [...text.matchAll(/`([^`\n]+\.test\.ts)` › `([^`\n]+)`/g)].map(
    ([, file = '', name = '']) => ({ file, name }),
  );
}

/** Whether a file holds a test of this name that is run. */
export function isTested(path: string, name: string): boolean {
  if (!path.endsWith('.test.ts') || !existsSync(path)) return false;
  const source = readFileSync(path, 'utf8');
  return [`'${name}'`, `"${name}"`, `\`${name}\``].some((quoted) => {
    const at = source.indexOf(quoted);
    const calls = [...source.slice(0, Math.max(0, at)).matchAll(/\b(it|test|describe)[\w.]*\(/g)];
    const call = calls.at(-1);
    return at !== -1 && call?.[1] !== undefined && !/describe|skip|todo/.test(call[0]);
  });
}
