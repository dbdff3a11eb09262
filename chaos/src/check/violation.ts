/** What a broken promise looks like: which one, what is wrong with which ids, and where to look. */
export type Violation = { promise: PromiseName; what: string; ids: readonly string[]; look: string };

/** The promises, as the report names them. */
export const promises = {
  money: 'Money is conserved, to the unit',
  seats: 'A seat has one holder at a time, in the order of the fence',
  linearizable: 'What clients saw of a seat, a single copy could have shown',
  answers: 'Each answer is still true',
  sagas: 'Every saga ended, or is parked with a reason; one at a time on a seat',
  messages: 'Each message was processed or dead-lettered',
  keys: 'An idempotency key has one effect and one answer',
  events: 'Events tell all that happened, and nothing else',
} as const;

export type PromiseName = keyof typeof promises;
