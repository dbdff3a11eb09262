import { expect, it } from '@jest/globals';
import { createRandom } from '../random.ts';
import { createDeck } from './deck.ts';

const drawAll = (draw: () => string | undefined, count: number) => Array.from({ length: count }, draw);

it('deals every card once, among blanks, and then blanks only', () => {
  const { draw } = createDeck(['a', 'b', 'c'], 10, createRandom(1));
  const drawn = drawAll(draw, 10);
  expect(drawn.filter(Boolean).sort()).toEqual(['a', 'b', 'c']);
  expect(draw()).toBeUndefined();
});

it('deals a card that was put back next', () => {
  const { draw, putBack } = createDeck(['a'], 5, createRandom(1));
  drawAll(draw, 5);
  putBack('a');
  expect(draw()).toBe('a');
});

it('repeats its order for a seed', () => {
  const deal = () => drawAll(createDeck(['a', 'b', 'c'], 10, createRandom(7)).draw, 10);
  expect(deal()).toEqual(deal());
});
