import { test } from 'vitest';
import { walkEvery } from './support/console-walks.ts';

test(
  'every screen in Chinese on a phone, light and dark',
  () => walkEvery({ language: 'zh', width: 390 }),
  180_000,
);
