import Type from 'typebox';
import { type Position, PositionText, textOf } from './position.ts';
import { type StatusLetter, statusLetters } from './seat-status.ts';

/** What those who follow a seat map are sent: made once for all of them. */

export type Change = [index: number, status: StatusLetter];

export const SeatChanges = Type.Object({
  version: Type.String({ description: 'of the layout that the indexes are of' }),
  position: PositionText,
  changes: Type.Array(Type.Tuple([Type.Integer(), Type.Enum(Object.values(statusLetters))]), {
    description: 'index and status of each seat that may have changed, in no order',
  }),
});

export const Reset = Type.Object({
  version: Type.String({ description: 'of the layout as it is now' }),
});

export const seatsEvent = (version: string, position: Position, changes: readonly Change[]): Buffer =>
  event('seats', { version, position: textOf(position), changes }, position);

export const resetEvent = (version: string): Buffer => event('reset', { version });

/** Nobody sees it, but who comes again says that they have got this far. */
export const stillHere = (position: Position): Buffer => Buffer.from(`id: ${textOf(position)}\n\n`);

const event = (name: string, data: object, position?: Position): Buffer =>
  Buffer.from(
    `${position ? `id: ${textOf(position)}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`,
  );
