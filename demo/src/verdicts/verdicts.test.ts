import { describe, expect, it } from '@jest/globals';
import type { AccountFacts, Facts, Hold, SagaFacts, Sale } from './facts.ts';
import { allHold, verdictsOn } from './verdicts.ts';

const won = (amount: number) => ({ amount, currency: 'KRW' });

const sale: Sale = {
  paymentId: 'payment-1',
  userId: 'user-1',
  concertSeatIds: ['seat-1'],
  price: won(100),
  found: 'COMPLETED',
};
const hold: Hold = {
  reservationId: 'reservation-1',
  concertSeatIds: ['seat-1'],
  userId: 'user-1',
  answeredAt: 1_000,
  expiresAt: 301_000,
};
const account: AccountFacts = {
  userId: 'user-1',
  charged: [won(120), won(30)],
  unanswered: 0,
  balance: won(50),
};
const saga: SagaFacts = { sagaId: 'saga-1', type: 'pay', status: 'COMPLETED', failure: undefined };

const seats = [
  { concertSeatId: 'seat-1', name: 'A 1-1', status: 'SOLD' },
  { concertSeatId: 'seat-2', name: 'A 1-2', status: 'AVAILABLE' },
] as const;

/** A run in which every promise was kept. */
const kept: Facts = {
  accounts: [account, { userId: 'user-2', charged: [won(7)], unanswered: 0, balance: won(7) }],
  holds: [hold],
  sales: [sale],
  seats,
  sagas: [saga, { ...saga, sagaId: 'saga-2', status: 'COMPENSATED', failure: 'SeatLoadFailed' }],
  repeats: [{ of: 'pay', answers: ['201 {}', '201 {}'] }],
  locks: {
    probes: [
      { seat: 'A 1-1', outcome: '409 seat-taken' },
      { seat: 'A 1-2', outcome: '201' },
    ],
    rows: [],
  },
  unexpected: [],
};

/** What each claim that doesn't hold is refused for. */
const refuted = (facts: Partial<Facts>): Record<string, string> =>
  Object.fromEntries(
    verdictsOn({ ...kept, ...facts }).flatMap(({ claim, holds, detail }) =>
      holds === false ? [[claim, detail]] : [],
    ),
  );

describe('a run in which every promise was kept', () => {
  it('passes', () => {
    expect(refuted({})).toEqual({});
    expect(allHold(verdictsOn(kept))).toBe(true);
  });

  it('tells the sums', () => {
    const details = verdictsOn(kept).map(({ detail }) => detail);
    expect(details).toContain('157 KRW = 57 on balances + 100 in payments');
  });
});

describe('every seat sold at most once', () => {
  const claim = 'Every seat sold at most once';

  it('fails when two users were told of a payment for one seat', () => {
    const sales = [sale, { ...sale, paymentId: 'payment-2', userId: 'user-2' }];
    expect(refuted({ sales })[claim]).toBe('A 1-1 was sold 2 times');
  });

  it('fails when a paid seat is not sold on the seat map', () => {
    const held = [{ concertSeatId: 'seat-1', name: 'A 1-1', status: 'HELD' as const }];
    expect(refuted({ seats: held })[claim]).toBe('A 1-1 is paid for, but the seat map says HELD');
  });

  it('fails when a seat is sold without anybody having been told', () => {
    const sold = seats.map((seat) => ({ ...seat, status: 'SOLD' as const }));
    expect(refuted({ seats: sold })[claim]).toBe('A 1-2 is sold, but nobody was told of a payment');
  });

  it('fails when a payment is for a seat that nobody could have had', () => {
    const sales = [sale, { ...sale, paymentId: 'payment-2', concertSeatIds: ['elsewhere'] }];
    expect(refuted({ sales })[claim]).toBe('payment payment-2 is for a seat that nobody asked for');
  });
});

it('fails when the seat map is not to be had', () => {
  expect(refuted({ seats: undefined })).toEqual({
    'Every seat sold at most once': 'the seat map is not to be had',
  });
});

describe('no seat held by two at once', () => {
  const claim = 'No seat held by two at once';
  const later = { ...hold, reservationId: 'reservation-2', userId: 'user-2' };

  it('fails when a hold begins before another has run out', () => {
    expect(refuted({ holds: [hold, { ...later, answeredAt: 2_000 }] })[claim]).toBe(
      'A 1-1 was held by two at once',
    );
  });

  it('fails when a hold begins after another was paid, however late', () => {
    expect(refuted({ holds: [hold, { ...later, answeredAt: 400_000 }] })).toHaveProperty([claim]);
  });

  it('takes a hold that has run out for over', () => {
    const holds = [
      { ...later, answeredAt: 1_000 },
      { ...hold, answeredAt: 301_000, expiresAt: 601_000 },
    ];
    expect(refuted({ holds })).toEqual({});
  });
});

