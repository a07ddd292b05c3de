import { test } from 'vitest';
import { walkEvery } from './support/console-walks.ts';

test(
  'every screen in English on a phone, light and dark',
  () => walkEvery({ language: 'en', width: 390 }),
  180_000,
);
