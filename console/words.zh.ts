import type { Gathered } from './i18n.ts';

/**
 * All words in Chinese, one part of the build, loaded when it is the language. What stands in it, the
 * build fills in (`scripts/console-words.ts`).
 */
export declare const gathered: Gathered;
