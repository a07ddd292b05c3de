import { expect, it } from 'vitest';
import { KeyFilter } from './key-filter.ts';

const key = 'sk-abcabcabd+1';

function filtered(pieces: readonly string[], of: string | undefined = key): string {
  const filter = new KeyFilter(of);
  return pieces.map((piece) => filter.push(piece)).join('') + filter.end();
}

it.each([
  [`the key is ${key}, keep it`, 'the key is [redacted], keep it'],
  [`${key}${key.toUpperCase()}`, '[redacted][redacted]'],
  ['sk-abcabcabcabd+1', 'sk-abcabcabcabd+1'],
  [`sk-abcab${key}`, 'sk-abcab[redacted]'],
  ['sk-abca', 'sk-abca'],
  // Most of it is as good as all of it.
  ['sk-abcabc', '[redacted]'],
])('%s', (text, shown) => {
  expect(filtered([text])).toBe(shown);
  expect(filtered([...text])).toBe(shown);
  for (let at = 0; at <= text.length; at += 1) {
    expect(filtered([text.slice(0, at), text.slice(at)])).toBe(shown);
  }
});

it('holds back what may become the key, and nothing else', () => {
  const filter = new KeyFilter(key);
  expect(filter.push('hello s')).toBe('hello ');
  expect(filter.push('ee')).toBe('see');
});

it('a word that is no secret is a word', () => {
  expect(filtered(['ollama'], 'ollama')).toBe('ollama');
  expect(filtered(['text'], undefined)).toBe('text');
  expect(new KeyFilter('ollama').push('ollam')).toBe('ollam');
});
