import { computed, signal } from '@preact/signals';

/** Where somebody is: `#/bots/bot01?tab=rooms`. */
export interface Place {
  path: string;
  query: URLSearchParams;
}

export const place = signal<Place>(read());
export const path = computed(() => place.value.path);

addEventListener('hashchange', () => {
  place.value = read();
});

/** @param to `/bots/bot01?tab=rooms` */
export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') location.hash = to;
  else {
    history.replaceState(null, '', `#${to}`);
    place.value = read();
  }
}

/** Changes fields of the query in place, so that a screen can be linked to as it is. */
export function setQuery(fields: Record<string, string | undefined>): void {
  const { path, query } = place.value;
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  navigate(text === '' ? path : `${path}?${text}`, 'replace');
}

/** An address made of a pattern and its parts, for links: `href('/bots/:botcode', { botcode })`. */
export function href(pattern: string, parts: Record<string, string | number> = {}): string {
  return `#${pattern.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(parts[name] ?? ''))}`;
}

/** The parts of a path that fits the pattern `/bots/:botcode`; undefined: it does not fit. */
export function match(pattern: string, given: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const steps = given.split('/');
  if (wanted.length !== steps.length) return undefined;
  const parts: Record<string, string> = {};
  for (const [index, step] of steps.entries()) {
    const name = wanted[index];
    if (name?.startsWith(':')) {
      const value = decoded(step);
      if (value === undefined || value === '') return undefined;
      parts[name.slice(1)] = value;
    } else if (name !== step) return undefined;
  }
  return parts;
}

function read(): Place {
  const [path = '', query = ''] = location.hash.replace(/^#/, '').split('?', 2);
  return { path: path === '' ? '/' : path, query: new URLSearchParams(query) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
