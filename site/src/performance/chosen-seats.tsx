import { ApiProblem } from '@holdfast/client/problem';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { useLocation } from 'wouter';
import { useClient } from '../api/connection.tsx';
import { holdSeats } from '../api/sagas.ts';
import { useLanguage } from '../language/language.tsx';
import type { Choice } from '../seats/choice.ts';
import { rememberReservation } from '../session/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { sumOf } from '../ui/sum.ts';

type Props = { choice: Choice; queueToken: string; onTurnOver: () => void };

/** What is chosen and what it costs, and holding it. */
export function ChosenSeats({ choice: { seats, toggle, gone }, queueToken, onTurnOver }: Props) {
  const { messages, format } = useLanguage();
  const client = useClient();
  const [, goTo] = useLocation();
  const heading = useRef<HTMLHeadingElement>(null);
  const hold = useMutation({
    mutationFn: () =>
      holdSeats(client, {
        queueToken,
        concertSeatIds: seats.map(({ concertSeatId }) => concertSeatId),
      }),
    onSuccess: ({ reservationId }) => {
      rememberReservation(reservationId);
      goTo(`/reservations/${reservationId}`);
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === 'token-not-active') onTurnOver();
    },
  });
  // That seats are taken may be told before the answer that it is by this very user.
  const mayBeOurs = hold.isPending || hold.isSuccess;
  const total = sumOf(seats.map(({ price }) => price));

  return (
    <section className="card chosen" aria-labelledby="chosen">
      <h2 id="chosen" tabIndex={-1} ref={heading}>
        {messages.yourChoice}
      </h2>
      {seats.length === 0 && <p className="muted">{messages.nothingChosen}</p>}
      <ul>
        {seats.map((seat) => {
          const name = messages.seatShort(seat.section.name, seat.row, seat.number);
          return (
            <li key={seat.index}>
              <span>{messages.seat(seat.section.name, seat.row, seat.number)}</span>
              <span>{format.money(seat.price)}</span>
              <button
                type="button"
                className="quiet"
                aria-label={messages.remove(name)}
                onClick={() => {
                  // Its row goes, and the focus must not go with it.
                  heading.current?.focus();
                  toggle(seat);
                }}
              >
                ×
              </button>
            </li>
          );
        })}
      </ul>
      <div role="alert">{gone !== undefined && !mayBeOurs && <p className="notice">{gone}</p>}</div>
      <Problem error={hold.error} />
      {total && (
        <p className="total">
          {messages.total} <strong>{format.money(total)}</strong>
        </p>
      )}
      <ActionButton primary off={seats.length === 0 || hold.isPending} onPress={() => hold.mutate()}>
        {hold.isPending ? messages.holding : messages.hold(Math.max(seats.length, 1))}
      </ActionButton>
    </section>
  );
}
