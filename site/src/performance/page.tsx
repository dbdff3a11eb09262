import { useLocation } from 'wouter';
import { useClient } from '../api/connection.tsx';
import { useConcert, usePerformances } from '../catalogue/use-catalogue.ts';
import { useLanguage } from '../language/language.tsx';
import { QueuePanel } from '../queue/queue-panel.tsx';
import { useTurn } from '../queue/use-turn.ts';
import { Problem } from '../ui/problem.tsx';
import { ChooseSeats } from './choose-seats.tsx';

/** A performance: first the queue, then the seats. */
export function PerformancePage({ concertId, performanceId }: { concertId: string; performanceId: string }) {
  const { messages, format } = useLanguage();
  const client = useClient();
  const [, goTo] = useLocation();
  const { data: concert } = useConcert(concertId);
  const { data: performances } = usePerformances(concertId);
  const performance = performances?.find((one) => one.performanceId === performanceId);
  const { place, error, wasOver, joinAgain } = useTurn(concertId);

  const leave = () => {
    goTo('/');
    if (!place) return;
    // Who closes the page instead leaves as well, only later: the queue notices silence.
    const header = { 'queue-token': place.token };
    client.DELETE('/v1/tokens/me', { params: { header } }).catch(() => undefined);
  };

  return (
    <>
      <p className="where">
        <strong>{concert?.title}</strong> <span className="muted">{concert?.venue}</span>{' '}
        {performance && <time dateTime={performance.startsAt}>{format.moment(performance.startsAt)}</time>}
      </p>
      <Problem error={error} />
      {wasOver && place?.status !== 'ACTIVE' && <p className="notice">{messages.turnOver}</p>}
      {place?.status === 'ACTIVE' ? (
        <ChooseSeats performanceId={performanceId} place={place} onTurnOver={joinAgain} />
      ) : (
        error === undefined && <QueuePanel place={place} onLeave={leave} />
      )}
    </>
  );
}
