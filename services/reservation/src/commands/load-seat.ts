import { loadSeat as contract } from '@holdfast/shared/contracts/reservation';
import { read } from '@holdfast/shared/participant/decide';
import { isFree, type State } from '../state.ts';

/** Tells the price of a free seat of the concert that the token admits to. A look only: `hold` decides. */
export const loadSeat = read(contract, (state: State, { concertSeatId, concertId }) => {
  const seat = state.seats.get(concertSeatId);
  if (!seat) return { refused: 'seat-not-found' };
  if (seat.concertId !== concertId) return { refused: 'token-for-another-concert' };
  if (!isFree(state, seat)) return { refused: 'seat-taken' };
  return { done: { price: seat.price } };
});
