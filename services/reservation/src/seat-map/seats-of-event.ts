/** The seats that an event of a reservation is about, whoever has produced it. */
export function seatsOfEvent(data: unknown): string[] {
  const { concertSeatIds, concertSeatId } = Object(data) as Record<string, unknown>;
  return [concertSeatIds ?? concertSeatId].flat().filter((id) => typeof id === 'string');
}
