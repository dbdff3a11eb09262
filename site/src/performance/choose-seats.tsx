import type { Place } from '@holdfast/client/types';
import { useState } from 'react';
import { useLanguage } from '../language/language.tsx';
import { useChoice } from '../seats/choice.ts';
import { SeatMap } from '../seats/map/seat-map.tsx';
import type { PlannedSeat } from '../seats/plan.ts';
import { SeatList } from '../seats/seat-list.tsx';
import { type Seats, useRevision, useSeats } from '../seats/use-seats.ts';
import { PageTitle } from '../shell/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import { ChosenSeats } from './chosen-seats.tsx';

type Props = { performanceId: string; place: Place; onTurnOver: () => void };

export function ChooseSeats(props: Props) {
  const { messages, format } = useLanguage();
  const { seats, error } = useSeats(props.performanceId);
  return (
    <>
      <PageTitle title={messages.chooseSeats} />
      <p className="hint">{messages.turnUntil(format.clock(props.place.expiresAt))}</p>
      <Problem error={error} />
      {seats ? <Hall {...props} seats={seats} /> : error === null && <p role="status">{messages.loading}</p>}
    </>
  );
}

function Hall({ seats: { plan, statuses, live }, place, onTurnOver }: Props & { seats: Seats }) {
  const { messages, format } = useLanguage();
  const choice = useChoice({ plan, statuses });
  const [current, setCurrent] = useState<PlannedSeat>();
  useRevision(statuses);
  const first = plan.seats[0];

  return (
    <div className="hall">
      <section aria-label={messages.seatMap}>
        <p className="counts">
          <span>{messages.free(format.number(statuses.free()), format.number(plan.seats.length))}</span>
          <span className="live" data-live={live}>
            {live ? messages.live : messages.reconnecting}
          </span>
        </p>
        <SeatMap
          plan={plan}
          statuses={statuses}
          chosen={choice.seats}
          current={current}
          onToggle={choice.toggle}
        />
        <p className="hint">{messages.mapHint}</p>
      </section>
      <div className="beside">
        {first && (
          <SeatList
            plan={plan}
            statuses={statuses}
            chosen={choice.seats}
            current={current && plan.seats[current.index] === current ? current : first}
            onCurrent={setCurrent}
            onToggle={choice.toggle}
          />
        )}
        <ChosenSeats choice={choice} queueToken={place.token} onTurnOver={onTurnOver} />
      </div>
    </div>
  );
}
