import type {
  CommandSeen,
  EventSeen,
  Facts,
  Inbox,
  LedgerRow,
  Participant,
  ReplySeen,
  Request,
  ReservationRow,
  SagaRow,
} from '../../facts.ts';
import type { Call } from '../../history/history.ts';

/**
 * The facts of a small run in which everything went well: Ada charges, holds a seat and pays it; Bob's hold of the same
 * seat is refused; his hold of another seat runs out; Ada holds that, and has not enough money left to pay it.
 * All of it may be changed, which is how the tests doctor it.
 */
export type Doctored = ReturnType<typeof soundRun>;

export const ada = '00000000-0000-4000-8000-00000000000a';
export const bob = '00000000-0000-4000-8000-00000000000b';
export const front = '00000000-0000-4000-8000-0000000000f1';
export const back = '00000000-0000-4000-8000-0000000000f2';
/** Ids of version 7, whose time is that of the run. */
export const id = (number: number, at = number): string =>
  `${(start + at)
    .toString(16)
    .padStart(12, '0')
    .replace(/^(.{8})/, '$1-')}-7000-8000-${String(number).padStart(12, '0')}`;
export const start = 1_790_000_000_000;

export const sagaIds = {
  hold: id(1, 200),
  pay: id(2, 400),
  refused: id(3, 300),
  expired: id(4, 210),
  again: id(5, 2_000),
  poor: id(6, 2_200),
};
export const payment = '00000000-0000-4000-8000-0000000000e1';
const paymentNever = '00000000-0000-4000-8000-0000000000e2';
export const charge = id(7, 100);
export const deduction = id(8, 420);

const price = 700;
const until = { hold: start + 1_245, expired: start + 1_250, again: start + 3_050 };

export function soundRun() {
  const sagas = new Map(
    [
      saga(1, 'reserve', ada, front, 'hold', [205, 260], 'COMPLETED'),
      saga(2, 'reserve', bob, back, 'expired', [215, 270], 'COMPLETED'),
      saga(3, 'reserve', bob, front, 'refused', [300, 330], 'COMPENSATED', 'seat-taken'),
      saga(4, 'pay', ada, front, 'pay', [405, 490], 'COMPLETED'),
      saga(5, 'reserve', ada, back, 'again', [2_005, 2_060], 'COMPLETED'),
      saga(6, 'pay', ada, back, 'poor', [2_205, 2_260], 'COMPENSATED', 'insufficient-balance'),
    ].map((row): [string, SagaRow] => [row.sagaId, row]),
  );
  const ledger: LedgerRow[] = [
    {
      entryId: charge,
      userId: ada,
      entryNo: 1,
      kind: 'charge',
      debitAccount: 'funding',
      creditAccount: 'user',
      amount: 1_000,
      currency: 'KRW',
      balanceAfter: 1_000,
      commandId: null,
      chargeKey: 'charge',
      createdAt: 1,
    },
    {
      entryId: deduction,
      userId: ada,
      entryNo: 2,
      kind: 'deduct',
      debitAccount: 'user',
      creditAccount: 'sales',
      amount: price,
      currency: 'KRW',
      balanceAfter: 300,
      commandId: `${sagaIds.pay}/deduct-balance/do`,
      chargeKey: null,
      createdAt: 2,
    },
  ];
  return {
    requests: requests(),
    tables: {
      sagas,
      locks: [] as { lockKey: string; sagaId: string }[],
      sagaKeys: [
        { userId: ada, key: 'pay', of: sagaIds.pay },
        { userId: ada, key: 'poor', of: sagaIds.poor },
        { userId: ada, key: 'hold', of: sagaIds.hold },
      ],
      seats: new Map([
        [front, { concertSeatId: front, status: 'SOLD' as const, reservationId: sagaIds.hold, fence: 4 }],
        [back, { concertSeatId: back, status: 'AVAILABLE' as const, reservationId: null, fence: 6 }],
      ]),
      reservations: new Map(
        [
          reservation('hold', ada, front, 'PAID', 240, until.hold, sagaIds.pay),
          reservation('expired', bob, back, 'EXPIRED', 250, until.expired, null),
          reservation('again', ada, back, 'EXPIRED', 2_050, until.again, null),
        ].map((row): [string, ReservationRow] => [row.reservationId, row]),
      ),
      payments: new Map([
        [
          payment,
          {
            paymentId: payment,
            reservationId: sagaIds.hold,
            userId: ada,
            amount: price,
            currency: 'KRW',
            status: 'COMPLETED' as 'COMPLETED' | 'REFUNDED',
            sagaId: sagaIds.pay,
            refundingSaga: null as string | null,
          },
        ],
      ]),
      accounts: [
        { userId: ada, currency: 'KRW', balance: 300, entries: 2 },
        { userId: bob, currency: 'KRW', balance: 0, entries: 0 },
      ],
      ledger,
      tokens: [] as Facts['tables']['tokens'][number][],
      inboxes: inboxes(sagas),
      outbox: { reservation: 0, payment: 0, balance: 0, token: 0 },
    },
    messages: {
      commands: commands(sagas),
      replies: replies(sagas),
      events: events(ledger),
      poison: [] as Facts['messages']['poison'][number][],
      deadLetters: [] as Facts['messages']['deadLetters'][number][],
      deadLettered: new Set<string>(),
      topics: [],
      offsets: [
        { group: 'balance', topic: 'balance.commands', partition: 0, committed: 9, end: 9 },
        { group: 'external-api', topic: 'payment.events', partition: 0, committed: 1, end: 1 },
      ],
    },
    redisLocks: [] as string[],
    deliveries: new Map([
      [`${sagaIds.pay}/payment.completed`, 1],
      ...(['hold', 'expired', 'again'] as const).map((name): [string, number] => [
        `${sagaIds[name]}/create-reservation/do/reservation.held`,
        1,
      ]),
    ]),
  };
}

