import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import type { Overview } from '../api/types.ts';
import { followOverview, type LiveState } from './follow.ts';

/** How many seconds the charts look back. */
export const historyLength = 120;

type Live = { state: LiveState; overview: Overview | undefined; history: readonly Overview[] };

const LiveContext = createContext<Live>({ state: { is: 'connecting' }, overview: undefined, history: [] });

export const useLive = (): Live => useContext(LiveContext);

/** One stream for the whole console, whatever page is open. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<LiveState>({ is: 'connecting' });
  const [history, setHistory] = useState<readonly Overview[]>([]);

  useEffect(() => {
    const left = new AbortController();
    void followOverview({
      signal: left.signal,
      onState: setState,
      onOverview: (overview) => setHistory((before) => [...before.slice(1 - historyLength), overview]),
    });
    return () => left.abort();
  }, []);

  return <LiveContext value={{ state, overview: history.at(-1), history }}>{children}</LiveContext>;
}