describe('charged = balances + payments', () => {
  const claim = 'Charged = balances + payments, to the unit';

  it('fails when a single unit is lost', () => {
    const accounts = [{ ...account, balance: won(49) }];
    expect(refuted({ accounts })[claim]).toBe('user user-1: 1 KRW lost');
  });

  it('fails when a single unit is too much', () => {
    const accounts = [{ ...account, balance: won(51) }];
    expect(refuted({ accounts })[claim]).toBe('user user-1: 1 KRW too much');
  });

  it('fails when one user has what another lacks', () => {
    const accounts = kept.accounts.map((one, i) => ({ ...one, balance: won(i === 0 ? 49 : 8) }));
    expect(refuted({ accounts })[claim]).toBe('user user-1: 1 KRW lost; user user-2: 1 KRW too much');
  });

  it('keeps currencies apart', () => {
    const accounts = [{ ...account, balance: { amount: 50, currency: 'EUR' } }];
    expect(refuted({ accounts })[claim]).toBe('user user-1: 50 KRW lost; user user-1: 50 EUR too much');
  });

  it('fails when a payment that was answered as completed is not', () => {
    const sales = [{ ...sale, found: 'CANCELLED' }];
    expect(refuted({ sales })[claim]).toBe('payment payment-1, answered as completed, is CANCELLED');
  });

  it('fails when a balance is not to be had', () => {
    const accounts = [{ ...account, balance: undefined }];
    expect(refuted({ accounts })[claim]).toBe('user user-1: no balance to be had');
  });

  it('fails when it never came out what became of a charge', () => {
    const accounts = [{ ...account, unanswered: 1 }];
    expect(refuted({ accounts })[claim]).toBe('user user-1: 1 charges or payments never had a final answer');
  });
});

describe('every saga ended', () => {
  const claim = 'Every saga ended';

  it.each(['RUNNING', 'COMPENSATING', 'PARKED'] as const)('fails when one is %s', (status) => {
    expect(refuted({ sagas: [{ ...saga, status }] })[claim]).toBe(`pay saga saga-1 is ${status}`);
  });

  it('fails when one is not to be had', () => {
    expect(refuted({ sagas: [{ ...saga, status: undefined }] })[claim]).toBe(
      'pay saga saga-1 is not to be had',
    );
  });
});

describe('no lock left', () => {
  it('fails when a seat is found locked', () => {
    const probes = [{ seat: 'A 1-1', outcome: '409 seat-locked' }];
    expect(refuted({ locks: { probes, rows: [] } })['No lock left: by the API']).toBe(
      'A 1-1: 409 seat-locked',
    );
  });

  it('fails when no seat was looked at', () => {
    expect(refuted({ locks: { probes: [], rows: [] } })).toHaveProperty(['No lock left: by the API']);
  });

  it('fails when a row is left', () => {
    const locks = { ...kept.locks, rows: ['seat:seat-1 by saga saga-1'] };
    expect(refuted({ locks })['No lock left: in the database']).toBe('seat:seat-1 by saga saga-1');
  });

  it('says so when the rows were out of reach, and fails nothing for it', () => {
    const verdicts = verdictsOn({ ...kept, locks: { ...kept.locks, rows: { notChecked: 'no way there' } } });
    expect(verdicts).toContainEqual({
      claim: 'No lock left: in the database',
      holds: undefined,
      detail: 'not checked: no way there',
    });
    expect(allHold(verdicts)).toBe(true);
  });
});

describe('conduct', () => {
  it('fails when one key had two answers', () => {
    const repeats = [{ of: 'pay', answers: ['201 {"paymentId":1}', '201 {"paymentId":2}'] as const }];
    expect(refuted({ repeats })['One key, one answer']).toBe(
      'pay: 201 {"paymentId":1}, then 201 {"paymentId":2}',
    );
  });

  it('fails when an answer was out of order, and counts the same ones together', () => {
    const unexpected = ['pay: 500 internal', 'leave: no answer ECONNRESET', 'pay: 500 internal'];
    const facts = refuted({ unexpected });
    expect(facts['No answer out of order']).toBe('pay: 500 internal (2×); leave: no answer ECONNRESET (1×)');
    expect(allHold(verdictsOn({ ...kept, unexpected }))).toBe(false);
  });

  it('fails when nothing was sold', () => {
    const free = seats.map((seat) => ({ ...seat, status: 'AVAILABLE' as const }));
    const accounts = [{ ...account, balance: won(150) }];
    expect(refuted({ sales: [], seats: free, accounts })).toEqual({ 'Seats were sold': 'not one' });
  });
});
