import type { Money } from '@holdfast/client/types';

/** What these cost together; undefined for nothing. Seats of one performance are of one currency. */
export function sumOf(prices: readonly Money[]): Money | undefined {
  const [first] = prices;
  return first && { ...first, amount: prices.reduce((sum, { amount }) => sum + amount, 0) };
}
