import { test } from 'vitest';
import { walkEvery } from './support/console-walks.ts';

test(
  'every screen in English on a wide page, light and dark',
  () => walkEvery({ language: 'en', width: 1280 }),
  180_000,
);
