import { useLanguage } from '../language/language.tsx';
import { usePlan } from '../seats/use-seats.ts';
import { type Known, useOccasion } from './use-reservation.ts';

/** What it is for: the concert, when, which seats, and the price. */
export function ReservedSeats({ reservation }: { reservation: Known }) {
  const { messages, format } = useLanguage();
  const { concert, performance } = useOccasion(reservation);
  const { data: plan } = usePlan(reservation.performanceId);
  const ids = new Set(reservation.concertSeatIds);
  const seats = plan?.seats.filter(({ concertSeatId }) => ids.has(concertSeatId));
  return (
    <>
      <p className="where">
        <strong>{concert?.title}</strong> <span className="muted">{concert?.venue}</span>{' '}
        {performance && <time dateTime={performance.startsAt}>{format.moment(performance.startsAt)}</time>}
      </p>
      <dl className="facts">
        <dt>{messages.yourSeats}</dt>
        <dd>
          <ul>
            {seats?.map(({ index, section, row, number }) => (
              <li key={index}>{messages.seat(section.name, row, number)}</li>
            ))}
          </ul>
        </dd>
        <dt>{messages.price}</dt>
        <dd>{format.money(reservation.price)}</dd>
      </dl>
    </>
  );
}
