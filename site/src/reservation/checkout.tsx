import { dataOf } from '@holdfast/client/problem';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useClient } from '../api/connection.tsx';
import { pay } from '../api/sagas.ts';
import { ChargeForm } from '../balance/charge-form.tsx';
import { useBalance } from '../balance/use-balance.ts';
import { useLanguage } from '../language/language.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useNow } from '../ui/use-now.ts';
import { ReservedSeats } from './reserved-seats.tsx';
import type { Known } from './use-reservation.ts';

/** Held seats, to be paid while the hold lasts. */
export function Checkout({ reservation }: { reservation: Known }) {
  const { messages, format } = useLanguage();
  const { reservationId, price } = reservation;
  const client = useClient();
  const queries = useQueryClient();
  const { data: balance, error: noBalance } = useBalance();
  // Whatever came of it: the reservation says how it stands now.
  const onSettled = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: ['reservation', reservationId] }),
      queries.invalidateQueries({ queryKey: ['balance'] }),
    ]);
  const payment = useMutation({ mutationFn: () => pay(client, reservationId), onSettled });
  const cancel = useMutation({
    mutationFn: () =>
      dataOf(client.DELETE('/v1/reservations/{reservationId}', { params: { path: { reservationId } } })),
    onSettled,
  });
  const missing = balance ? Math.max(0, price.amount - balance.amount) : 0;
  const busy = payment.isPending || cancel.isPending;

  // Once it is charged the form is gone: paying is what comes next.
  const payButton = useRef<HTMLButtonElement>(null);
  const wasMissing = useRef(false);
  useEffect(() => {
    if (missing === 0 && wasMissing.current) payButton.current?.focus();
    wasMissing.current = missing > 0;
  }, [missing]);

  return (
    <div className="narrow">
      <PageTitle title={messages.checkout} />
      <Countdown reservation={reservation} onOver={onSettled} />
      <ReservedSeats reservation={reservation} />
      <Problem error={noBalance} />
      {balance && (
        <p className="total">
          {messages.onBalance} <strong>{format.money(balance)}</strong>
        </p>
      )}
      {missing > 0 && (
        <>
          <p className="notice">{messages.missing(format.money({ ...price, amount: missing }))}</p>
          <ChargeForm key={missing} amount={missing} currency={price.currency} />
        </>
      )}
      <Problem error={payment.error ?? cancel.error} />
      <div className="actions">
        <ActionButton
          ref={payButton}
          primary
          off={!balance || missing > 0 || busy}
          onPress={() => payment.mutate()}
        >
          {payment.isPending ? messages.paying : messages.pay(format.money(price))}
        </ActionButton>
        <ActionButton off={busy} onPress={() => cancel.mutate()}>
          {messages.cancelHold}
        </ActionButton>
      </div>
    </div>
  );
}

/** Said aloud when so much time is left, in seconds. */
const saidAt = [120, 60, 30, 10];

function Countdown({ reservation, onOver }: { reservation: Known; onOver: () => void }) {
  const { messages, format } = useLanguage();
  const announce = useAnnounce();
  const now = useNow(true);
  const leftMs = Date.parse(reservation.holdExpiresAt) - (now + reservation.clockAheadMs);
  const left = Math.ceil(leftMs / 1_000);
  const over = useRef(onOver);
  over.current = onOver;

  useEffect(() => {
    if (saidAt.includes(left)) announce(messages.timeLeft(format.left(left * 1_000)));
  }, [left, announce, messages, format]);

  // It is the API that says when it is over: asked until it does.
  const isOver = leftMs <= 0;
  useEffect(() => {
    if (!isOver) return;
    over.current();
    const timer = setInterval(() => over.current(), 1_000);
    return () => clearInterval(timer);
  }, [isOver]);

  return (
    <p className="countdown" data-hurry={left <= 60}>
      {messages.heldFor}{' '}
      <span role="timer" aria-label={messages.heldFor}>
        {format.left(leftMs)}
      </span>
    </p>
  );
}
