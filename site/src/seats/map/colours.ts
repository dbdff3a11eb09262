import type { SeatState } from '../statuses.ts';

/** What the map is painted with: taken from the style sheet, so that it follows light and dark as all else does. */
export type Colours = Record<SeatState | 'chosen' | 'ground' | 'text' | 'stage' | 'ring', string>;

export function readColours(element: Element): Colours {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--seat-${name}`).trim();
  return {
    free: colour('free'),
    held: colour('held'),
    sold: colour('sold'),
    mine: colour('mine'),
    chosen: colour('chosen'),
    ground: colour('ground'),
    text: colour('text'),
    stage: colour('stage'),
    ring: colour('ring'),
  };
}
