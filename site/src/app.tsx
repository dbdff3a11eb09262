import { ApiProblem } from '@holdfast/client/problem';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, Route, Switch } from 'wouter';
import { Connection } from './api/connection.tsx';
import { BalancePage } from './balance/page.tsx';
import { CataloguePage } from './catalogue/page.tsx';
import { LanguageProvider, useLanguage } from './language/language.tsx';
import { PerformancePage } from './performance/page.tsx';
import { ReservationsPage } from './reservation/list-page.tsx';
import { ReservationPage } from './reservation/page.tsx';
import { endSession, useSession } from './session/session.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { Announcer } from './shell/announcer.tsx';
import { PageTitle } from './shell/page-title.tsx';
import { Shell } from './shell/shell.tsx';

/** A session that the API no longer takes is over, whatever was asked. */
const onError = (error: unknown) => {
  if (error instanceof ApiProblem && error.status === 401) endSession(error.message);
};

const isPassing = (error: unknown) => !(error instanceof ApiProblem) || error.status >= 500;

const createQueries = () =>
  new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: (failures, error) => failures < 2 && isPassing(error), staleTime: 1_000 },
    },
  });

export function App() {
  const { token } = useSession();
  return (
    <LanguageProvider>
      <Session key={token} token={token} />
    </LanguageProvider>
  );
}

/** What one buyer has seen is nothing for the next: each has a store of their own. */
function Session({ token }: { token: string | undefined }) {
  const [queries] = useState(createQueries);
  return (
    <QueryClientProvider client={queries}>
      <Connection token={token}>
        <Announcer>
          <Shell>
            <Pages signedIn={token !== undefined} />
          </Shell>
        </Announcer>
      </Connection>
    </QueryClientProvider>
  );
}

/** Concerts are for everybody; whatever else is asked for begins with signing in, and goes on from there. */
function Pages({ signedIn }: { signedIn: boolean }) {
  return (
    <Switch>
      <Route path="/">
        <CataloguePage />
      </Route>
      {!signedIn && (
        <Route>
          <SignInPage />
        </Route>
      )}
      <Route path="/concerts/:concertId/performances/:performanceId">
        {({ concertId, performanceId }) => (
          <PerformancePage key={performanceId} concertId={concertId} performanceId={performanceId} />
        )}
      </Route>
      <Route path="/reservations">
        <ReservationsPage />
      </Route>
      <Route path="/reservations/:id">{({ id }) => <ReservationPage key={id} reservationId={id} />}</Route>
      <Route path="/balance">
        <BalancePage />
      </Route>
      <Route>
        <NoPage />
      </Route>
    </Switch>
  );
}

function NoPage() {
  const { messages } = useLanguage();
  return (
    <>
      <PageTitle title={messages.noSuchPage} />
      <Link href="/">{messages.backToConcerts}</Link>
    </>
  );
}
