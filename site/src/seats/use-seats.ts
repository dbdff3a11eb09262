import { dataOf } from '@holdfast/client/problem';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useClient } from '../api/connection.tsx';
import { followSeats } from './follow-seats.ts';
import { type Plan, planOf } from './plan.ts';
import { createStatuses, type Statuses } from './statuses.ts';

export type Seats = { plan: Plan; statuses: Statuses; live: boolean };

const keyOf = (performanceId: string) => ['seat-map', performanceId];

/** Where a performance's seats are. */
export function usePlan(performanceId: string) {
  const client = useClient();
  return useQuery({
    queryKey: keyOf(performanceId),
    queryFn: async () => {
      const path = { performanceId };
      return planOf(
        await dataOf(client.GET('/v1/performances/{performanceId}/seat-map', { params: { path } })),
      );
    },
    staleTime: Number.POSITIVE_INFINITY,
    // It is large, and made anew only when it is another.
    structuralSharing: false,
  });
}

/** The seats of a performance, live; undefined until they are there. */
export function useSeats(performanceId: string): { seats: Seats | undefined; error: unknown } {
  const client = useClient();
  const queries = useQueryClient();
  const [live, setLive] = useState(false);
  const [loaded, setLoaded] = useState<Statuses>();
  const { data: plan, error } = usePlan(performanceId);
  const version = plan?.version;

  useEffect(() => {
    if (version === undefined) return;
    const ended = new AbortController();
    const statuses = createStatuses();
    const unsubscribe = statuses.subscribe(() => setLoaded(statuses));
    void followSeats(client, {
      performanceId,
      version,
      statuses,
      signal: ended.signal,
      onLive: setLive,
      onOtherLayout: () => void queries.invalidateQueries({ queryKey: keyOf(performanceId) }),
    });
    return () => {
      ended.abort();
      unsubscribe();
      setLoaded(undefined);
    };
  }, [client, queries, performanceId, version]);

  const seats = useMemo(() => plan && loaded && { plan, statuses: loaded, live }, [plan, loaded, live]);
  return { seats, error };
}

/** Renders anew whenever a seat has changed. */
export const useRevision = (statuses: Statuses): number =>
  useSyncExternalStore(statuses.subscribe, statuses.revision);
