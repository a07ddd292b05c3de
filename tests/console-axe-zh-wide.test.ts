import { test } from 'vitest';
import { walkEvery } from './support/console-walks.ts';

test(
  'every screen in Chinese on a wide page, light and dark',
  () => walkEvery({ language: 'zh', width: 1280 }),
  180_000,
);
