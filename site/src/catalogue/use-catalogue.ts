import type { Client } from '@holdfast/client/client';
import { dataOf } from '@holdfast/client/problem';
import type { Concert, Performance } from '@holdfast/client/types';
import { useQuery } from '@tanstack/react-query';
import { useClient } from '../api/connection.tsx';

/** A page's worth: who sells more than five hundred concerts needs a search, not a list. */
const limit = 500;
const staleTime = 60_000;

export function useConcerts() {
  const client = useClient();
  return useQuery({
    queryKey: ['concerts'],
    queryFn: async (): Promise<Concert[]> =>
      (await dataOf(client.GET('/v1/concerts', { params: { query: { limit } } }))).items,
    staleTime,
  });
}

export function useConcert(concertId: string) {
  const client = useClient();
  return useQuery({
    queryKey: ['concert', concertId],
    queryFn: () => dataOf(client.GET('/v1/concerts/{concertId}', { params: { path: { concertId } } })),
    staleTime,
  });
}

export function usePerformances(concertId: string) {
  const client = useClient();
  return useQuery({
    queryKey: ['performances', concertId],
    queryFn: () => performancesOf(client, concertId),
    staleTime,
  });
}

const performancesOf = async (client: Client, concertId: string): Promise<Performance[]> => {
  const params = { path: { concertId }, query: { limit } };
  return (await dataOf(client.GET('/v1/concerts/{concertId}/performances', { params }))).items;
};
