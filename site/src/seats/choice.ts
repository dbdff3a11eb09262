import { useCallback, useEffect, useState } from 'react';
import { useLanguage } from '../language/language.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import type { Plan, PlannedSeat } from './plan.ts';
import type { Statuses } from './statuses.ts';

export type Choice = {
  seats: readonly PlannedSeat[];
  toggle: (seat: PlannedSeat) => void;
  /** What was said last about a seat that somebody else took. */
  gone: string | undefined;
};

/** The seats that somebody has chosen. One that is taken meanwhile leaves the choice, which is said. */
export function useChoice({ plan, statuses }: { plan: Plan; statuses: Statuses }): Choice {
  const { messages } = useLanguage();
  const announce = useAnnounce();
  const [seats, setSeats] = useState<readonly PlannedSeat[]>([]);
  const [gone, setGone] = useState<string>();

  useEffect(
    () =>
      statuses.subscribe(() => {
        const taken = seats.filter(({ index }) => statuses.of(index) !== 'free');
        if (taken.length === 0) return;
        const names = taken.map((seat) => messages.seatShort(seat.section.name, seat.row, seat.number));
        setSeats(seats.filter((seat) => !taken.includes(seat)));
        setGone(messages.seatGone(names.join(', ')));
      }),
    [statuses, seats, messages],
  );

  // Another layout, and the seats are others.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that matters
  useEffect(() => setSeats([]), [plan]);

  const toggle = useCallback(
    (seat: PlannedSeat) => {
      const name = messages.seatShort(seat.section.name, seat.row, seat.number);
      if (seats.includes(seat)) {
        setSeats(seats.filter((other) => other !== seat));
        announce(messages.seatRemoved(name));
      } else if (statuses.of(seat.index) === 'free') {
        setSeats([...seats, seat]);
        announce(messages.seatAdded(name));
      }
      setGone(undefined);
    },
    [seats, statuses, messages, announce],
  );
  return { seats, toggle, gone };
}
