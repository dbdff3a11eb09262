import { assign, reservation, testFindings } from './testing/doctor.ts';
import { back, bob, sagaIds, start } from './testing/sound-run.ts';

testFindings('linearizable', [
  [
    'a seat seen free after its hold was acknowledged',
    ({ requests }) => assign(requests.seatReads[1], { statuses: ['AVAILABLE', 'AVAILABLE'] }),
    /seen free/,
  ],
  [
    'a seat seen held after it was sold',
    ({ requests }) => assign(requests.seatReads[2], { statuses: ['HELD', 'AVAILABLE'] }),
    /seen held/,
  ],
  [
    'a hold seen as over before its time, and then paid',
    ({ requests }) => assign(requests.reads[2]?.answer, { body: { status: 'EXPIRED' } }),
    /seen as over/,
  ],
  [
    'a refusal for a seat that was free',
    ({ requests }) =>
      void requests.writes.push({
        operation: 'hold',
        userId: bob,
        request: { concertSeatIds: [back] },
        sentAt: start + 1_600,
        answers: [{ at: start + 1_650, status: 409, body: { code: 'seat-taken', sagaId: sagaIds.refused } }],
        unanswered: 0,
      }),
    /seen taken/,
  ],
  [
    'two acknowledged holds at once',
    (facts) => reservation(facts, sagaIds.expired, { holdExpiresAt: start + 2_500 }),
    /it was held|seen free/,
  ],
]);
