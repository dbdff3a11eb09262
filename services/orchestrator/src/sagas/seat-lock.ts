/** The lock of both sagas: whoever has it alone may touch the seat. */
export const seatLock = (concertSeatId: string): string => `seat:${concertSeatId}`;
