import { reservation, saga, seat, testFindings } from './testing/doctor.ts';
import { front, sagaIds, start } from './testing/sound-run.ts';

testFindings('seats', [
  [
    'a hold before the last one had run out',
    (facts) => reservation(facts, sagaIds.expired, { holdExpiresAt: start + 2_500, createdAt: start + 250 }),
    /held anew 450 ms before/,
  ],
  [
    'a sold seat that is held again',
    (facts) => reservation(facts, sagaIds.again, { concertSeatIds: [front] }),
    /a sold seat was held once more/,
  ],
  [
    'two holders',
    (facts) => {
      reservation(facts, sagaIds.expired, { status: 'TEMPORARY_HOLD' });
      reservation(facts, sagaIds.again, { status: 'TEMPORARY_HOLD' });
    },
    /two holders/,
  ],
  [
    'an older saga after a younger one',
    (facts) => saga(facts, sagaIds.again, { sagaNo: 1.5 }),
    /an older saga has held the seat/,
  ],
  ['a fence that went back', (facts) => seat(facts, front, { fence: 1 }), /the fence is 1, though saga 4/],
  [
    'a seat that is not its holder’s',
    (facts) => seat(facts, front, { reservationId: sagaIds.again }),
    /holder/,
  ],
  [
    'a paid seat that is not sold',
    (facts) => seat(facts, front, { status: 'HELD' }),
    /is HELD, its reservation PAID/,
  ],
  [
    'a hold that was paid for late',
    (facts) => {
      reservation(facts, sagaIds.expired, { status: 'EXPIRED' });
      saga(facts, sagaIds.pay, { reservationId: sagaIds.expired, sagaNo: 9 });
    },
    /paid for after the next one had taken its seat/,
  ],
  [
    'a reservation from nowhere',
    ({ tables }) => void tables.sagas.delete(sagaIds.expired),
    /that no saga has made/,
  ],
]);
