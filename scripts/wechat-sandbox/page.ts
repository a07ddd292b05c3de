import { readFileSync } from 'node:fs';
import type { Answer } from './answers.ts';

const files: Record<string, { name: string; type: string }> = {
  '/sandbox/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/sandbox/page.js': { name: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/sandbox/words.js': { name: 'words.js', type: 'text/javascript; charset=utf-8' },
  '/sandbox/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
};

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "media-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** A file of the page on which a person plays a WeChat user, if that is what is asked for. */
export function pageFile(path: string): Answer | undefined {
  if (path === '/sandbox') return { status: 302, headers: { location: '/sandbox/' }, body: '' };
  const file = Object.hasOwn(files, path) ? files[path] : undefined;
  if (file === undefined) return undefined;
  return {
    type: file.type,
    headers: {
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
    body: readFileSync(new URL(`page/${file.name}`, import.meta.url)),
  };
}
