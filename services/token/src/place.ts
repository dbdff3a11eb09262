import { positionOf } from './line/line.ts';
import type { PacedLine } from './line/lines.ts';
import { estimatedWaitMs } from './line/pace.ts';
import type { Token } from './state.ts';

/** What is known of a token: its row, and of one that has just joined its line also where it stands there. */
export type Standing = Token & {
  /** Its number in the line of its concert. */
  queueNo: number | null;
  position?: number;
};

/** How far a user has come. */
export type Place = Pick<Token, 'tokenId' | 'concertId' | 'reservationId' | 'status'> & {
  /** Who waits is admitted next at 1; who is admitted is at 0. */
  position: number;
  /** Unknown where nobody is admitted at present. */
  estimatedWaitMs?: number;
  expiresAt: string;
};

/** @param paced the line of who waits, as far as it is known */
export function placeOf(
  standing: Standing,
  paced: PacedLine | undefined,
  { waitingTtlMs }: { waitingTtlMs: number },
): Place {
  const { tokenId, concertId, reservationId, status, expiresAt, queueNo } = standing;
  const token = { tokenId, concertId, reservationId, status };
  if (expiresAt !== null)
    return { ...token, position: 0, estimatedWaitMs: 0, expiresAt: expiresAt.toISOString() };
  const position = standing.position ?? (paced && queueNo !== null ? positionOf(paced.line, queueNo) : 1);
  const waitMs = paced && estimatedWaitMs(position, paced.rate);
  return {
    ...token,
    position,
    ...(waitMs !== undefined && { estimatedWaitMs: waitMs }),
    // Asking has just made it last for so long.
    expiresAt: new Date(Date.now() + waitingTtlMs).toISOString(),
  };
}
