import type { LedgerRow, SagaRow } from '../../facts.ts';
import { assign, change, reservation, seat } from './doctor.ts';
import { ada, type Doctored, front, id, payment, sagaIds, start } from './sound-run.ts';

export const refundSaga = id(9, 2_500);
const creditEntry = id(10, 2_550);

/** Goes on with a sound run: Ada has her payment refunded, at 2.5 s, and the seat is free again. */
export function refund(facts: Doctored): void {
  const { tables, messages, requests } = facts;
  const paid = tables.payments.get(payment);
  const amount = paid?.amount ?? 0;
  const ends = { status: 'REFUNDED' as const, refundingSaga: refundSaga };
  change(tables.payments, payment, ends);
  reservation(facts, sagaIds.hold, ends);
  seat(facts, front, { status: 'AVAILABLE', reservationId: null, fence: 7 });
  const saga: SagaRow = {
    ...(tables.sagas.get(sagaIds.pay) as SagaRow),
    sagaId: refundSaga,
    sagaNo: 7,
    type: 'refund',
    startedAt: start + 2_505,
    endedAt: start + 2_560,
    tokenHash: null,
    steps: ['load-paid-reservation', 'refund-payment', 'credit-balance'].map((name) => ({
      name,
      status: 'DONE',
    })),
  };
  tables.sagas.set(refundSaga, saga);
  tables.sagaKeys.push({ userId: ada, key: 'refund', of: refundSaga });
  const entry: LedgerRow = {
    entryId: creditEntry,
    userId: ada,
    entryNo: 3,
    kind: 'credit',
    debitAccount: 'sales',
    creditAccount: 'user',
    amount,
    currency: 'KRW',
    balanceAfter: 1_000,
    commandId: `${refundSaga}/credit-balance/do`,
    chargeKey: null,
    createdAt: 3,
  };
  tables.ledger.push(entry);
  assign(tables.accounts[0], { balance: 1_000, entries: 3 });

  for (const [service, step, type] of [
    ['reservation', 'load-paid-reservation', 'reservation.load-paid'],
    ['payment', 'refund-payment', 'payment.refund'],
    ['balance', 'credit-balance', 'balance.credit'],
    ['reservation', 'release-seats', 'reservation.release-seats'],
  ] as const) {
    const id = `${refundSaga}/${step}/do`;
    const oneWay = step === 'release-seats';
    const seen = { copies: 1, differs: false, at: start + 2_510 };
    tables.inboxes[service].rows.set(id, 'done' as never);
    messages.commands[service].set(id, { ...seen, type, sagaNo: 7, oneWay, fault: false });
    if (!oneWay) messages.replies.set(id, { ...seen, type, sagaId: refundSaga, step, action: 'do' });
  }
  for (const [type, about, reason] of [
    ['payment.refunded', payment, undefined],
    ['balance.credited', creditEntry, undefined],
    ['reservation.released', sagaIds.hold, 'refunded'],
  ] as const)
    messages.events.set(`${refundSaga} ${type}`, {
      ...{ type, about, reason, copies: 1, differs: false, at: start + 2_570 },
    });
  facts.deliveries.set(`${refundSaga} payment.refunded`, 1);
  requests.writes.push({
    operation: 'refund',
    userId: ada,
    key: 'refund',
    request: { reservationId: sagaIds.hold },
    sentAt: start + 2_500,
    answers: [
      {
        at: start + 2_565,
        status: 201,
        body: {
          ...{ paymentId: payment, reservationId: sagaIds.hold, amount, currency: 'KRW' },
          status: 'REFUNDED',
          sagaId: refundSaga,
        },
      },
    ],
    unanswered: 0,
  });
}
