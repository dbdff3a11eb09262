import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/types.ts';
import { count } from './format.ts';
import { ProblemNotice } from './notice.tsx';

/** A list that goes on by its cursor. While only its first page is shown it is kept up to date. */
export function Pages<Item>(props: {
  queryKey: QueryKey;
  load: (cursor: string | undefined) => Promise<Page<Item>>;
  refreshMs?: number;
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}) {
  const { refreshMs } = props;
  const query = useInfiniteQuery({
    queryKey: props.queryKey,
    queryFn: ({ pageParam }) => props.load(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (refreshMs && (state.data?.pages.length ?? 1) < 2 ? refreshMs : false),
  });
  const items = query.data?.pages.flatMap((page) => page.items);
  return (
    <div className="pages" aria-busy={query.isFetching}>
      {query.error && <ProblemNotice problem={query.error} />}
      {items === undefined && !query.error && <p className="loading">Loading …</p>}
      {items?.length === 0 && !query.hasNextPage && props.empty}
      {items && items.length > 0 && props.children(items)}
      {items && (items.length > 0 || query.hasNextPage) && (
        <p className="more">
          <span>
            {count(items.length)} shown{query.hasNextPage ? '' : ', that is all'}
          </span>
          {query.hasNextPage && (
            <button type="button" disabled={query.isFetching} onClick={() => void query.fetchNextPage()}>
              Show more
            </button>
          )}
          <button type="button" className="quiet" onClick={() => void query.refetch()}>
            Refresh
          </button>
        </p>
      )}
    </div>
  );
}
