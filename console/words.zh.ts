import type { Gathered } from './i18n.ts';

/** All words in Chinese: one part of the build, loaded when it is the language. */
export const gathered: Gathered = import.meta.glob(['./words/*.ts', './screens/*/*words.ts'], {
  query: '?zh',
  eager: true,
});
