import { loadSeat as contract } from '@holdfast/shared/contracts/reservation';
import { read } from '@holdfast/shared/participant/decide';
import { isFree, type State, together } from '../state.ts';

/** Tells the price of free seats of the concert that the token admits to. A look only: `hold` decides. */
export const loadSeat = read(contract, (state: State, { concertSeatIds, concertId }) => {
  const wanted = together(state, concertSeatIds);
  if ('refused' in wanted) return wanted;
  const { seats, price } = wanted;
  if (seats.some((seat) => seat.concertId !== concertId)) return { refused: 'token-for-another-concert' };
  if (!seats.every((seat) => isFree(state, seat))) return { refused: 'seat-taken' };
  return { done: { price } };
});
