import { type KeyboardEvent, useEffect, useId, useMemo, useRef } from 'react';
import { useLanguage } from '../language/language.tsx';
import type { Plan, PlannedSeat } from './plan.ts';
import type { Statuses } from './statuses.ts';
import { useRevision } from './use-seats.ts';

type Props = {
  plan: Plan;
  statuses: Statuses;
  chosen: readonly PlannedSeat[];
  current: PlannedSeat;
  onCurrent: (seat: PlannedSeat) => void;
  onToggle: (seat: PlannedSeat) => void;
};

/**
 * All seats without the map: a section, a row, and its seats, of which one is in the order of tabs (a roving focus). The
 * arrow keys go on to the next seat and the next row.
 */
export function SeatList({ plan, statuses, chosen, current, onCurrent, onToggle }: Props) {
  const { messages, format } = useLanguage();
  const revision = useRevision(statuses);
  const sectionId = useId();
  const rowId = useId();
  const hintId = useId();
  const { section } = current;
  const rowAt = section.rows.findIndex(({ row }) => row === current.row);
  const row = section.rows[rowAt] ?? section.rows[0];

  // biome-ignore lint/correctness/useExhaustiveDependencies: the statuses change with their revision
  const freeIn = useMemo(() => countFree(plan, statuses), [plan, statuses, revision]);

  const goTo = (sectionAt: number, rowAt: number, near: number) => {
    const seats = plan.sections[sectionAt]?.rows[rowAt]?.seats;
    const seat = seats && nearest(seats, near);
    if (seat) onCurrent(seat);
  };
  const sectionAt = plan.sections.indexOf(section);

  return (
    <section className="seat-list" aria-label={messages.seatList}>
      <div className="fields">
        <span className="field">
          <label htmlFor={sectionId}>{messages.section}</label>
          <select
            id={sectionId}
            value={sectionAt}
            onChange={(event) => goTo(Number(event.target.value), 0, current.number)}
          >
            {plan.sections.map(({ name }, at) => (
              <option key={name} value={at}>
                {messages.sectionOption(name, format.number(freeIn.sections[at] ?? 0))}
              </option>
            ))}
          </select>
        </span>
        <span className="field">
          <label htmlFor={rowId}>{messages.row}</label>
          <select
            id={rowId}
            value={rowAt}
            onChange={(event) => goTo(sectionAt, Number(event.target.value), current.number)}
          >
            {section.rows.map(({ row, seats }, at) => (
              <option key={row} value={at}>
                {messages.rowOption(
                  row,
                  format.number(seats.filter(({ index }) => statuses.of(index) === 'free').length),
                )}
              </option>
            ))}
          </select>
        </span>
      </div>
      <p className="hint" id={hintId}>
        {messages.rowHint}
      </p>
      {row && (
        <SeatsOfRow
          seats={row.seats}
          {...{ statuses, chosen, current, onCurrent, onToggle, hintId }}
          onOtherRow={(by) => goTo(sectionAt, rowAt + by, current.number)}
        />
      )}
    </section>
  );
}

type RowProps = Omit<Props, 'plan'> & {
  seats: readonly PlannedSeat[];
  hintId: string;
  onOtherRow: (by: 1 | -1) => void;
};

function SeatsOfRow({ seats, statuses, chosen, current, onCurrent, onToggle, onOtherRow, hintId }: RowProps) {
  const { messages, format } = useLanguage();
  const group = useRef<HTMLFieldSetElement>(null);
  const hadFocus = useRef(false);

  // The focus follows the current seat, but isn't taken from elsewhere.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that matters
  useEffect(() => {
    if (hadFocus.current) group.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [current]);

  const onKeyDown = (event: KeyboardEvent) => {
    const at = seats.indexOf(current);
    const seat = { ArrowLeft: seats[at - 1], ArrowRight: seats[at + 1], Home: seats[0], End: seats.at(-1) }[
      event.key
    ];
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') onOtherRow(event.key === 'ArrowUp' ? -1 : 1);
    else if (seat) onCurrent(seat);
    else if (!['ArrowLeft', 'ArrowRight', 'Home', 'End'].includes(event.key)) return;
    event.preventDefault();
  };

  return (
    <fieldset
      ref={group}
      className="row"
      aria-describedby={hintId}
      onKeyDown={onKeyDown}
      onFocus={() => {
        hadFocus.current = true;
      }}
      onBlur={(event) => {
        // Gone from the page with its row, the focus goes on to the next; gone elsewhere, it is elsewhere.
        if (event.relatedTarget) hadFocus.current = false;
      }}
    >
      <legend>{messages.seatsOfRow(current.section.name, current.row)}</legend>
      {seats.map((seat) => {
        const state = statuses.of(seat.index);
        const isChosen = chosen.includes(seat);
        const name = messages.seat(seat.section.name, seat.row, seat.number);
        const said = state === 'free' ? messages.available : messages[state];
        return (
          <button
            key={seat.index}
            type="button"
            className={`seat ${state}`}
            tabIndex={seat === current ? 0 : -1}
            aria-pressed={isChosen}
            // Still reached and read: that it is taken is worth knowing.
            aria-disabled={state !== 'free'}
            aria-label={`${name}, ${format.money(seat.price)}, ${said}`}
            onFocus={() => onCurrent(seat)}
            onClick={() => onToggle(seat)}
          >
            {seat.number}
          </button>
        );
      })}
    </fieldset>
  );
}

function countFree(plan: Plan, statuses: Statuses): { sections: number[] } {
  const sections = plan.sections.map(({ rows }) =>
    rows.reduce(
      (sum, { seats }) => sum + seats.filter(({ index }) => statuses.of(index) === 'free').length,
      0,
    ),
  );
  return { sections };
}

const nearest = (seats: readonly PlannedSeat[], number: number): PlannedSeat | undefined =>
  seats.reduce<PlannedSeat | undefined>(
    (best, seat) => (!best || Math.abs(seat.number - number) < Math.abs(best.number - number) ? seat : best),
    undefined,
  );
