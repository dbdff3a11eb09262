import { problem } from '@holdfast/shared/http/problems';
import type { Knex } from 'knex';
import { loadSagas } from '../runner/rows.ts';
import { type Held, type ReserveContext, reserveSaga } from '../sagas/reserve.ts';
import { sagaFinder } from './find-saga.ts';

/** What a user's reservation is of. @throws Problem `reservation-not-found` */
export type Reserved = (
  reservationId: string,
  userId: string,
) => Promise<Pick<ReserveContext, 'concertSeatIds'> & Partial<Pick<Held, 'price'>>>;

/**
 * The seats to lock are known from the saga that made the reservation, whose id is the reservation's; and so is the price,
 * unless that saga is still running, or was settled.
 */
export function findReserved(db: Knex): Reserved {
  const findSaga = sagaFinder((sagaIds) => loadSagas(db, sagaIds));
  return async (reservationId, userId) => {
    const saga = await findSaga(reservationId);
    if (saga?.type !== reserveSaga.type || saga.userId !== userId || saga.status === 'COMPENSATED')
      throw problem('reservation-not-found', 'You have no such reservation.');
    const { concertSeatIds, price } = saga.context as ReserveContext & Partial<Held>;
    return { concertSeatIds, ...(price && { price }) };
  };
}
