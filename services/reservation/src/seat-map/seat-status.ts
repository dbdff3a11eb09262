/**
 * A seat's status, of a `concert_seat s` and the reservation that it has, `left join`ed as in {@link withHolder}. A hold that
 * has run out may be taken over before the expiry job has freed its seat.
 */
export const statusOfSeat = `
  case when s.status = 'HELD' and r.hold_expires_at <= now() and r.paying_saga is null
    then 'AVAILABLE' else s.status end`;

/** Only of a held seat does anybody ask whose hold it is. */
export const withHolder = `
  left join reservation r on r.reservation_id = s.reservation_id and s.status = 'HELD'`;

/** How the seat map says it, in one character a seat. */
export const statusLetters = { AVAILABLE: 'A', HELD: 'H', SOLD: 'S' } as const;
export type StatusLetter = (typeof statusLetters)[keyof typeof statusLetters];
