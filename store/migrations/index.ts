import type { Migration } from '../migrator.ts';
import { init } from './001-init.ts';

/** Every migration, in order. A released one never changes. */
export const migrations: readonly Migration[] = [init];
