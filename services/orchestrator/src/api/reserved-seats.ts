import { problem } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import { loadSagas } from '../runner/rows.ts';
import { type ReserveContext, reserveSaga } from '../sagas/reserve.ts';
import { sagaFinder } from './find-saga.ts';

/** The seats of a user's reservation. @throws Problem `reservation-not-found` */
export type ReservedSeats = (reservationId: string, userId: string) => Promise<string[]>;

/** The seats to lock are known from the saga that made the reservation, whose id is the reservation's. */
export function reservedSeats(db: Knex): ReservedSeats {
  const findSaga = sagaFinder((sagaIds) => loadSagas(db, sagaIds));
  return async (reservationId, userId) => {
    const saga = await findSaga(reservationId);
    if (saga?.type !== reserveSaga.type || saga.userId !== userId || saga.status === 'COMPENSATED')
      throw problem('reservation-not-found', 'You have no such reservation.');
    return (saga.context as ReserveContext).concertSeatIds;
  };
}
