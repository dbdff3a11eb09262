import { type EventMessage, occurred } from '@holdfast/shared/contracts/protocol';
import { reservationReleased } from '@holdfast/shared/contracts/reservation';

const reasons = { EXPIRED: 'expired', CANCELLED: 'cancelled', REFUNDED: 'refunded' } as const;

/** Says that seats are free again. */
export const released = (
  {
    reservationId,
    concertSeatIds,
    userId,
  }: { reservationId: string; concertSeatIds: string[]; userId: string },
  status: keyof typeof reasons,
): EventMessage =>
  occurred(reservationReleased, { reservationId, concertSeatIds, userId, reason: reasons[status] });
