import type { Place } from '@holdfast/client/types';
import { useEffect, useRef } from 'react';
import { useLanguage } from '../language/language.tsx';
import { useAnnounce } from '../shell/announcer.tsx';
import { PageTitle } from '../shell/page-title.tsx';

/** Where one stands, live. */
export function QueuePanel({ place, onLeave }: { place: Place | undefined; onLeave: () => void }) {
  const { messages, format } = useLanguage();
  const announce = useAnnounce();
  const farthest = useRef(0);
  const announced = useRef({ position: Number.POSITIVE_INFINITY, at: 0 });

  const position = place?.position;
  useEffect(() => {
    if (position === undefined) return;
    farthest.current = Math.max(farthest.current, position);
    // Every change would be noise: a quarter less, or near the end, and not more often than one can listen to.
    const { position: last, at } = announced.current;
    const isNews = position <= last * 0.75 || (position <= 3 && position < last);
    if (!isNews || Date.now() - at < 3_000) return;
    announced.current = { position, at: Date.now() };
    announce(messages.position(format.number(position)));
  }, [position, announce, messages, format]);

  if (!place)
    return (
      <div className="narrow">
        <PageTitle title={messages.joining} />
      </div>
    );
  const waitMs = place.estimatedWaitMs;
  return (
    <div className="narrow queue">
      <PageTitle title={messages.queueTitle} />
      <p className="position">{messages.position(format.number(place.position))}</p>
      <progress
        aria-label={messages.queueTitle}
        max={Math.max(farthest.current, place.position)}
        value={Math.max(farthest.current - place.position, 0)}
      />
      <p>{waitMs === undefined ? messages.noWait : messages.wait(format.about(waitMs))}</p>
      <p className="hint">{messages.queueHint}</p>
      <button type="button" onClick={onLeave}>
        {messages.leaveQueue}
      </button>
    </div>
  );
}
