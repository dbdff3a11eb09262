import { useEffect, useRef, useState } from 'react';
import { useLanguage } from '../../language/language.tsx';
import { type Plan, type PlannedSeat, seatAt } from '../plan.ts';
import type { Statuses } from '../statuses.ts';
import { listenToGestures } from './gestures.ts';
import { createMapView, type MapView } from './map-view.ts';

const step = 1.6;

/**
 * The map, for those who see it and have a pointer. It is hidden from screen readers and can't be reached by keyboard:
 * the list beside it has the same seats, and marks on the map where it is.
 */
export function SeatMap(props: {
  plan: Plan;
  statuses: Statuses;
  chosen: readonly PlannedSeat[];
  current: PlannedSeat | undefined;
  onToggle: (seat: PlannedSeat) => void;
}) {
  const { plan, statuses, chosen, current, onToggle } = props;
  const { messages } = useLanguage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [view, setView] = useState<MapView>();
  const toggle = useRef(onToggle);
  toggle.current = onToggle;

  useEffect(() => {
    if (!canvas.current) return;
    const made = createMapView(canvas.current, { plan, statuses, stage: messages.stage });
    const deafen = listenToGestures(canvas.current, made, ({ x, y }) => {
      const seat = seatAt(plan, x, y);
      if (seat) toggle.current(seat);
    });
    setView(made);
    return () => {
      deafen();
      made.stop();
    };
  }, [plan, statuses, messages]);

  useEffect(() => view?.mark(chosen, current), [view, chosen, current]);
  useEffect(() => {
    if (current) view?.reveal(current);
  }, [view, current]);

  return (
    <figure className="map">
      <div className="map-area">
        <div aria-hidden="true">
          <canvas ref={canvas} />
        </div>
        <div className="map-buttons">
          <button type="button" aria-label={messages.zoomIn} onClick={() => view?.zoomBy(step)}>
            +
          </button>
          <button type="button" aria-label={messages.zoomOut} onClick={() => view?.zoomBy(1 / step)}>
            −
          </button>
          <button type="button" onClick={() => view?.showAll()}>
            {messages.showAll}
          </button>
        </div>
      </div>
      <Legend />
    </figure>
  );
}

function Legend() {
  const { messages } = useLanguage();
  return (
    <figcaption className="legend">
      {(['free', 'chosen', 'held', 'sold', 'mine'] as const).map((state) => (
        <span key={state}>
          <span className={`swatch ${state}`} aria-hidden="true" />
          {state === 'free' ? messages.available : messages[state]}
        </span>
      ))}
    </figcaption>
  );
}
