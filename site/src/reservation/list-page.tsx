import { Link } from 'wouter';
import { useLanguage } from '../language/language.tsx';
import { useSession } from '../session/session.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import { type Known, useOccasion, useReservation } from './use-reservation.ts';

/** The reservations that were made in this tab. */
export function ReservationsPage() {
  const { messages } = useLanguage();
  const { reservations } = useSession();
  return (
    <>
      <PageTitle title={messages.mySeats} />
      {reservations.length === 0 && <p>{messages.noSeats}</p>}
      <ul className="cards">
        {reservations.map((id) => (
          <li key={id} className="card">
            <Entry reservationId={id} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Entry({ reservationId }: { reservationId: string }) {
  const { data: reservation, error } = useReservation(reservationId);
  return (
    <>
      <Problem error={error} />
      {reservation && <Summary reservation={reservation} />}
    </>
  );
}

function Summary({ reservation }: { reservation: Known }) {
  const { messages, format } = useLanguage();
  const { concert, performance } = useOccasion(reservation);
  return (
    <>
      <h2>
        <Link href={`/reservations/${reservation.reservationId}`}>{concert?.title ?? '…'}</Link>
      </h2>
      <p className="muted">{performance && format.moment(performance.startsAt)}</p>
      <p>
        {messages.status[reservation.status]} · {format.money(reservation.price)}
      </p>
    </>
  );
}
