import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ProblemNotice } from './notice.tsx';

/** What was asked for, once it is there; what was there stays while it is asked for again. */
export function Loaded<T>(props: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { data, error, refetch } = props.query;
  return (
    <>
      {error && (
        <ProblemNotice problem={error}>
          <button type="button" onClick={() => void refetch()}>
            Try again
          </button>
        </ProblemNotice>
      )}
      {data !== undefined && props.children(data)}
      {data === undefined && !error && <p className="loading">Loading …</p>}
    </>
  );
}
