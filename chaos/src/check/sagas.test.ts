import type { ReservationRow } from '../facts.ts';
import { reservation, saga, testFindings } from './testing/doctor.ts';
import { front, sagaIds, start } from './testing/sound-run.ts';

testFindings('sagas', [
  ['one that never ended', (facts) => saga(facts, sagaIds.refused, { status: 'RUNNING' }), /it hasn't ended/],
  [
    'one that is parked without a reason',
    (facts) => saga(facts, sagaIds.refused, { status: 'PARKED' }),
    /no reason/,
  ],
  [
    'an end that was never settled',
    (facts) => saga(facts, sagaIds.pay, { settled: false }),
    /marked as published/,
  ],
  [
    'two at once on a seat',
    (facts) => saga(facts, sagaIds.refused, { endedAt: start + 420 }),
    /a saga began 12 ms before the one before it had ended/,
  ],
  [
    'a saga after one that was parked',
    (facts) => saga(facts, sagaIds.refused, { status: 'PARKED', parkedReason: 'x', endedAt: null }),
    /though the one before it hasn't ended/,
  ],
  [
    'a lock that nobody needs',
    ({ tables }) => void tables.locks.push({ lockKey: `seat:${front}`, sagaId: sagaIds.pay }),
    /a lock is held without a live saga/,
  ],
  ['a lock left in Redis', ({ redisLocks }) => void redisLocks.push(`seat:${front}`), /outlived its lease/],
  [
    'a claim of a saga that has ended',
    ({ tables }) => void tables.tokens.push({ tokenId: 't', tokenHash: 'h', claimedBy: sagaIds.poor }),
    /claimed by a saga that has ended/,
  ],
  [
    'a token that was used and is still there',
    ({ tables }) => void tables.tokens.push({ tokenId: 't', tokenHash: 'token of pay', claimedBy: null }),
    /still there/,
  ],
  [
    'a mark that was left',
    (facts) => reservation(facts, sagaIds.again, { payingSaga: sagaIds.poor }),
    /still marked/,
  ],
  [
    'a hold that a compensated saga left',
    ({ tables }) =>
      void tables.reservations.set(sagaIds.refused, {
        ...(tables.reservations.get(sagaIds.expired) as ReservationRow),
        reservationId: sagaIds.refused,
        status: 'TEMPORARY_HOLD',
      }),
    /its reservation is TEMPORARY_HOLD/,
  ],
]);
