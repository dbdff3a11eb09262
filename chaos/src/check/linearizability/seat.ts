import type { Operation, Step } from './linearize.ts';

/**
 * A single copy of a seat: free, held by a reservation, or sold to it. Reservations are numbered from 0.
 *
 * - `hold` takes it where it is free; `release` frees it, by expiry or by cancellation; `pay` sells it to its holder;
 *   `refund` frees what is sold.
 * - `free`, `held`, `sold` and `taken` say what somebody saw of it; with a reservation, of that reservation's hold.
 */
export type SeatOp =
  | { kind: 'hold' | 'release' | 'pay' | 'refund'; by: number }
  | { kind: 'free' | 'held' | 'sold' | 'taken' }
  | { kind: 'held-by' | 'sold-to' | 'not-by'; by: number };

export const free = 0;
const heldBy = (by: number): number => 2 * by + 1;
const soldTo = (by: number): number => 2 * by + 2;
const isHeld = (state: number): boolean => state % 2 === 1;

const shows = (state: number, op: SeatOp): boolean => {
  switch (op.kind) {
    case 'free':
      return state === free;
    case 'held':
      return isHeld(state);
    case 'sold':
      return state !== free && !isHeld(state);
    case 'taken':
      return state !== free;
    case 'held-by':
      return state === heldBy(op.by);
    case 'sold-to':
      return state === soldTo(op.by);
    case 'not-by':
      return state !== heldBy(op.by) && state !== soldTo(op.by);
    default:
      return false;
  }
};

export const seatStep: Step<SeatOp> = (state, op) => {
  if (op.kind === 'hold') return state === free ? heldBy(op.by) : undefined;
  if (op.kind === 'release') return state === heldBy(op.by) ? free : undefined;
  if (op.kind === 'pay') return state === heldBy(op.by) ? soldTo(op.by) : undefined;
  if (op.kind === 'refund') return state === soldTo(op.by) ? free : undefined;
  return shows(state, op) ? state : undefined;
};

export const seen = (op: SeatOp, called: number, returned: number): Operation<SeatOp> => ({
  called,
  returned,
  op,
  reads: true,
});

export const done = (op: SeatOp, called: number, returned?: number): Operation<SeatOp> => ({
  called,
  ...(returned !== undefined && { returned }),
  op,
  reads: false,
});
