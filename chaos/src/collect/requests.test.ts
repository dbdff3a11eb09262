import { expect, it } from '@jest/globals';
import type { Call } from '../history/history.ts';
import { collectRequests } from './requests.ts';

const call = (changes: Partial<Call>): Call => ({
  kind: 'call',
  operation: 'pay',
  userId: 'ada',
  request: { reservationId: 'r' },
  sentAt: 10,
  ...changes,
});
const answer = (at: number, status: number, body: object = {}) => ({ at, status, body });

it('takes sendings with one key for one request, in the order of their answers', async () => {
  const { writes, successes } = await collectRequests([
    call({ key: 'k', sentAt: 20, answer: answer(50, 201) }),
    call({ key: 'k', sentAt: 10 }),
    call({ key: 'k', sentAt: 30, answer: answer(40, 503) }),
    call({ key: 'k', userId: 'bob', answer: answer(15, 409) }),
    call({ key: 'k', request: { reservationId: 'another' }, answer: answer(16, 422) }),
    call({}),
    call({}),
  ]);
  expect(
    writes.map(({ userId, sentAt, answers, unanswered }) => [userId, sentAt, answers.length, unanswered]),
  ).toEqual([
    ['ada', 10, 2, 1],
    ['bob', 10, 1, 0],
    ['ada', 10, 1, 0],
    ['ada', 10, 0, 1],
    ['ada', 10, 0, 1],
  ]);
  expect(writes[0]?.answers.map(({ status }) => status)).toEqual([503, 201]);
  expect(successes).toEqual([50]);
});

it('keeps of a seat map what it says of each seat, and no look without an answer', async () => {
  const seats = { items: [{ concertSeatId: 's', status: 'HELD', price: { amount: 1 } }] };
  const { writes, reads, seatReads } = await collectRequests([
    call({ operation: 'read-seats', answer: answer(20, 200, seats) }),
    call({ operation: 'read-seats' }),
    call({ operation: 'read-balance' }),
    call({ operation: 'read-balance', answer: answer(20, 200) }),
  ]);
  expect(seatReads).toEqual([{ sentAt: 10, at: 20, seats: ['s'], statuses: ['HELD'] }]);
  expect(reads).toHaveLength(1);
  expect(writes).toEqual([]);
});
