import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Route, Router, Switch } from 'wouter';
import { isPassing } from './api/problem.ts';
import { AuditPage } from './audit/page.tsx';
import { EditLetterPage } from './dead-letters/edit-page.tsx';
import { GroupPage } from './dead-letters/group-page.tsx';
import { GroupsPage } from './dead-letters/groups-page.tsx';
import { LetterPage } from './dead-letters/letter-page.tsx';
import { ReplayPage } from './dead-letters/replay-page.tsx';
import { DoctorPage } from './doctor/page.tsx';
import { LiveProvider } from './live/live.tsx';
import { LocksPage } from './locks/page.tsx';
import { OverviewPage } from './overview/page.tsx';
import { ParkedPage } from './sagas/parked-page.tsx';
import { SagaPage } from './sagas/saga-page.tsx';
import { SagasPage } from './sagas/sagas-page.tsx';
import { useSession } from './session/session.ts';
import { SignInPage } from './session/sign-in-page.tsx';
import { Shell } from './shell/shell.tsx';
import { PageTitle } from './ui/page-title.tsx';

const queries = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => failures < 2 && isPassing(error), staleTime: 1_000 },
  },
});

export function App() {
  const { token } = useSession();

  // What one operator has seen is nothing for the next.
  useEffect(() => {
    if (!token) queries.clear();
  }, [token]);

  if (!token) return <SignInPage />;
  return (
    <QueryClientProvider client={queries}>
      <LiveProvider key={token}>
        <Router base="/console">
          <Shell>
            <Pages />
          </Shell>
        </Router>
      </LiveProvider>
    </QueryClientProvider>
  );
}

// Each page has its key, so that going from one letter to another begins anew.
function Pages() {
  return (
    <Switch>
      <Route path="/">{() => <OverviewPage />}</Route>
      <Route path="/sagas">{() => <SagasPage />}</Route>
      <Route path="/sagas/:id">{({ id }) => <SagaPage key={id} sagaId={id} />}</Route>
      <Route path="/parked">{() => <ParkedPage />}</Route>
      <Route path="/dead-letters">{() => <GroupsPage />}</Route>
      <Route path="/dead-letters/groups/:id">{({ id }) => <GroupPage key={id} errorGroup={id} />}</Route>
      <Route path="/dead-letters/:id">{({ id }) => <LetterPage key={id} letterId={Number(id)} />}</Route>
      <Route path="/dead-letters/:id/edit">
        {({ id }) => <EditLetterPage key={id} letterId={Number(id)} />}
      </Route>
      <Route path="/replays/:id">{({ id }) => <ReplayPage key={id} replayId={Number(id)} />}</Route>
      <Route path="/locks">{() => <LocksPage />}</Route>
      <Route path="/doctor">{() => <DoctorPage />}</Route>
      <Route path="/audit">{() => <AuditPage />}</Route>
      <Route>{() => <PageTitle title="There is no such page" />}</Route>
    </Switch>
  );
}
