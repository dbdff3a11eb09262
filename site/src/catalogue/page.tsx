import type { Concert } from '@holdfast/client/types';
import { Link } from 'wouter';
import { useLanguage } from '../language/language.tsx';
import { PageTitle } from '../shell/page-title.tsx';
import { Problem } from '../ui/problem.tsx';
import { useConcerts, usePerformances } from './use-catalogue.ts';

export function CataloguePage() {
  const { messages } = useLanguage();
  const { data: concerts, error } = useConcerts();
  return (
    <>
      <PageTitle title={messages.chooseConcert} />
      <Problem error={error} />
      {concerts?.length === 0 && <p>{messages.noConcerts}</p>}
      <ul className="cards">
        {concerts?.map((concert) => (
          <li key={concert.concertId} className="card">
            <h2>{concert.title}</h2>
            <p className="muted">{concert.venue}</p>
            <Performances concert={concert} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Performances({ concert: { concertId, title } }: { concert: Concert }) {
  const { messages, format } = useLanguage();
  const { data: performances, error } = usePerformances(concertId);
  return (
    <>
      <Problem error={error} />
      <ul className="performances" aria-label={messages.performancesOf(title)}>
        {performances?.map(({ performanceId, startsAt }) => (
          <li key={performanceId}>
            <Link href={`/concerts/${concertId}/performances/${performanceId}`}>
              {format.moment(startsAt)}
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
