/** The locks of all sagas: whoever has a seat's lock alone may touch the seat. */
export const seatLocks = (concertSeatIds: readonly string[]): string[] =>
  concertSeatIds.map((concertSeatId) => `seat:${concertSeatId}`);
