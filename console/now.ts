import { computed, signal } from '@preact/signals';
import { clockAhead } from './live.ts';

const own = signal(Date.now());
setInterval(() => {
  if (document.visibilityState === 'visible') own.value = Date.now();
}, 1000);
document.addEventListener('visibilitychange', () => {
  own.value = Date.now();
});

/** The daemon's time, each second: what counts up or down follows by itself. */
export const now = computed(() => own.value + clockAhead.value);
