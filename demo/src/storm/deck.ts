import type { Random } from '../random.ts';

/** Cards that are dealt one by one, in whatever order their drawers come; blanks among them. */
export type Deck<Card> = {
  draw: () => Card | undefined;
  /** For a card that couldn't be played: the next to draw gets it. */
  putBack: (card: Card) => void;
};

/** @param size cards and blanks together, where there are fewer cards */
export function createDeck<Card>(cards: readonly Card[], size: number, random: Random): Deck<Card> {
  const blanks = Array<undefined>(Math.max(0, size - cards.length)).fill(undefined);
  const pile: (Card | undefined)[] = random.shuffle([...cards, ...blanks]);
  return { draw: () => pile.pop(), putBack: (card) => pile.push(card) };
}
