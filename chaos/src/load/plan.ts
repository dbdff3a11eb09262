import { seeded } from '../random.ts';

/** What one user sets out to do, from the seed and the session's number alone. */
export type Session = {
  user: number;
  seat: number;
  /** How many seats are held at once: that one, and those that follow it in its performance. */
  together: number;
  /** Minor units to put on the balance first. */
  charge: Post & { amount: number | undefined };
  hold: Post;
  /**
   * `leave`: the hold is left to expire. `pay-late`: it is paid once it has expired. `cancel`: its user gives it up;
   * `cancel-and-pay`: at the same time as it is paid. `refund`: it is paid, and then the money is wanted back.
   */
  next: 'pay' | 'leave' | 'pay-late' | 'cancel' | 'cancel-and-pay' | 'refund';
  pay: Post;
  refund: Post;
  reads: readonly Read[];
};

/** A request that changes something: with which key, made to fail how, and sent how often. */
export type Post = { key: string; fault?: string; again: 'no' | 'at-once' | 'later' };

export type Read = 'balance' | 'reservation' | 'payment' | 'seats';

const holdFaults = [
  'token.claim=reject',
  'token.claim=timeout-after',
  'reservation.load-seat=reject',
  'balance.load-user=timeout',
  'reservation.hold=reject',
  'reservation.hold=timeout',
  'reservation.hold=timeout-after',
];

const payFaults = [
  'token.claim=timeout-after',
  'reservation.load=reject',
  'reservation.load=timeout-after',
  'balance.load=timeout',
  'balance.deduct=reject',
  'balance.deduct=timeout',
  'balance.deduct=timeout-after',
  'payment.create=reject',
  'payment.create=timeout',
  'payment.create=timeout-after',
  'reservation.confirm=reject',
  'reservation.confirm=timeout',
  'reservation.confirm=timeout-after',
];

const refundFaults = [
  'reservation.load-paid=reject',
  'reservation.load-paid=timeout-after',
  'payment.refund=reject',
  'payment.refund=timeout',
  'payment.refund=timeout-after',
  'balance.credit=reject',
  'balance.credit=timeout',
  'balance.credit=timeout-after',
];

const faultShare = 0.06;
const rivalShare = 0.15;
/** Rivals go for a seat that one of so many sessions before them went for. */
const rivalsBack = 40;

/** @param sizes how many users and seats there are to choose from */
export function planSession(seed: number, number: number, sizes: { users: number; seats: number }): Session {
  const random = seeded(seed, number);
  const post = (name: string, faults: readonly string[]): Post => ({
    key: `${seed}-${number}-${name}`,
    ...(random.chance(faultShare) && faults.length > 0 && { fault: random.pick(faults) }),
    again: random.chance(0.05) ? 'at-once' : random.chance(0.05) ? 'later' : 'no',
  });
  const back = random.chance(rivalShare) ? random.between(1, Math.min(rivalsBack, number) + 1) : 0;
  const ends = random.between(0, 100);
  return {
    user: random.between(0, sizes.users),
    seat: Math.max(number - back, 0) % sizes.seats,
    together: random.chance(0.3) ? random.between(2, 4) : 1,
    charge: {
      ...post('charge', []),
      amount: random.chance(0.6) ? 1_000 * random.between(30, 150) : undefined,
    },
    hold: post('hold', holdFaults),
    next: nextOf(ends),
    pay: post('pay', payFaults),
    refund: post('refund', refundFaults),
    reads: (['balance', 'reservation', 'payment', 'seats'] as const).filter(() => random.chance(0.15)),
  };
}

/** What a hold comes to, by a number from 0 up to 100. */
function nextOf(ends: number): Session['next'] {
  if (ends < 58) return 'pay';
  if (ends < 70) return 'refund';
  if (ends < 85) return 'leave';
  if (ends < 90) return 'cancel';
  return ends < 94 ? 'cancel-and-pay' : 'pay-late';
}
