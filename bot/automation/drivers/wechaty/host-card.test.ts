import { expect, test } from 'vitest';
import { HostCard } from './host-card.ts';

function bound(initial?: string): { card: HostCard; kept: string[] } {
  const kept: string[] = [];
  const card = new HostCard({ name: 'bot01' });
  card.bind(initial, (text) => kept.push(text));
  return { card, kept };
}

test('a card is what was kept, and every save hands the whole of it over', async () => {
  const { card, kept } = bound('{"SLOT":{"cookie":"a"}}');
  await card.load();
  await card.load();
  expect(await card.get('SLOT')).toEqual({ cookie: 'a' });
  await card.set('OTHER', 1);
  await card.save();
  expect(kept).toEqual(['{"SLOT":{"cookie":"a"},"OTHER":1}']);
});

test('a puppet that wipes its card does not wipe the kept one', async () => {
  const { card, kept } = bound('{"SLOT":{"cookie":"a"}}');
  await card.load();
  await card.delete('SLOT');
  await card.save();
  await card.clear();
  await card.save();
  expect(kept).toEqual([]);
});

test('a part of a card saves the whole', async () => {
  const { card, kept } = bound();
  await card.load();
  const part = card.multiplex('puppet');
  await part.load();
  await part.set('key', 'value');
  await part.save();
  expect(kept).toHaveLength(1);
  const again = bound(kept[0]);
  await again.card.load();
  expect(await again.card.multiplex('puppet').get('key')).toBe('value');
});