const stepNames = {
  reserve: ['verify-token', 'load-seat', 'load-user', 'create-reservation'],
  pay: [
    'verify-token',
    'load-reservation',
    'load-balance',
    'deduct-balance',
    'create-payment',
    'confirm-reservation',
  ],
  refund: ['load-paid-reservation', 'refund-payment', 'credit-balance'],
};

function saga(
  sagaNo: number,
  type: SagaRow['type'],
  userId: string,
  concertSeatId: string,
  name: keyof typeof sagaIds,
  [from, to]: [number, number],
  status: SagaRow['status'],
  code?: string,
): SagaRow {
  const failedAt = type === 'pay' ? 2 : 1;
  const sagaId = sagaIds[name];
  return {
    sagaId,
    sagaNo,
    type,
    userId,
    lockKeys: [`seat:${concertSeatId}`],
    status,
    failure: code === undefined ? null : { outcome: 'refused', code },
    parkedReason: null,
    startedAt: start + from,
    endedAt: start + to,
    settled: true,
    tokenHash: `token of ${name}`,
    concertSeatIds: [concertSeatId],
    reservationId: name === 'pay' ? sagaIds.hold : name === 'poor' ? sagaIds.again : sagaId,
    paymentId: name === 'pay' ? payment : name === 'poor' ? paymentNever : null,
    amount: name === 'refused' ? null : price,
    currency: name === 'refused' ? null : 'KRW',
    steps: stepNames[type].map((step, i) => ({
      name: step,
      status:
        code === undefined
          ? 'DONE'
          : i < failedAt
            ? i === 0 || type === 'pay'
              ? 'UNDONE'
              : 'DONE'
            : i === failedAt
              ? 'REFUSED'
              : 'PENDING',
    })),
  };
}

function reservation(
  name: keyof typeof sagaIds,
  userId: string,
  concertSeatId: string,
  status: ReservationRow['status'],
  createdAt: number,
  holdExpiresAt: number,
  payingSaga: string | null,
): ReservationRow {
  return {
    reservationId: sagaIds[name],
    concertSeatIds: [concertSeatId],
    concertId: 'a concert',
    userId,
    status,
    amount: price,
    currency: 'KRW',
    holdExpiresAt,
    payingSaga,
    refundingSaga: null,
    createdAt: start + createdAt,
  };
}

