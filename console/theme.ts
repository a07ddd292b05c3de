import { effect, signal } from '@preact/signals';
import { memory } from './memory.ts';

export type Theme = 'auto' | 'light' | 'dark';
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** Auto follows the system. */
export const theme = signal<Theme>(themes.find((one) => one === memory.read('theme')) ?? 'auto');

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme.value;
});

export function setTheme(next: Theme): void {
  theme.value = next;
  memory.write('theme', next);
}
