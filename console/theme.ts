import { effect, signal } from '@preact/signals';
import { memory } from './memory.ts';

export type Theme = 'auto' | 'light' | 'dark';
const themes: readonly Theme[] = ['auto', 'light', 'dark'];

/** Auto follows the system. */
export const theme = signal<Theme>(themes.find((one) => one === memory.read('theme')) ?? 'auto');

/** Rises whenever the colours may have changed: for what draws on canvases. */
export const looks = signal(0);

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'auto') delete dataset['theme'];
  else dataset['theme'] = theme.value;
  looks.value = looks.peek() + 1;
});

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  looks.value += 1;
});

export function setTheme(next: Theme): void {
  theme.value = next;
  memory.write('theme', next);
}