const participantOf: Record<string, [Participant, string]> = {
  'verify-token': ['token', 'token.claim'],
  'load-seat': ['reservation', 'reservation.load-seat'],
  'load-user': ['balance', 'balance.load-user'],
  'create-reservation': ['reservation', 'reservation.hold'],
  'load-reservation': ['reservation', 'reservation.load'],
  'load-balance': ['balance', 'balance.load'],
  'deduct-balance': ['balance', 'balance.deduct'],
  'create-payment': ['payment', 'payment.create'],
  'confirm-reservation': ['reservation', 'reservation.confirm'],
  'delete-token': ['token', 'token.delete'],
};

/** What a saga has sent: its steps as far as it came, their undos, and the deletion of its token. */
function sent({
  sagaId,
  steps,
  status,
}: SagaRow): { sagaId: string; step: string; action: 'do' | 'undo'; stands: string }[] {
  const did = steps.filter((step) => step.status !== 'PENDING');
  return [
    ...did.map(({ name, status }) => ({
      sagaId,
      step: name,
      action: 'do' as const,
      stands: status === 'REFUSED' ? 'refused' : 'done',
    })),
    ...did
      .filter((step) => step.status === 'UNDONE')
      .map(({ name }) => ({ sagaId, step: name, action: 'undo' as const, stands: 'undone' })),
    ...(status === 'COMPLETED'
      ? [{ sagaId, step: 'delete-token', action: 'do' as const, stands: 'done' }]
      : []),
  ];
}

type Sagas = ReadonlyMap<string, SagaRow>;

function commands(sagas: Sagas): Record<Participant, Map<string, CommandSeen>> {
  const seen = { reservation: new Map(), payment: new Map(), balance: new Map(), token: new Map() } as Record<
    Participant,
    Map<string, CommandSeen>
  >;
  for (const saga of sagas.values())
    for (const { sagaId, step, action } of sent(saga)) {
      const [service, type] = participantOf[step] as [Participant, string];
      seen[service].set(`${sagaId}/${step}/${action}`, {
        type: action === 'do' ? type : `${type} undone`,
        copies: 1,
        differs: false,
        sagaNo: saga.sagaNo,
        oneWay: step === 'delete-token',
        fault: false,
        at: saga.startedAt + 3,
      });
    }
  return seen;
}

function replies(sagas: Sagas): Map<string, ReplySeen> {
  const all = [...sagas.values()].flatMap(sent).filter(({ step }) => step !== 'delete-token');
  return new Map(
    all.map(({ sagaId, step, action }): [string, ReplySeen] => [
      `${sagaId}/${step}/${action}`,
      { type: step, copies: 1, differs: false, at: start, sagaId, step, action },
    ]),
  );
}

function inboxes(
  sagas: Sagas,
): Record<Participant, { floor: number; rows: Map<string, string> & Inbox['rows'] }> {
  const empty = () => ({ floor: 0, rows: new Map() as never });
  const made = { reservation: empty(), payment: empty(), balance: empty(), token: empty() } as Record<
    Participant,
    { floor: number; rows: Map<string, string> & Inbox['rows'] }
  >;
  for (const { sagaId, step, action, stands } of [...sagas.values()].flatMap(sent)) {
    const [service] = participantOf[step] as [Participant, string];
    if (!['load-seat', 'load-user', 'load-balance'].includes(step))
      made[service].rows.set(`${sagaId}/${step}/${action}`, stands as never);
  }
  return made;
}

function events(ledger: readonly LedgerRow[]): Map<string, EventSeen> {
  const event = (eventId: string, type: string, about: string, reason?: string): [string, EventSeen] => [
    eventId,
    { type, copies: 1, differs: false, at: start + 500, about, reason },
  ];
  const held = (sagaId: string) =>
    event(`${sagaId}/create-reservation/do/reservation.held`, 'reservation.held', sagaId);
  return new Map([
    held(sagaIds.hold),
    held(sagaIds.expired),
    held(sagaIds.again),
    event('paid', 'reservation.paid', sagaIds.hold),
    event('released 1', 'reservation.released', sagaIds.expired, 'expired'),
    event('released 2', 'reservation.released', sagaIds.again, 'expired'),
    event(`${sagaIds.pay}/payment.completed`, 'payment.completed', payment),
    ...ledger.map(({ entryId, kind }) =>
      event(`${entryId} told`, kind === 'charge' ? 'balance.charged' : 'balance.deducted', entryId),
    ),
    ...[1, 2, 3, 4].map((number) => event(`used ${number}`, 'token.deleted', `token ${number}`, 'used')),
  ]);
}

