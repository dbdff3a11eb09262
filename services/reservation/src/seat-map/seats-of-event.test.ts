import { expect, test } from '@jest/globals';
import { seatsOfEvent } from './seats-of-event.ts';

test.each([
  [{ concertSeatIds: ['a', 'b'] }, ['a', 'b']],
  [{ concertSeatId: 'a' }, ['a']],
  [{ concertSeatId: 'a', concertSeatIds: ['a', 'b'] }, ['a', 'b']],
  [{ concertSeatIds: ['a', 7, null, ['b']] }, ['a']],
  [{ reservationId: 'a' }, []],
  [null, []],
  [[1], []],
  ['a', []],
])('%j is about %j', (data, seats) => {
  expect(seatsOfEvent(data)).toEqual(seats);
});
