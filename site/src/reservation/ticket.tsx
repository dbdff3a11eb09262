import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useEffect, useRef } from 'react';
import { useClient } from '../api/connection.tsx';
import { refund } from '../api/sagas.ts';
import { useLanguage } from '../language/language.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { ReservedSeats } from './reserved-seats.tsx';
import type { Known } from './use-reservation.ts';

/** Paid seats. */
export function Ticket({ reservation }: { reservation: Known }) {
  const { messages } = useLanguage();
  const { reservationId } = reservation;
  const client = useClient();
  const queries = useQueryClient();
  const question = useRef<HTMLDialogElement>(null);
  const refunding = useMutation({
    mutationFn: () => refund(client, reservationId),
    onSettled: () => queries.invalidateQueries({ queryKey: ['balance'] }),
  });
  const refunded = refunding.isSuccess;
  const running = refunding.isPending || refunded;

  // The money is back when it is answered; the seats, and with them the reservation, follow in a moment.
  useEffect(() => {
    if (!refunded) return;
    const look = () => void queries.invalidateQueries({ queryKey: ['reservation', reservationId] });
    look();
    const timer = setInterval(look, 300);
    return () => clearInterval(timer);
  }, [refunded, queries, reservationId]);

  return (
    <div className="narrow">
      <PageTitle title={messages.ticket} />
      <div className="card ticket">
        <p className="paid">{messages.paid}</p>
        <ReservedSeats reservation={reservation} />
        <p className="under">
          {messages.ticketNumber} <code>{reservationId}</code>
        </p>
      </div>
      <Problem error={refunding.error} />
      <ActionButton off={running} onPress={() => question.current?.showModal()}>
        {running ? messages.refunding : messages.refund}
      </ActionButton>
      <Confirm dialog={question} question={messages.refundQuestion} onYes={() => refunding.mutate()} />
    </div>
  );
}

/** Whether it is open, only the dialog itself knows: it tells of its closing a moment later than it gives the focus back. */
function Confirm(props: {
  dialog: RefObject<HTMLDialogElement | null>;
  question: string;
  onYes: () => void;
}) {
  const { dialog, question, onYes } = props;
  const { messages } = useLanguage();
  return (
    <dialog ref={dialog} aria-labelledby="question">
      <p id="question">{question}</p>
      <div className="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          {messages.keep}
        </button>
        <button
          type="button"
          className="primary"
          onClick={() => {
            dialog.current?.close();
            onYes();
          }}
        >
          {messages.refundYes}
        </button>
      </div>
    </dialog>
  );
}
