import Type from 'typebox';

/** How far the events of reservations were read: of each partition of their topic, the next offset. */
export type Position = readonly number[];

/** As clients see it. What it means is nobody's business but this service's, on whichever of its instances. */
export const PositionText = Type.String({
  pattern: '^[0-9]{1,15}(\\.[0-9]{1,15}){0,63}$',
  description: 'a moment from which changes can be followed; opaque',
});

export const textOf = (position: Position): string => position.join('.');
export const positionIn = (text: string): Position => text.split('.').map(Number);