function requests() {
  const answer = (at: number, status: number, body: unknown) => ({ at: start + at, status, body });
  const held = (name: 'hold' | 'expired' | 'again', seat: string) => ({
    reservationId: sagaIds[name],
    concertSeatIds: [seat],
    status: 'TEMPORARY_HOLD',
    holdExpiresAt: new Date(until[name]).toISOString(),
    price: { amount: price, currency: 'KRW' },
    sagaId: sagaIds[name],
  });
  const paid = {
    paymentId: payment,
    reservationId: sagaIds.hold,
    amount: price,
    currency: 'KRW',
    status: 'COMPLETED',
    sagaId: sagaIds.pay,
  };
  const write = (
    operation: Request['operation'],
    userId: string,
    key: string | undefined,
    request: Request['request'],
    sentAt: number,
    answers: ReturnType<typeof answer>[],
  ) => ({
    operation,
    userId,
    ...(key !== undefined && { key }),
    request,
    sentAt: start + sentAt,
    answers,
    unanswered: 0,
  });
  const read = (
    operation: Call['operation'],
    userId: string,
    request: Call['request'],
    sentAt: number,
    body: unknown,
  ) => ({
    kind: 'call' as const,
    operation,
    userId,
    request,
    sentAt: start + sentAt,
    answer: answer(sentAt + 5, 200, body),
  });
  const chargeBody = { chargeId: charge, balance: { amount: 1_000, currency: 'KRW' } };
  return {
    writes: [
      write('charge', ada, 'charge', { amount: 1_000, currency: 'KRW' }, 90, [answer(120, 201, chargeBody)]),
      write('hold', ada, 'hold', { concertSeatIds: [front] }, 200, [answer(265, 201, held('hold', front))]),
      write('hold', bob, undefined, { concertSeatIds: [back] }, 210, [
        answer(275, 201, held('expired', back)),
      ]),
      write('hold', bob, undefined, { concertSeatIds: [front] }, 295, [
        answer(335, 409, { code: 'seat-taken', sagaId: sagaIds.refused }),
      ]),
      write('pay', ada, 'pay', { reservationId: sagaIds.hold }, 400, [
        answer(495, 201, paid),
        answer(600, 201, paid),
      ]),
      write('hold', ada, undefined, { concertSeatIds: [back] }, 2_000, [
        answer(2_065, 201, held('again', back)),
      ]),
      write('pay', ada, 'poor', { reservationId: sagaIds.again }, 2_200, [
        answer(2_265, 402, { code: 'insufficient-balance', sagaId: sagaIds.poor }),
      ]),
    ],
    reads: [
      read('read-balance', ada, {}, 130, { balance: { amount: 1_000, currency: 'KRW' } }),
      read('read-balance', ada, {}, 700, { balance: { amount: 300, currency: 'KRW' } }),
      read('read-reservation', ada, { reservationId: sagaIds.hold }, 350, { status: 'TEMPORARY_HOLD' }),
      read('read-reservation', ada, { reservationId: sagaIds.hold }, 700, { status: 'PAID' }),
      read('read-payment', ada, { paymentId: payment }, 700, { status: 'COMPLETED' }),
    ],
    seatReads: [
      {
        sentAt: start + 100,
        at: start + 110,
        seats: [front, back],
        statuses: ['AVAILABLE', 'AVAILABLE'] as const,
      },
      { sentAt: start + 350, at: start + 360, seats: [front, back], statuses: ['HELD', 'HELD'] as const },
      {
        sentAt: start + 1_500,
        at: start + 1_510,
        seats: [front, back],
        statuses: ['SOLD', 'AVAILABLE'] as const,
      },
    ].map((read) => ({ ...read, statuses: [...read.statuses] as ('AVAILABLE' | 'HELD' | 'SOLD')[] })),
    faults: [] as Facts['requests']['faults'][number][],
    successes: [start + 120, start + 265],
  };
}
