import { Link } from 'wouter';
import { useLanguage } from '../language/language.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import { Checkout } from './checkout.tsx';
import { ReservedSeats } from './reserved-seats.tsx';
import { Ticket } from './ticket.tsx';
import { type Known, useReservation } from './use-reservation.ts';

/** A reservation, as it stands: to be paid, a ticket, or over. */
export function ReservationPage({ reservationId }: { reservationId: string }) {
  const { messages } = useLanguage();
  const { data: reservation, error } = useReservation(reservationId);
  if (!reservation)
    return (
      <>
        <PageTitle title={messages.yourSeats} />
        <Problem error={error} />
      </>
    );
  // Each status is a page of its own: its heading gets the focus.
  switch (reservation.status) {
    case 'TEMPORARY_HOLD':
      return <Checkout key="hold" reservation={reservation} />;
    case 'PAID':
      return <Ticket key="paid" reservation={reservation} />;
    default:
      return <Over key="over" reservation={reservation} />;
  }
}

function Over({ reservation }: { reservation: Known }) {
  const { messages } = useLanguage();
  const { status, concertId, performanceId } = reservation;
  const said =
    status === 'EXPIRED' ? messages.expired : status === 'REFUNDED' ? messages.refunded : messages.cancelled;
  return (
    <div className="narrow">
      <PageTitle title={messages.status[status]} />
      <p className="notice">{said}</p>
      <ReservedSeats reservation={reservation} />
      <p>
        <Link href={`/concerts/${concertId}/performances/${performanceId}`}>{messages.chooseAgain}</Link>
      </p>
    </div>
  );
}
