import { describe, expect, test } from 'vitest';
import { findMentions, needsContacts, normalizeText, withMentions } from './mentions.ts';

const members = [
  { id: 'a', name: 'Ann' },
  { id: 'b', name: 'Bob' },
  { id: 'n', name: '' },
];
const contacts = [
  { id: 'b', name: 'Robert', alias: 'boss' },
  { id: 'c', name: 'Carl' },
];

describe('who is mentioned', () => {
  test.each([
    // wanted, names, ids, missing, outcome
    [['Ann', 'b'], ['Ann', 'Bob'], ['a', 'b'], [], undefined],
    [['@Ann', ' Ann ', 'Ann'], ['Ann'], ['a'], [], undefined],
    [['boss'], ['Bob'], ['b'], [], undefined],
    [['Robert', 'Carl'], ['Bob'], ['b'], ['Carl'], 3],
    [['Carl', 'Ghost', 'Ann'], ['Ann'], ['a'], ['Carl', 'Ghost'], 4],
    [['Ghost', 'Carl'], [], [], ['Ghost', 'Carl'], 4],
    [['n'], ['n'], ['n'], [], undefined],
    [['', '@'], [], [], [], undefined],
  ] as const)('%j', (wanted, names, ids, missing, outcome) => {
    expect(findMentions(wanted, members, contacts)).toEqual({ names, ids, missing, outcome });
  });

  test('a room of unknown members takes them at their word', () => {
    expect(findMentions(['Anyone'], [], undefined)).toEqual({
      names: ['Anyone'],
      ids: [],
      missing: [],
      outcome: undefined,
    });
  });

  test('contacts are asked only where somebody is not in the room', () => {
    expect(needsContacts(['Ann', '@b', ''], members)).toBe(false);
    expect(needsContacts(['Ann', 'boss'], members)).toBe(true);
    expect(needsContacts(['boss'], [])).toBe(false);
  });

  test('they stand before the text, and a puppet may space them in its own way', () => {
    expect(withMentions(['Ann', 'Bob'], 'look')).toBe('@Ann @Bob look');
    expect(withMentions([], 'look')).toBe('look');
    expect(normalizeText('@Ann\u2005@Bob\u2005 look\r\nhere ')).toBe(
      normalizeText('@Ann @Bob look\nhere'),
    );
  });
});
