import { dataOf } from '@holdfast/client/problem';
import type { BalanceEntries } from '@holdfast/client/types';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useClient } from '../api/connection.tsx';

export function useBalance() {
  const client = useClient();
  return useQuery({
    queryKey: ['balance'],
    queryFn: async () => (await dataOf(client.GET('/v1/balance'))).balance,
  });
}

/** What has made the balance what it is, the newest first. */
export function useEntries() {
  const client = useClient();
  return useInfiniteQuery({
    queryKey: ['balance', 'entries'],
    queryFn: ({ pageParam: cursor }): Promise<BalanceEntries> =>
      dataOf(
        client.GET('/v1/balance/entries', {
          params: { query: { limit: 20, ...(cursor !== undefined && { cursor }) } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}
